"""A complaint with its chronology and its exhibits, as one document."""
