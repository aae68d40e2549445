"""A reader 收件人: a person at his inbox. The keys under which he read and reported are kept with it."""

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from shared.aggregates.decisions import Decision

_NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)


class Reader(BaseModel):
    """One person, by the everyday name (names.py). He has read what he was told up to `read_up_to`."""

    model_config = ConfigDict(frozen=True)

    id: str
    read_up_to: datetime = _NOTHING_YET


def read_everything(reader: Reader, at: datetime) -> Decision[Reader]:
    """He has read what there is by now, and nothing that comes later, however often he says so."""
    return Decision(reader.model_copy(update={"read_up_to": max(reader.read_up_to, at)}), "read-all", reader.id, None)


def report(reader: Reader) -> Decision[Reader]:
    """He told what the mini-program's dialogue answered; what it means is kept with each consent."""
    return Decision(reader, "report-consents", reader.id, None)
