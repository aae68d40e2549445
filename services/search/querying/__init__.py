"""What a visitor looks for and what answers it: searches, suggestions, the map and single items."""
