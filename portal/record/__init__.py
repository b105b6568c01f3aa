"""The public record: how organisations answer, counted so that nobody who asked is found in it."""
