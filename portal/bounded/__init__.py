"""Work on what strangers send, done in child processes within bounds."""
