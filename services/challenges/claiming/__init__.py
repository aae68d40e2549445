"""Claiming 揭榜: claims from their draft to the deadline, sealed from the start."""
