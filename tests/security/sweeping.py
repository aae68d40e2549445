"""A sweep for something that must be nowhere: every file, topic, collection and answer of a running system.

What is swept for is a mark: a random word. It is looked for as text (UTF-8, UTF-16), in base64 and in hexadecimal.
Files alone would not do: Kafka's batches are compressed, and so may the database's pages and the index's documents be;
topics are read with a consumer, collections with the driver and indexes with tantivy as well.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import httpx2
import tantivy
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient

from shared.access.rules import Rule
from shared.access.table import RULES
from shared.events.topics import TOPICS
from tests import log
from tests.client import Answer, Api
from tests.security.requests import ask, parameters, path
from tests.stack import Stack

ANYTHING = re.compile(b"")
_NAME = re.compile(rb"(?:[0-9a-f-]{36}/)?[0-9a-f]{32,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ENDS_SESSIONS = "accounts.log-out-everywhere"
"""It shows nothing of anybody, and whoever asks could ask nothing more."""
SERVICES = ("accounts", "challenges", "sync", "search", "notifications")


@dataclass(frozen=True)
class Found:
    """Where a mark was found: the kind of place (file, topic, collection, index, wechat) and which one."""

    kind: str
    where: str


def pattern(marks: Iterable[str]) -> re.Pattern[bytes]:
    """Matches each of the marks in any of its forms."""
    forms = {form for mark in marks for form in _forms(mark.encode())}
    return re.compile(b"|".join(re.escape(form) for form in sorted(forms)))


def in_files(stack: Stack, wanted: re.Pattern[bytes]) -> Iterator[Found]:
    """Everything below the stack's folder: segments, database, search indexes, logs, the stand-in's journal."""
    for file in sorted(stack.home.rglob("*")):
        if file.is_file() and wanted.search(_content(str(file))):
            yield Found("file", str(file.relative_to(stack.home)))


def in_topics(stack: Stack, wanted: re.Pattern[bytes], about: re.Pattern[bytes] = ANYTHING) -> Iterator[Found]:
    """Key, value and headers of every record; or of those that are about something."""
    for topic in TOPICS:
        for record in log.records(stack.kafka, topic):
            headers = b"\n".join(value for _, value in record.headers)
            whole = b"\n".join((record.key or b"", record.value or b"", headers))
            if about.search(whole) and wanted.search(whole):
                yield Found("topic", topic)


def in_collections(stack: Stack, wanted: re.Pattern[bytes], about: re.Pattern[bytes] = ANYTHING) -> Iterator[Found]:
    """Every document of every collection of every service; or those that are about something."""
    client: MongoClient[RawBSONDocument] = MongoClient(stack.mongodb, document_class=RawBSONDocument)
    with client:
        for service in SERVICES:
            database = client[f"huning_{service}"]
            for collection in database.list_collection_names():
                documents = [document.raw for document in database[collection].find()]
                if any(about.search(each) and wanted.search(each) for each in documents):
                    yield Found("collection", f"{service}.{collection}")


def names_in(stack: Stack, mark: str) -> set[str]:
    """Ids, hashes and pseudonyms, except the mark itself, in every record and document that has the mark."""
    found: set[bytes] = set()
    for topic in TOPICS:
        for record in log.records(stack.kafka, topic):
            whole = b"\n".join((record.key or b"", record.value or b"", *(value for _, value in record.headers)))
            if mark.encode() in whole:
                found.update(_NAME.findall(whole))
    client: MongoClient[RawBSONDocument] = MongoClient(stack.mongodb, document_class=RawBSONDocument)
    with client:
        for service in SERVICES:
            database = client[f"huning_{service}"]
            for collection in database.list_collection_names():
                for document in database[collection].find():
                    if mark.encode() in document.raw:
                        found.update(_NAME.findall(document.raw))
    return {name.decode() for name in found} - {mark}


def in_indexes(stack: Stack, wanted: re.Pattern[bytes]) -> Iterator[Found]:
    """Every document of every generation of the search index."""
    for folder in sorted(stack.place.data.glob("search/*-*")):
        searcher = tantivy.Index.open(str(folder)).searcher()
        hits = searcher.search(tantivy.Query.all_query(), limit=1_000_000).hits
        values = (value for _, hit in hits for field in searcher.doc(hit).to_dict().values() for value in field)
        if any(wanted.search(value if isinstance(value, bytes) else str(value).encode()) for value in values):
            yield Found("index", folder.parent.name)


def in_answers(
    api: Api, accounts: Iterable[str | None], values: Mapping[str, str], queries: Sequence[Mapping[str, str]]
) -> Iterator[tuple[str, bytes]]:
    """(where, answer with its headers) of every GET of the table as each of these accounts (None: a visitor).

    `values` fill the paths, `queries` are asked of every route; a route that does not know a parameter refuses it, which
    is an answer as well.
    """
    reads = [rule for rule in RULES.values() if rule.method == "GET"]
    for account in accounts:
        who = api.as_(account) if account else api.visitor
        for rule in reads:
            filled = _filled(rule, values)
            for query in ({}, *queries):
                answer = who.get(path(rule, filled), params=query)
                yield f"{rule.action} {dict(query)} as {account}", _whole(answer)


def in_answers_to_writes(
    api: Api, accounts: Iterable[str | None], values: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """The same of every other route of the table; to be asked last, for some of it is done.

    What names a claim is asked as its route accepts it: an empty body would be refused before anybody looks for the
    claim. Everything else gets an empty one, which begins nothing on the challenge that is named.
    """
    writes = [rule for rule in RULES.values() if rule.method != "GET" and rule.action != _ENDS_SESSIONS]
    for account in accounts:
        who = api.as_(account) if account else api.visitor
        for rule in writes:
            filled = _filled(rule, values)
            names_a_claim = "claim_id" in filled
            answer = ask(who, rule, filled) if names_a_claim else who.request(rule.method, path(rule, filled), json={})
            yield f"{rule.action} as {account}", _whole(answer)


def _filled(rule: Rule, values: Mapping[str, str]) -> dict[str, str]:
    return {name: values.get(name, "nothing") for name in parameters(rule)}


def _whole(answer: Answer) -> bytes:
    """Headers and body. A caller that is told to slow down has seen nothing, so nothing would have been swept."""
    assert answer.status != 429, answer.body
    return "\n".join(answer.headers.values()).encode() + b"\n" + answer.raw


def in_wechat(stack: Stack, wanted: re.Pattern[bytes]) -> Iterator[Found]:
    """What the stand-in was sent, and the calls it remembers."""
    for what in ("sent", "log"):
        if wanted.search(httpx2.get(f"{stack.wechat_url}/_control/{what}", trust_env=False).content):
            yield Found("wechat", what)


def _content(name: str) -> bytes:
    """The file's bytes; a file that was removed meanwhile, such as a compacted segment, has none."""
    try:
        with open(name, "rb") as file:  # noqa: PTH123  (Path.read_bytes would stat first; the file may vanish between)
            return file.read()
    except FileNotFoundError:
        return b""


def _forms(mark: bytes) -> Iterator[bytes]:
    yield mark
    yield mark.decode().encode("utf-16-le")
    yield mark.hex().encode()
    yield mark.hex().upper().encode()
    for shift in range(3):
        encoded = base64.b64encode(b"\x00" * shift + mark)
        yield encoded[(0, 2, 3)[shift] : len(encoded) - 4]  # without what depends on the neighbours
