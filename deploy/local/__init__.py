"""What `make up` starts: every part of the system on one machine, from wheels, under one supervisor."""
