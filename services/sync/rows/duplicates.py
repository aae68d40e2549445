"""Rows of one list that have the same id: the last one counts."""

from collections.abc import Iterable

from services.sync.rows.places import At
from services.sync.rows.rejections import NOTES


def winners(source_ids: Iterable[str | None]) -> dict[int, int]:
    """For each row (from 1) whose source_id comes again in the batch: the number of the last row that carries it."""
    rows: dict[str, list[int]] = {}
    for row, source_id in enumerate(source_ids, 1):
        if source_id is not None:
            rows.setdefault(source_id, []).append(row)
    return {row: same[-1] for same in rows.values() for row in same[:-1]}


def superseded(source_id: str, row: int, at: At | None) -> str:
    """What the clerk is told of a row that counts for nothing, since row `row`, which stands there, has the same id."""
    place = f"本批第 {row} 行" if at is None else f"{f'工作表“{at.sheet}”' if at.sheet else ''}第 {at.line} 行"
    return NOTES["superseded_in_batch"].format(source_id=source_id, place=place)
