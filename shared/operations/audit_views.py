"""What readers of the audit trail are shown, as JSON and as CSV."""

from collections.abc import AsyncIterator

from pydantic import BaseModel, ConfigDict

from shared.events.payload import Instant, rfc3339
from shared.mongo import Document
from shared.operations.audit_trail import Verification
from shared.values.csv_lines import BYTE_ORDER_MARK, csv_line

_COLUMNS = {
    "seq": "序号",
    "at": "时间",
    "actor": "操作者",
    "action": "操作",
    "subject": "对象",
    "jurisdiction": "地区",
    "result": "结果",
    "times": "次数",
    "hash": "本条哈希",
    "previous_hash": "上一条哈希",
}


class EntryView(BaseModel):
    """One entry of the audit trail; `hash` covers all the others, `previous_hash` among them."""

    model_config = ConfigDict(frozen=True)

    seq: int
    at: Instant
    actor: str
    action: str
    subject: str
    jurisdiction: str | None
    result: str
    times: int
    hash: str
    previous_hash: str


class VerificationView(BaseModel):
    """Whether the chain is whole; `broken_at` is the first entry that is not as it was appended."""

    model_config = ConfigDict(frozen=True)

    intact: bool
    entries: int
    head: str
    broken_at: int | None


def entry_view(document: Document) -> EntryView:
    """The entry as a client sees it."""
    return EntryView(seq=document["_id"], **{name: document[name] for name in _COLUMNS if name != "seq"})


def verification_view(found: Verification) -> VerificationView:
    """The verification as a client sees it."""
    return VerificationView(intact=found.intact, entries=found.entries, head=found.head.hash, broken_at=found.broken_at)


async def csv_of(entries: AsyncIterator[Document]) -> AsyncIterator[str]:
    """The entries as lines of a CSV file with Chinese headers; what a spreadsheet would compute is escaped by `'`."""
    yield BYTE_ORDER_MARK + csv_line(_COLUMNS.values())
    async for document in entries:
        shown = {**document, "seq": document["_id"], "at": rfc3339(document["at"])}
        yield csv_line(shown[name] for name in _COLUMNS)
