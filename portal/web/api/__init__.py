"""The law as data for the programs of others."""
