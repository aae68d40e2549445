"""Which tests stay together on one worker of pytest-xdist: those that share a running system, so that it is started once."""

from xdist.scheduler import LoadScopeScheduling

_SHARED = {
    "stack": ("tests/security/", "tests/journeys/", "tests/faults/"),
    "web": (
        "tests/web/",
    ),  # a system of its own: both together are longer than all else, and the other worker would wait
    "servers": ("tests/laws/", "tests/operators/", "tests/services/"),
}
"""By folder and not by xdist_group: what pytest-xdist 3.8 does for a group has no effect since pytest 9.2."""


class ByRunningSystem(LoadScopeScheduling):
    """Gives a worker all tests of a running system, and of the others one at a time."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """The system that the test shares with others; for a test that shares none, its own id."""
    return next((name for name, folders in _SHARED.items() if nodeid.startswith(folders)), nodeid)
