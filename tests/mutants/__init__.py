"""Guards that are taken away one at a time: see __main__.py."""
