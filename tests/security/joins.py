"""A sweep for joins: values that stand both beside a person and beside a sealed claim, and so name the claimant without a key.

A record is what stands together: a document, a message of Kafka, a line of a log, a line of metrics. Its values are
times to the millisecond and tokens: ids, hashes, pseudonyms, traces, addresses, and words that nothing else has. An anchor
is a value that is known to mean a person or a claim. From anchors the sweep goes on over tokens that lead to one person
(or one claim) alone, as somebody with the stored data would: an organisation's id leads to an address, the address to a
request, the request to a claim.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_STEPS = 3
"""How many records one may go through from a person, and from a claim, before they have to meet."""
_SYSTEMATIC = 2
"""A millisecond is met by chance; two people whose times are equal in the same two places are no chance."""
_TOKENS = (
    re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),  # ids
    re.compile(r"[0-9a-fA-F]{16,}"),  # hashes, pseudonyms, traces
    re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"),  # addresses
    re.compile(r"[^\s\"]{8,}"),  # any word
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)")
_CLOCK = re.compile(r"\d\d:\d\d:\d\d")
"""A second in words, as in a message: too coarse to name anybody."""


@dataclass(frozen=True)
class Record:
    """What stands together at one place, such as `notifications.inbox` or `gateway.log`."""

    place: str
    tokens: frozenset[str]
    times: frozenset[str]


@dataclass(frozen=True)
class Join:
    """A value that leads from a claim to a person, or from one claim of a person to another, and the places it stands in."""

    value: str
    places: tuple[str, ...]


@dataclass
class Anchors:
    """The values that are known to mean each of some things: by the thing's name."""

    values: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, name: str, *values: str) -> None:
        """These values mean this thing."""
        self.values[name].update(values)

    def by_value(self) -> dict[str, str]:
        """The thing that each value means."""
        return {value: name for name, values in self.values.items() for value in values}


def record(place: str, content: Any) -> Record:
    """From a document, a message or a line: every value at any depth."""
    tokens: set[str] = set()
    times: set[str] = set()
    for value in _leaves(content):
        if isinstance(value, datetime):
            times.update(_time(value))
        elif isinstance(value, bytes):
            tokens.add(value.hex())
        elif isinstance(value, float):
            if value > 1_500_000_000:
                times.update(_time(datetime.fromtimestamp(value, UTC)))
        elif isinstance(value, str):
            for found in _TIME.findall(value):
                times.update(_time(datetime.fromisoformat(found)))
            without_times = _CLOCK.sub(" ", _TIME.sub(" ", value))
            tokens.update(found for pattern in _TOKENS for found in pattern.findall(without_times))
    return Record(place, frozenset(tokens), frozenset(times))


def joins(records: Iterable[Record], people: Anchors, claims: Anchors, owner: Mapping[str, str]) -> list[Join]:
    """Every value that leads from a claim to its owner, or from one claim of a person to another one.

    `owner` names the person of each claim.
    """
    every = list(records)
    owned = Anchors()
    for claim, values in claims.values.items():
        owned.add(owner[claim], *values)
    near_people, near_claims = _reached(every, [people, owned])
    found: list[Join] = []
    for token in near_people.keys() & near_claims.keys():
        one, other = near_people[token], near_claims[token]
        if one.name == other.name:
            found.append(Join(token, (*one.chain, *reversed(other.chain))))
    return sorted(
        {*found, *_equal_times(every, people, claims, owner), *_linked_claims(every, claims, owner)},
        key=lambda join: (len(join.places), join.places, join.value),
    )


@dataclass(frozen=True)
class _Known:
    """The thing that a token leads to, and the records on the way."""

    name: str
    chain: tuple[str, ...] = ()


def _reached(every: list[Record], kinds: list[Anchors]) -> list[dict[str, _Known]]:
    """For each kind of anchors the tokens that lead to one of its things alone.

    A token that several people, or claims, have in common leads to nobody, from whichever side one comes.
    """
    anchors = [{value: _Known(name) for value, name in kind.by_value().items()} for kind in kinds]
    fixed = {value for each in anchors for value in each}
    reached, shared = [dict(each) for each in anchors], set[str]()
    for _ in range(_STEPS):
        for known in reached:
            for token, ways in _beside(every, known).items():
                if token in shared:
                    continue
                if token not in fixed and (len(ways) > 1 or (token in known and known[token].name not in ways)):
                    shared.add(token)
                elif token not in known and len(ways) == 1:
                    known[token] = next(iter(ways.values()))
        for known, each in zip(reached, anchors, strict=True):
            for token in shared & known.keys() - each.keys():
                del known[token]
    return reached


def _beside(every: list[Record], known: Mapping[str, _Known]) -> dict[str, dict[str, _Known]]:
    """For each token the things whose known tokens it stands beside, each with the shortest way there."""
    beside: dict[str, dict[str, _Known]] = defaultdict(dict)
    for each in every:
        shortest: dict[str, _Known] = {}
        for token in each.tokens & known.keys():
            way = _Known(known[token].name, (*known[token].chain, each.place))
            if way.name not in shortest or len(way.chain) < len(shortest[way.name].chain):
                shortest[way.name] = way
        for token in each.tokens if shortest else ():
            beside[token].update({name: way for name, way in shortest.items() if name not in beside[token]})
    return beside


def _equal_times(every: list[Record], people: Anchors, claims: Anchors, owner: Mapping[str, str]) -> Iterator[Join]:
    """Times to the millisecond that stand beside a person and beside their claim, for several people in the same places."""
    met: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    of_people, of_claims = _times_beside(every, people), _times_beside(every, claims)
    for time in of_people.keys() & of_claims.keys():
        for person, place in of_people[time]:
            for claim, other in of_claims[time]:
                if owner[claim] == person:
                    met[(place, other)][person] = time
    for places, times in met.items():
        if len(times) >= _SYSTEMATIC:
            yield from (Join(time, places) for time in times.values())


def _times_beside(every: list[Record], anchors: Anchors) -> dict[str, set[tuple[str, str]]]:
    by_value = anchors.by_value()
    beside: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for each in every:
        names = {by_value[token] for token in each.tokens & by_value.keys()}
        if len(names) == 1:
            for time in each.times:
                beside[time].add((min(names), each.place))
    return beside


def _linked_claims(every: list[Record], claims: Anchors, owner: Mapping[str, str]) -> Iterator[Join]:
    """Tokens that stand beside two claims of one person and beside no claim of anybody else."""
    by_value = claims.by_value()
    beside: dict[str, dict[str, str]] = defaultdict(dict)
    for each in every:
        names = {by_value[token] for token in each.tokens & by_value.keys()}
        for token in each.tokens:
            beside[token].update(dict.fromkeys(names, each.place))
    for token, places in beside.items():
        if len(places) > 1 and len({owner[claim] for claim in places}) == 1:
            first, second, *_ = sorted(places.values())
            yield Join(token, (first, second))


def _leaves(content: Any) -> Iterator[Any]:
    if isinstance(content, Mapping):
        for name, value in content.items():
            yield from _leaves(name)
            yield from _leaves(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _leaves(value)
    else:
        yield content


def _time(moment: datetime) -> Iterator[str]:
    """To the millisecond; a time that was cut to the hour says nothing."""
    at = moment.astimezone(UTC)
    if at.minute or at.second or at.microsecond // 1000:
        yield f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}"
