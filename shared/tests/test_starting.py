"""A process starts in whatever state the database is, and waits for it instead of dying and being started again."""

from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from shared import mongo
from shared.runtime import service as runtime
from shared.runtime.service import Service
from shared.settings import Settings

_OUT_OF_DISK_SPACE, _BAD_VALUE = 14031, 2


class Failing:
    """A read model whose start, and a preparation, fail so many times."""

    def __init__(self, code: int, times: int) -> None:
        self.code, self.left, self.done = code, times, 0
        self.consumers = ()

    async def start(self) -> None:
        if self.left:
            self.left -= 1
            raise OperationFailure("No space left on device", self.code)
        self.done += 1


def starting(monkeypatch: pytest.MonkeyPatch, home: Path, model: Failing, preparation: Failing) -> Service:
    """A service with these two and nothing that needs a server."""

    async def nothing(*_: Any) -> bool:
        return True

    made = Service("sync", Settings(home=home))
    monkeypatch.setattr(runtime, "_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(mongo, "is_up", nothing)
    parts = ((made.bus, "start"), (made.log_watch, "begin"), (made.tokens.keys, "run"), (made.revocations, "run"))
    for part, name in parts:
        monkeypatch.setattr(part, name, nothing)
    made.consumers, made._jobs = [], []
    made._preparations = [preparation.start]
    made.read_models["things"] = model  # type: ignore[assignment]
    return made


async def test_a_start_on_a_full_disk_waits_for_space(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model, preparation = Failing(_OUT_OF_DISK_SPACE, 3), Failing(_OUT_OF_DISK_SPACE, 3)
    service = starting(monkeypatch, tmp_path, model, preparation)
    await service._start()
    assert (service.ready, model.done, preparation.done) == (True, 1, 1)


async def test_a_start_that_can_never_work_ends_the_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    service = starting(monkeypatch, tmp_path, Failing(_BAD_VALUE, 1), Failing(_OUT_OF_DISK_SPACE, 0))
    with pytest.raises(OperationFailure):
        await service._start()
    assert not service.ready
