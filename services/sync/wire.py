"""What a city's agent and the platform have to agree on beyond the events. It imports neither of them."""

from shared.values.open_sets import OpenSet

COVERED = ("@method", "@path", "@query", "content-digest")
"""What a request's signature covers (RFC 9421), in the order in which the agent signs."""


class CoordinateSystem(OpenSet):
    """Which coordinates a city writes; declared once per batch."""

    BD09 = "bd09", "百度坐标 BD-09"
    GCJ02 = "gcj02", "高德和腾讯坐标 GCJ-02"
    WGS84 = "wgs84", "GPS 坐标 WGS-84"
