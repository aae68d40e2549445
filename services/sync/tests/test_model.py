"""Two agents of a city, its operator, a worker and a follower in any order, against a dictionary (model.py).

Whatever is pushed, in whatever order of parts, repeated, interrupted at any effect of any request and of the worker, approved or
put aside: the same records, versions, verdicts and feed. Every request is made again under its key when it was interrupted.
"""

import asyncio
import copy
import hashlib
import itertools
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.sync.applying import withdrawals as withdrawals_module
from services.sync.applying import worker as worker_module
from services.sync.applying.verdicts import counted
from services.sync.intake import commands
from services.sync.intake.batch import Mode
from services.sync.records.following import Following
from services.sync.records.record import record_of
from services.sync.tests.builders import AT, line
from services.sync.tests.memory import Memory, Power, PowerCut, work
from services.sync.tests.model import Model, Row
from services.sync.wire import CoordinateSystem
from shared.access.checking import Caller
from shared.aggregates.attempts import Attempt
from shared.events.accounts import Role
from shared.events.sync import Kind, RecordState
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

CITY = Jurisdiction.NANTONG
OPERATOR = Caller("operator", frozenset({(Role.CITY_OPERATOR, CITY)}))
AGENTS = [Caller(agent_id=name, agent_jurisdiction=CITY) for name in ("agent-1", "agent-2")]

IDS = st.sampled_from([f"R{n}" for n in range(7)])
TEXTS = st.sampled_from(["甲", "甲", "甲", "乙", None, ""])
ROWS = st.lists(st.tuples(IDS, TEXTS), min_size=1, max_size=9) | st.lists(IDS, min_size=4, unique=True).map(
    lambda names: [(name, "甲") for name in names]
)
"""Anything, or most of what stands there as it is."""
CUT = st.none() | st.integers(0, 30)
"""The effect at which the power goes, counted from the beginning of the request."""


@pytest.fixture(autouse=True, scope="module")
def _small_chunks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker_module, "CHUNK_ROWS", 3)
        patch.setattr(withdrawals_module, "PIECE_RECORDS", 2)
        yield


@dataclass
class Pushed:
    """A batch as an agent knows it."""

    id: str
    kind: Kind
    mode: Mode
    dry_run: bool
    rows: list[Row]
    bound: int | None = None


def body_of(rows: Sequence[Row]) -> bytes:
    """The rows on the wire."""
    return b"\n".join(_line(name, text) for name, text in rows)


def _line(name: str, text: str | None) -> bytes:
    if text is None:
        return b'{"source_id":"%s","_deleted":true}' % name.encode()
    return line(source_id=name, summary=text) if text else line(source_id=name, title="")


