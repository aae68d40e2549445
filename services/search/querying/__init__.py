"""Searches, suggestions, the map and single items."""
