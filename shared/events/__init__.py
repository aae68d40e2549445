"""The contracts: every event and command on the bus, one file per producer, all listed in `catalogue.py`.

Importing one of them loads no other: the city's agent needs what sync tells, and nothing of the server.
"""
