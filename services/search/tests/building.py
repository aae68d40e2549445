"""Valid events and an index of them; a test changes only what it is about."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.search.indexing.item_index import ItemIndex, Position
from shared.events.challenges import ChallengeState, PosterRef
from shared.events.envelope import Event, event
from shared.events.sync import Kind, RecordState
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction, day_of

AT = datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC)
TODAY = day_of(AT)


def challenge(title: str = "氢燃料电池双极板涂层寿命提升", *, version: int = 4, **changes: Any) -> Event:
    """An event of a published challenge of Suzhou."""
    changes.setdefault("id", new_id())
    changes.setdefault(
        "public", changes.get("state", "published") not in ("draft", "submitted", "returned", "approved")
    )
    changes.setdefault("claimable", changes.get("state", "published") == "published")
    state = ChallengeState.model_validate(
        {
            "state": "published",
            "title": title,
            "public_summary": "双极板涂层寿命",
            "problem": None,
            "indicators": (),
            "jurisdiction": Jurisdiction.SUZHOU,
            "industry": ("氢能",),
            "organization": PosterRef(id="0", name="苏州某氢能公司"),
            "reward_fen": 300_000_000,
            "deadline": AT + timedelta(days=60),
            "period_months": 24,
            "mode": "single",
            "disclosure": "summary",
            "return_reasons": (),
            "published_at": AT,
            "closed_at": None,
            "created_at": AT,
            "updated_at": AT,
            **changes,
        }
    )
    known = state.state if state.state in ("submitted", "returned", "approved", "closed") else "published"
    happened = f"challenge.{'drafted' if state.state == 'draft' else known}"
    return event(happened, state.id, version, state.updated_at, state, jurisdiction="suzhou")


def record(title: str = "南京大学", *, version: int = 1, source_id: str = "1", **changes: Any) -> Event:
    """An event of an institution of Nanjing."""
    state = RecordState.model_validate(
        {
            "jurisdiction": Jurisdiction.NANJING,
            "kind": Kind.INSTITUTION,
            "source_id": source_id,
            "title": title,
            "batch_id": "0",
            "updated_at": AT,
            **changes,
        }
    )
    subject = f"{state.jurisdiction}/{state.kind}/{source_id}"
    happened = "record.deleted" if state.deleted else "record.added"
    return event(happened, subject, version, state.updated_at, state, jurisdiction=state.jurisdiction.value)


def indexed(folder: Path, events: Iterable[Event]) -> ItemIndex:
    """An index of these events, committed."""
    index = ItemIndex(folder)
    index.apply(events)
    index.commit(Position("cluster", {"huning.records/0": 1}, complete=True))
    return index
