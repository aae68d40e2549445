"""Search over challenges and city records, and saved searches."""
