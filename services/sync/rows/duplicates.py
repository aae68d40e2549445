"""Rows of one list that have the same id: the last one counts."""

from collections.abc import Iterable

from services.sync.rows.rejections import NOTES


def winners(source_ids: Iterable[str | None]) -> dict[int, int]:
    """For each row (from 1) whose source_id comes again in the batch: the number of the last row that carries it."""
    rows: dict[str, list[int]] = {}
    for row, source_id in enumerate(source_ids, 1):
        if source_id is not None:
            rows.setdefault(source_id, []).append(row)
    return {row: same[-1] for same in rows.values() for row in same[:-1]}


def superseded(source_id: str, row: int) -> str:
    """What the clerk is told of a row that counts for nothing, since row `row` has the same id."""
    return NOTES["superseded_in_batch"].format(source_id=source_id, row=row)
