"""Collects hits for a digest, which stays in the ledger until its morning comes."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from services.notifications.digests.domain import Digest, Found, following, known_as
from services.notifications.names import Recipient
from services.notifications.sending import delivery as rules
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.queueing import Queueing
from shared.mongo import DuplicateKeyError

Write = Callable[[Digest], dict[str, str]]


async def collect(
    queueing: Queueing, row: Delivery, recipient: Recipient, found: Found, morning: datetime, write: Write
) -> None:
    """Puts it into the digest of that morning, or of the first one after it that still collects.

    Coming again, it is found where it is: a digest that did not take it once never takes it later.
    """
    while True:
        digest_id = queueing.names.delivery_id(known_as(morning), recipient, row.template)
        if await _is_held(queueing, rules.begin_digest(row, digest_id, morning, found), found, write):
            return
        morning = following(morning)


async def _is_held(queueing: Queueing, digest: Delivery, found: Found, write: Write) -> bool:
    """Whether the digest holds it now. The first thing that is found makes the row."""
    rows = queueing.ledger.rows
    try:
        await rows.create(rules.queue(digest))
    except DuplicateKeyError:
        kept = (await rows.change(digest.id, partial(rules.collect, found=found, write=write))).state
        return kept.digest is not None and kept.digest.holds(found.event_id)
    return True
