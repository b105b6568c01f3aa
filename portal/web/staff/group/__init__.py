"""The pages of those who work for a group."""
