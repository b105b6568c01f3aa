"""From a route to paper."""
