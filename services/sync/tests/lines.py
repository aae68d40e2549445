"""What would be sent, looked at."""

import gzip

from services.sync.agent.parts import Prepared


def lines_of(prepared: Prepared) -> list[bytes]:
    """The rows on the wire, in order."""
    return [line for part in prepared.parts for line in gzip.decompress(part.body).splitlines()]
