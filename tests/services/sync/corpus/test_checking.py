"""`huning-agent check` finds in every file of the corpus what the platform's receipt will say, word for word."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from services.sync.agent.answers import Row
from services.sync.agent.check import check
from services.sync.rows.errors import UnreadableError
from services.sync.rows.reading import Pushed
from services.sync.tests.builders import batch
from tests.services.sync.corpus import verdict
from tests.services.sync.corpus.file import File
from tests.services.sync.corpus.files import FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_check_says_what_the_receipt_will_say(file: File, tmp_path: Path) -> None:
    if file.refused:
        with pytest.raises(UnreadableError):
            verdict.read(file, tmp_path, [])
        return
    prepared, headers = verdict.read(file, tmp_path, [])
    receipt = verdict.receipt_of([gzip.decompress(part.body) for part in prepared.parts], headers)
    report = check(prepared, Pushed(headers.kind, batch().coordinates, batch().jurisdiction), headers.columns)
    assert report.rejected == tuple(_shown(each) for each in receipt if each["verdict"] == "rejected")
    warned = [_shown({**each, "verdict": "accepted"}) for each in receipt if _warns(each)]
    assert report.warned == tuple(warned)
    assert report.counts["duplicate"] == sum(each["verdict"] == "duplicate" for each in receipt)
    assert sum(report.counts.values()) == prepared.rows


def _shown(row: dict[str, Any]) -> Row:
    return Row.model_validate(row)


def _warns(row: dict[str, Any]) -> bool:
    return row["verdict"] != "rejected" and any("message" in each for each in row.get("normalized", ()))
