"""A service that dies, the whole process at once, when it handles a record whose title says so; others it keeps.

`python -m tests.security.deadly`: made of shared/runtime/service.py, as the real ones are.
"""

import os
from collections.abc import Sequence

from shared.events.envelope import Event
from shared.events.sync import RecordState
from shared.messaging.consuming import Subscription
from shared.runtime.service import Service
from shared.runtime.serving import serve
from shared.settings import Settings

TITLE = "deadly"
EXIT_CODE = 13


def build(settings: Settings) -> Service:
    """Consumes `huning.records` under the group `search.deadly`; keeps what it handled in `handled`."""
    service = Service("search", settings, process="deadly")
    handled = service.database["handled"]

    async def handle(events: Sequence[Event]) -> None:
        if any(isinstance(each.data, RecordState) and each.data.title == TITLE for each in events):
            os._exit(EXIT_CODE)
        for each in events:
            await handled.replace_one({"_id": each.id}, {"_id": each.id}, upsert=True)

    service.consume(Subscription("search.deadly", ("huning.records",), handle))
    return service


if __name__ == "__main__":
    serve(build)
