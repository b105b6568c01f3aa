"""The pages of those who work for the portal."""
