"""A pytest plugin: no property test fails because an example took long, since the first example pays for imports."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
