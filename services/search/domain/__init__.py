"""What can be found, what somebody looks for, and which saved search fits. Pure: no I/O, no clock, no database."""
