"""The law: its records, its holidays, its deadlines, its routes."""
