"""People, organisations and roles: who may do what."""
