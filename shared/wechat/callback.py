"""The messages that WeChat pushes, as typed events: JSON or XML, one item or several, numbers or strings.

In XML the items stand under SubscribeMsgPopupEvent (ChangeEvent, SentEvent); in JSON `List` stands on top and is an
object when it holds one item. A document type definition in XML is refused.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring


class BadMessage(Exception):
    """A pushed body that is neither the JSON nor the XML WeChat sends, or that carries a DTD."""


@dataclass(frozen=True)
class PushedItem:
    """One item of one pushed event. `key` is the same when WeChat repeats it."""

    appid: str
    openid: str = field(repr=False)
    at: datetime
    event: str
    subject: str

    @property
    def key(self) -> str:
        """What WeChat's repeats have in common."""
        return f"{self.appid}/{self.openid}/{self.at.timestamp():.0f}/{self.event}/{self.subject}"


@dataclass(frozen=True)
class ConsentGiven(PushedItem):
    """A person answered the question whether to be told (popup), or changed the answer in the settings (change)."""

    template_id: str
    status: str
    """As WeChat says it, such as `accept`, `acceptWithAudio` or `reject`; there may be more tomorrow."""


@dataclass(frozen=True)
class MessageSent(PushedItem):
    """What became of a subscribe message that WeChat had accepted; `error_code` 0 is success."""

    template_id: str
    msgid: int | None
    error_code: int


_DEEPEST = 8
_EARLIEST, _LATEST = 2000, 2200
_LARGEST = 2**63

Pushed = ConsentGiven | MessageSent
Fields = dict[str, Any]

_LISTS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}


def fields_of(body: bytes) -> Fields:
    """The fields of a JSON or XML body, lists of one unified with lists of several. BadMessage when it is neither.

    Nested no deeper than WeChat nests, and of text that can be stored: half a surrogate pair cannot.
    """
    fields = _from_xml(body) if body.lstrip().startswith(b"<") else _from_json(body)
    _storable(fields, _DEEPEST)
    return fields


def _storable(value: Any, depth: int) -> None:
    if depth == 0:
        raise BadMessage("nested too deep")
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= each <= "\udfff" for each in value):
            raise BadMessage("a text that is none")
    elif isinstance(value, int | float):
        if not -_LARGEST < value < _LARGEST:
            raise BadMessage("a number beyond 64 bits")
    elif isinstance(value, dict):
        for name, each in value.items():
            _storable(name, depth - 1)
            _storable(each, depth - 1)
    elif isinstance(value, list):
        for each in value:
            _storable(each, depth - 1)


def items_of(fields: Fields, appid: str) -> list[Pushed]:
    """The events in a decrypted message; none when we do not follow its kind. BadMessage when it is damaged."""
    event = str(fields.get("Event", ""))
    reader = _READERS.get(event)
    if reader is None:
        return []
    try:
        at = datetime.fromtimestamp(int(fields["CreateTime"]), UTC)
        if not _EARLIEST < at.year < _LATEST:  # times are added to it, which ends with the calendar
            raise ValueError("a time of another age")
        origin = (appid, str(fields["FromUserName"]), at, event)
        return [reader(origin, item) for item in _listed(fields, event)]
    except (KeyError, ValueError, TypeError, OverflowError, OSError) as error:
        raise BadMessage("an event without what it must carry") from error


def _listed(fields: Fields, event: str) -> list[Fields]:
    items = fields.get("List")
    if items is None:
        items = fields[_LISTS[event]]["List"]
    listed = items if isinstance(items, list) else [items]
    if not all(isinstance(item, dict) for item in listed):
        raise ValueError("List holds what is no item")
    return listed


Origin = tuple[str, str, datetime, str]


def _consent(origin: Origin, item: Fields) -> ConsentGiven:
    template_id = str(item["TemplateId"])
    return ConsentGiven(*origin, template_id, template_id, str(item["SubscribeStatusString"]))


def _sent(origin: Origin, item: Fields) -> MessageSent:
    msgid = _number(item["MsgID"]) if item.get("MsgID") else None
    template_id = str(item["TemplateId"])
    return MessageSent(*origin, str(msgid or template_id), template_id, msgid, _number(item["ErrorCode"]))


def _number(value: Any) -> int:
    number = int(value)
    if not -_LARGEST < number < _LARGEST:
        raise ValueError("a number beyond 64 bits")
    return number


_READERS: dict[str, Callable[[Origin, Fields], Pushed]] = {
    "subscribe_msg_popup_event": _consent,
    "subscribe_msg_change_event": _consent,
    "subscribe_msg_sent_event": _sent,
}


def _from_json(body: bytes) -> Fields:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadMessage("the body is not JSON") from error
    if not isinstance(fields, dict):
        raise BadMessage("the body is not a JSON object")
    return fields


def _from_xml(body: bytes) -> Fields:
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadMessage("XML with a DTD or entities") from error
    except (ParseError, ValueError, LookupError) as error:
        raise BadMessage("the body is not XML") from error
    fields = _element(root, _DEEPEST)
    if not isinstance(fields, dict):
        raise BadMessage("the XML holds no fields")
    return fields


def _element(element: Element, depth: int) -> Any:
    if depth == 0:
        raise BadMessage("nested too deep")
    if not len(element):
        return element.text or ""
    fields: Fields = {}
    for child in element:
        value = _element(child, depth - 1)
        if child.tag not in fields:
            fields[child.tag] = value
        elif isinstance(fields[child.tag], list):
            fields[child.tag].append(value)
        else:
            fields[child.tag] = [fields[child.tag], value]
    return fields
