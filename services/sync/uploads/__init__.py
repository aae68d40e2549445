"""A clerk's file, uploaded: read in a limited child process, taken in as a batch, kept, and given back with its faults marked."""
