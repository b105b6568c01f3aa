"""The files that people attach: proof of sending, and what organisations answered."""
