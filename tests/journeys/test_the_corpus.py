"""Every file of the corpus meets exactly its verdicts on the platform itself, uploaded and pushed by the agent alike.

As dry runs, so that each finds its list as it was.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from services.sync.agent import push as pushing
from services.sync.agent.client import Client, Patience
from services.sync.agent.signing import Signature
from services.sync.rows.errors import UnreadableError
from shared.values.states import BatchModes
from tests.client import Answer, Api, Json, Someone, until
from tests.security.signed import Agent
from tests.services.sync.corpus import verdict
from tests.services.sync.corpus.file import File
from tests.services.sync.corpus.files import FILES
from tests.stack import Stack

CITY, COORDINATES = "nantong", "gcj02"
SHARES = [pytest.param(12, id="one of twelve"), pytest.param(1, id="all", marks=pytest.mark.slow)]
_PATIENCE_S = 120


@pytest.fixture
def patient(stack: Stack) -> Iterator[Api]:
    """Who waits until a file is read, also behind others."""
    api = Api(stack.base_url, timeout=_PATIENCE_S)
    yield api
    api.close()


@pytest.mark.parametrize("share", SHARES)
def test_an_uploaded_file_meets_its_verdicts(patient: Api, share: int) -> None:
    clerk = patient.as_(f"operator-{CITY}")
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda file: uploaded(clerk, file), FILES[::share]))
    assert dict(outcomes) == {file.name: expected(file) for file in FILES[::share]}


@pytest.mark.parametrize("share", SHARES)
def test_a_file_that_the_agent_pushes_meets_its_verdicts(api: Api, stack: Stack, tmp_path: Path, share: int) -> None:
    agent = Agent.register(api, stack.base_url, CITY)
    with Client(stack.base_url, Signature(agent.key, agent.key_id), Patience(_PATIENCE_S, print)) as client:
        outcomes = {file.name: pushed(client, file, tmp_path) for file in FILES[::share]}
    assert outcomes == {file.name: expected(file)["verdicts"] for file in FILES[::share]}


def expected(file: File) -> Json:
    """The verdicts and how many notes there are; of a file that is refused, the words for it."""
    return {"verdicts": list(file.verdicts) or file.refused, "notes": 0 if file.refused else len(file.notes)}


def uploaded(clerk: Someone, file: File) -> tuple[str, Json]:
    """What became of the file, as `expected` says it."""
    said = {"jurisdiction": CITY, "kind": file.kind, "mode": "delta", "dry_run": "true", "coordinates": COORDINATES}
    more = {"encoding": file.encoding or "", "mapping": file.mapping}
    answer = clerk.request("POST", "sync/uploads", data={**said, **more}, files={"file": (file.name, file.content)})
    if answer.status != 202:
        return file.name, {"verdicts": refusal(answer, file), "notes": 0}
    batch = until(lambda: finished(clerk, answer.body["id"]), seconds=_PATIENCE_S)
    rows = clerk.get(f"sync/batches/{batch['id']}/rows", params={"limit": 100}).expect(200)["items"]
    assert all(words in note for words, note in zip(file.notes, batch["notes"], strict=False)), batch["notes"]
    return file.name, {"verdicts": verdict.said(map(told, rows)), "notes": len(batch["notes"])}


def finished(clerk: Someone, batch_id: str) -> Json:
    batch = clerk.get(f"sync/batches/{batch_id}").expect(200)
    return batch if batch["state"] == "verified" else None


def refusal(answer: Answer, file: File) -> str:
    """The words that were expected, where they are among those that were said."""
    detail = str(answer.body["detail"])
    return file.refused if file.is_refused_with(detail) else f"{answer.code}: {detail}"


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the receipt without what there is nothing to say of."""
    return {name: value for name, value in row.items() if value is not None}


def pushed(client: Client, file: File, folder: Path) -> Json:
    """The verdicts on what the agent sends of it, or the words with which it refuses to."""
    try:
        prepared, headers = verdict.read(file, folder, [])
    except UnreadableError as error:
        return file.refused if file.is_refused_with(str(error)) else str(error)
    order = pushing.order(
        client.server, CITY, headers.kind, True, COORDINATES, headers.columns, BatchModes.DELTA, prepared
    )
    journal = pushing.journal_of(order, prepared, folder)
    batch = pushing.push(client, order, prepared, journal, lambda *_: None)
    journal.finish()
    return verdict.said(told(each.model_dump(by_alias=True)) for each in client.rows(batch.id))
