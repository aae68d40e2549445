"""Challenges 榜单 and claims 揭榜, from the draft to the deadline."""
