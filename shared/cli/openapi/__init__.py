"""The HTTP contract: the services' OpenAPI documents as one, its examples, and what breaks its clients."""
