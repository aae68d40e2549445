"""The city's own platform 城市平台: where one tap on its station leads, as its operator or the alliance said."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Aggregates, Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.beginning import change_or_begin
from shared.aggregates.decisions import Decision
from shared.aggregates.stored_state import Kept
from shared.values.jurisdictions import Jurisdiction

_WRONG = "应为 https:// 开头的完整网址，如 https://kjj.example.gov.cn/，不含空格、汉字和用户名"


def _https(text: str) -> str:
    """An address that a browser reads as we do: https, a host name with a dot, no user, printable ASCII alone."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise PydanticCustomError("bad_format", _WRONG) from None
    plain = text.isascii() and text.isprintable() and not set(text) & set(' \\"<>^`{|}')
    named = "." in (parts.hostname or "").strip(".") and "@" not in parts.netloc and port != 0
    if not (plain and named and text.startswith("https://")):
        raise PydanticCustomError("bad_format", _WRONG)
    return text


Address = Annotated[str, Field(max_length=500), AfterValidator(_https)]


class Portal(Kept):
    """`id` is the jurisdiction; `portal_url` null: none, or taken away again."""

    id: Jurisdiction
    portal_url: str | None = None
    set_by: str | None = None
    set_at: datetime | None = None


async def set_portal(
    portals: Aggregates[Portal],
    caller: Caller,
    attempt: Attempt,
    at: datetime,
    jurisdiction: Jurisdiction,
    portal_url: str | None,
) -> Stored[Portal]:
    """From now on the city's station leads there; null: nowhere."""
    check("sync.set-portal", caller, Facts(jurisdiction=jurisdiction))

    def decide(before: Portal) -> Decision[Portal] | None:
        if before.portal_url == portal_url:
            return None
        after = Portal(id=jurisdiction, portal_url=portal_url, set_by=caller.id, set_at=at)
        return Decision(after, "set-portal", caller.id, None)

    return await change_or_begin(portals, Portal(id=jurisdiction), decide, attempt)


async def addresses(portals: Aggregates[Portal]) -> dict[Jurisdiction, str]:
    """Those that are set."""
    return {each.state.id: each.state.portal_url for each in await portals.where({}) if each.state.portal_url}
