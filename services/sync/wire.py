"""What a city's agent and the platform have to agree on beyond the events. It imports neither of them."""

from enum import StrEnum

COVERED = ("@method", "@path", "@query", "content-digest")
"""What a request's signature covers (RFC 9421), in the order in which the agent signs."""


class CoordinateSystem(StrEnum):
    """Which coordinates a city writes; declared once per batch."""

    BD09 = "bd09"
    GCJ02 = "gcj02"
    WGS84 = "wgs84"
