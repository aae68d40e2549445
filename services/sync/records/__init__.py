"""The records of the cities as they stand, and how fresh each list is."""