class Syncing(RuleBasedStateMachine):
    """`opened` batches have all their parts; `committed` ones wait for the worker, `waiting` ones for the operator."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory(Power())
        self.models = {Kind.PLATFORM: Model(), Kind.POLICY: Model()}
        self.opened: list[Pushed] = []
        self.committed: list[Pushed] = []
        self.waiting: list[Pushed] = []
        self.made: list[Callable[[], Awaitable[Any]]] = []
        self.keys = itertools.count()
        self.following = Following()
        self.followed: dict[tuple[str, str], tuple[int, str | None]] = {}

    @initialize()
    def begin(self) -> None:
        """Some records stand there, so that a snapshot has something to withdraw."""
        rows: list[Row] = [(f"R{n}", "甲") for n in range(7)]
        self._open(AGENTS[0], Kind.PLATFORM, "delta", False, [rows[:4], rows[4:]], [0, 1], None)
        self._commit(AGENTS[0], self.opened.pop(), None)
        self.apply(set())

    @rule(
        agent=st.sampled_from(AGENTS),
        kind=st.sampled_from([Kind.PLATFORM, Kind.POLICY]),
        mode=st.sampled_from(["delta", "snapshot"]),
        dry_run=st.sampled_from([False, False, True]),
        parts=st.lists(ROWS, min_size=1, max_size=3),
        at_once=st.booleans(),
        cut=CUT,
        data=st.data(),
    )
    def push_parts(
        self,
        agent: Caller,
        kind: Kind,
        mode: Mode,
        dry_run: bool,
        parts: list[list[Row]],
        at_once: bool,
        cut: int | None,
        data: Any,
    ) -> None:
        """All parts in any order, some of them twice; and its commit, at once or later."""
        numbers = range(len(parts))
        order = data.draw(st.permutations([*numbers, *data.draw(st.lists(st.sampled_from(numbers), max_size=2))]))
        self._open(agent, kind, mode, dry_run, parts, order, cut)
        if at_once:
            self._commit(agent, self.opened.pop(), cut)

    def _open(
        self,
        agent: Caller,
        kind: Kind,
        mode: Mode,
        dry_run: bool,
        parts: Sequence[list[Row]],
        order: Sequence[int],
        cut: int | None,
    ) -> None:
        bodies = [body_of(rows) for rows in parts]
        rows = list(itertools.chain(*parts))
        opened = self._request(
            lambda attempt: commands.open_batch(
                self.memory.intake(),
                agent,
                attempt,
                AT,
                jurisdiction=CITY,
                kind=kind,
                mode=mode,
                dry_run=dry_run,
                coordinates=CoordinateSystem.GCJ02,
                rows=len(rows),
                sha256=hashlib.sha256(b"".join(bodies)).hexdigest(),
                columns={},
            ),
            cut,
        )
        name = opened.state.id
        for part in order:
            self._put(agent, name, part, bodies[part], cut)
        self.opened.append(Pushed(name, kind, mode, dry_run, rows))

    def _put(self, agent: Caller, name: str, part: int, body: bytes, cut: int | None) -> None:
        self._request(
            lambda attempt: commands.put_part(self.memory.intake(), agent, attempt, name, part, body, None), cut
        )

    @precondition(lambda self: self.opened)
    @rule(agent=st.sampled_from(AGENTS), cut=CUT, data=st.data())
    def commit(self, agent: Caller, cut: int | None, data: Any) -> None:
        """Any batch that is complete."""
        self._commit(agent, _taken(self.opened, data), cut)

    def _commit(self, agent: Caller, batch: Pushed, cut: int | None) -> None:
        self._request(lambda attempt: commands.commit_batch(self.memory.intake(), agent, attempt, AT, batch.id), cut)
        self.committed.append(batch)

    @precondition(lambda self: len(self.opened) > 1)
    @rule()
    def commit_all_at_once(self) -> None:
        """Both agents in the same moment."""

        async def both() -> None:
            await asyncio.gather(
                *(
                    commands.commit_batch(self.memory.intake(), agent, self._attempt(), AT, batch.id)
                    for agent, batch in zip(itertools.cycle(AGENTS), self.opened, strict=False)
                )
            )

        asyncio.run(both())
        self.committed += self.opened
        self.opened = []

    @precondition(lambda self: self.waiting)
    @rule(cut=CUT, data=st.data())
    def approve(self, cut: int | None, data: Any) -> None:
        """It may withdraw as many as it was found to."""
        batch = _taken(self.waiting, data)
        batch.bound = self.memory.batches.states[batch.id].withdrawn
        self._request(
            lambda attempt: commands.approve_batch(self.memory.intake(), OPERATOR, attempt, AT, batch.id), cut
        )
        self.committed.append(batch)

    @precondition(lambda self: self.waiting or self.opened)
    @rule(cut=CUT, data=st.data())
    def put_aside(self, cut: int | None, data: Any) -> None:
        """It is gone, and nothing came of it."""
        batch = _taken(self.waiting or self.opened, data)
        self._request(lambda attempt: commands.delete_batch(self.memory.intake(), OPERATOR, attempt, AT, batch.id), cut)
        assert self.memory.batches.states[batch.id].state == "discarded"

    @rule(data=st.data())
    def repeat(self, data: Any) -> None:
        """Any request that was made, under its key: nothing happens. What was put aside meanwhile refuses it."""
        before = self._kept()
        with suppress(Refusal):
            asyncio.run(_awaited(data.draw(st.sampled_from(self.made))))
        assert self._kept() == before

    @rule(limit=st.integers(1, 5))
    def follow(self, limit: int) -> None:
        """A page of the feed."""
        self._read(limit)

    @rule(cuts=st.sets(st.integers(0, 150), max_size=4))
    def apply(self, cuts: set[int]) -> None:
        """The worker does what there is to do, dying now and then."""
        power = self.memory.power
        power.cuts = {power.used + cut for cut in cuts}
        asyncio.run(work(self.memory))
        power.cuts = set()
        for batch in sorted(self.committed, key=lambda each: self.memory.places[each.id].seq):
            self._judge(batch)
        self.committed = []
        while self._read(5):
            pass
        self._agrees_with_the_follower()

    def _judge(self, batch: Pushed) -> None:
        model, kept = self.models[batch.kind], self.memory.batches.states[batch.id]
        asks = batch.mode == "snapshot" and not batch.dry_run and model.must_ask(batch.rows, batch.bound)
        if asks:
            assert (kept.state, kept.withdrawn) == ("awaiting_approval", len(model.lacks(batch.rows)))
            self.waiting.append(batch)
            return
        model = copy.deepcopy(model) if batch.dry_run else model
        verdicts, withdrawn = model.apply(self.memory.places[batch.id].seq, batch.rows, batch.mode)
        outcomes = self.memory.receipt(batch.id)
        assert [each.verdict for each in outcomes] == verdicts
        assert kept.state == ("verified" if batch.dry_run else "applied")
        assert (kept.counts, kept.withdrawn) == (counted(outcomes), withdrawn)

    @invariant()
    def records_are_those_of_the_model(self) -> None:
        if self.committed:
            return
        for kind, model in self.models.items():
            found = map(record_of, self.memory.current.documents.values())
            records = {each.state.source_id: each for each in found if each.state.kind == kind}
            assert {name: each.version for name, each in records.items()} == model.versions
            standing = {name: each.state.summary for name, each in records.items() if not each.state.deleted}
            assert standing == model.standing

    def _agrees_with_the_follower(self) -> None:
        """What he was told, and what readers of the log have, is what stands; what was gone before he joined he never saw."""
        for kind, model in self.models.items():
            got = {name: told for (of, name), told in self.followed.items() if of == kind}
            assert {name: text for name, (_, text) in got.items() if text is not None} == model.standing
            assert {name: version for name, (version, _) in got.items()}.items() <= model.versions.items()
            assert {each.subject.rpartition("/")[2]: each.version for each in self._published(kind)} == model.versions

    def _published(self, kind: Kind) -> list[Any]:
        """The highest version of every record in the log."""
        found = [each for each in self.memory.log if isinstance(each.data, RecordState) and each.data.kind == kind]
        return sorted(found, key=lambda each: each.version)

    def _read(self, limit: int) -> bool:
        feed = self.memory.feed()
        changes, self.following = asyncio.run(feed.read(self.following, lambda _: True, limit))
        for each in changes:
            key, text = (each.state.kind, each.state.source_id), None if each.state.deleted else each.state.summary
            assert self.followed.get(key, (0,))[0] < each.version, "seen twice, or an older one later"
            self.followed[key] = (each.version, text)
        return bool(changes)

    def _request(self, make: Callable[[Attempt], Awaitable[Any]], cut: int | None) -> Any:
        """Makes it, and again under the same key when the process died meanwhile."""
        attempt, power = self._attempt(), self.memory.power
        self.made.append(lambda: make(attempt))
        power.cuts = set() if cut is None else {power.used + cut}
        try:
            return asyncio.run(_awaited(self.made[-1]))
        except PowerCut:
            return asyncio.run(_awaited(self.made[-1]))
        finally:
            power.cuts = set()

    def _attempt(self) -> Attempt:
        number = next(self.keys)
        return Attempt("someone", f"key-{number}", f"digest-{number}")

    def _kept(self) -> Any:
        memory = self.memory
        states = dict(memory.batches.states)
        return copy.deepcopy((states, memory.places, memory.bodies, memory.current.documents, len(memory.log)))


def _taken(batches: list[Pushed], data: Any) -> Pushed:
    return batches.pop(data.draw(st.integers(0, len(batches) - 1)))


async def _awaited(make: Callable[[], Awaitable[Any]]) -> Any:
    return await make()


def test_everything_that_two_agents_an_operator_and_a_follower_do_comes_out_as_in_a_dictionary() -> None:
    run_state_machine_as_test(Syncing, settings=settings(max_examples=60, stateful_step_count=20, deadline=None))
