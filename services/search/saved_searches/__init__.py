"""Searches that people saved, and the items that they are told of."""
