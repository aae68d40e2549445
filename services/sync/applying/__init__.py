"""Committed batches are applied chunk by chunk; the receipt holds the verdict on every row."""
