"""Every file of the corpus meets exactly its verdicts, through the agent's reading and as rows of the API alike."""

import json
from pathlib import Path

import pytest

from services.sync.rows.errors import UnreadableError
from services.sync.rows.files import HowToRead, read_rows
from services.sync.rows.headers import Headers
from services.sync.rows.mapping import Mapping
from tests.services.sync.corpus import verdict
from tests.services.sync.corpus.file import File
from tests.services.sync.corpus.files import FILES


def test_every_file_has_a_name_of_its_own() -> None:
    assert len({file.name for file in FILES}) == len(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_meets_its_verdicts(file: File, tmp_path: Path) -> None:
    notes: list[str] = []
    if file.refused:
        with pytest.raises(UnreadableError) as refused:
            verdict.of_file(file, tmp_path, notes)
        assert file.is_refused_with(str(refused.value))
    else:
        assert verdict.of_file(file, tmp_path, notes) == list(file.verdicts)
    assert len(notes) == len(file.notes)
    assert all(words in note for words, note in zip(file.notes, notes, strict=True))


@pytest.mark.parametrize(
    "file", [each for each in FILES if each.verdicts and not each.mapping], ids=lambda file: file.name
)
def test_its_rows_meet_the_same_verdicts_when_a_program_sends_them(file: File, tmp_path: Path) -> None:
    """But for the lines of the file, which a program does not name."""
    path = tmp_path / file.name
    path.write_bytes(file.content)
    headers = Headers(file.kind, Mapping(), lambda _: None)
    sent = [{**row, "_at": None} for row in headers.rows_of(read_rows(path, HowToRead(file.encoding)))]
    body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in sent).encode()
    expected = ["- " + each.split(" ", 1)[1] for each in file.verdicts]
    assert verdict.of_rows([body], headers) == expected
