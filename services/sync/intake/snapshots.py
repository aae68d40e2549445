"""A snapshot withdraws the records of its list that it lacks. Where these are many, a person of its city says so first.

It is weighed in its place, with the list at rest and before its first row. If it has to wait, its place ends empty, so that it
holds up nobody; when it is approved it gets another place in another round, and is weighed again: what was approved is a number
of withdrawals, and if there are more by then, it waits once more.
"""

from dataclasses import dataclass

from services.sync import problems
from services.sync.intake.batch import Batch, Place
from shared.aggregates.decisions import SYSTEM, Decision
from shared.values.problems import Refusal

MOST = 20
"""So many records are withdrawn without asking, if they are not more than MOST_PERCENT of the list."""
MOST_PERCENT = 20


@dataclass(frozen=True)
class Weighed:
    """A snapshot against its list: `records` stand there, of which it names all but `missing`."""

    records: int
    missing: int


def needs_approval(batch: Batch, weighed: Weighed) -> bool:
    """Whether a person must say first that so much is to be withdrawn. A dry run withdraws nothing."""
    if batch.dry_run or not weighed.missing:
        return False
    if batch.bound is not None:
        return weighed.missing > batch.bound
    return weighed.missing > MOST or 100 * weighed.missing > MOST_PERCENT * weighed.records


def wait(batch: Batch, place: Place, missing: int) -> Decision[Batch] | None:
    """It leaves its place empty until a person decides. Nothing to do when it has left it."""
    if batch.state != "processing" or batch.seq != place.seq:
        return None
    waiting = batch.model_copy(update={"state": "awaiting_approval", "seq": None, "withdrawn": missing})
    return Decision(waiting, "wait", SYSTEM, "batch.waiting")


def approve(batch: Batch, by: str) -> Decision[Batch]:
    """It may withdraw as many as were found, and wants a place again. Refused where nothing waits."""
    if batch.state != "awaiting_approval":
        raise Refusal(problems.BATCH_NOT_WAITING)
    approved = {"state": "processing", "round": batch.round + 1, "bound": batch.withdrawn, "approved_by": by}
    return Decision(batch.model_copy(update=approved), "approve", by, None)
