"""What a batch and its rows are, and what becomes of them. Pure: no I/O, no clock, no database."""
