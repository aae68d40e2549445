"""What the cities push in, row by row."""
