"""What people file and what becomes of it."""
