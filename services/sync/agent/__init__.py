"""`huning-agent`: the city's own command line. Contracts and HTTP, nothing of the server."""
