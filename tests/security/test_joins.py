"""The control of the sweep for joins: each way in which a claimant was once named is found, and what is no join is not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.security.joins import Anchors, Join, Record, joins, record

PEOPLE = [f"person-{number}" for number in range(6)]
AT = datetime(2026, 11, 25, 4, 30, 12, 345000, tzinfo=UTC)


def _world(*more: tuple[str, Any]) -> tuple[list[Record], Anchors, Anchors, dict[str, str]]:
    """Six people with two claims each, in records that have nothing in common, and some more records."""
    people, claims, owner = Anchors(), Anchors(), {}
    records = []
    for number, person in enumerate(PEOPLE):
        people.add(person, f"user-id-{number}")
        records.append(record("users", {"_id": f"user-id-{number}", "at": AT + timedelta(seconds=number)}))
        for each in (1, 2):
            claim = f"claim-id-{number}-{each}"
            claims.add(claim, claim)
            owner[claim] = person
            at = AT + timedelta(minutes=number, milliseconds=each)
            records.append(
                record("claims", {"_id": claim, "challenge": f"challenge-{each}", "at": at, "state": "submitted"})
            )
    return [*records, *(record(place, content) for place, content in more)], people, claims, owner


def _found(*more: tuple[str, Any]) -> list[Join]:
    return joins(*_world(*more))


def test_records_that_have_nothing_in_common_but_their_challenge_and_their_words_are_no_join() -> None:
    assert _found(("gateway", {"uri": "/claims", "state": "submitted"})) == []


def test_a_time_that_stands_beside_several_people_and_their_claims_is_found() -> None:
    equal = [
        each
        for number in range(2)
        for each in (
            ("readers", {"_id": f"user-id-{number}", "read_up_to": AT + timedelta(hours=number + 1)}),
            ("inbox", {"event": f"claim-id-{number}-1", "read_at": AT + timedelta(hours=number + 1)}),
        )
    ]
    assert {join.places for join in _found(*equal)} == {("readers", "inbox")}
    assert _found(*equal[:2]) == []  # one equal millisecond is chance


def test_a_time_that_was_cut_to_the_hour_says_nothing() -> None:
    hour = AT.replace(minute=0, second=0, microsecond=0)
    equal = [
        each
        for number in range(3)
        for each in (("a", [f"user-id-{number}", hour]), ("b", [f"claim-id-{number}-1", hour]))
    ]
    assert _found(*equal) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["user-id-1", "127.0.0.21"], ["claim-id-1-1", "127.0.0.21"]),
        (["user-id-1", "00-" + "ab" * 16 + "-01"], {"trace_id": "ab" * 16, "event": "claim-id-1-2"}),
        (["user-id-1", "d41d8cd98f00b204"], ["claim-id-1-1", "d41d8cd98f00b204"]),
        (["user-id-1", "client/ghjkmnpq"], ["claim-id-1-1", "client/ghjkmnpq"]),
    ],
    ids=["address", "trace", "hash", "program"],
)
def test_a_token_that_stands_beside_a_person_and_their_claim_is_found(first: Any, second: Any) -> None:
    assert _found(("a", first), ("b", second)) != []


def test_a_person_and_their_claim_in_one_record_are_found() -> None:
    assert _found(("gateway", ["user-id-1", "claim-id-1-1"])) != []


def test_a_chain_from_a_person_over_an_address_and_a_request_to_a_claim_is_found() -> None:
    chain = [
        ("gateway", ["user-id-1", "127.0.0.21"]),
        ("gateway", ["127.0.0.21", "request-ghjkmnpq"]),
        ("challenges", ["request-ghjkmnpq", "claim-id-1-1"]),
    ]
    assert _found(*chain) != []
    assert _found(*chain[1:]) == []


def test_somebody_elses_claim_is_no_join() -> None:
    assert _found(("a", ["user-id-1", "ab" * 16]), ("b", ["claim-id-2-1", "ab" * 16])) == []


def test_a_value_that_all_people_share_leads_to_nobody() -> None:
    shared = [("a", [f"user-id-{number}", "127.0.0.1"]) for number in range(6)]
    assert _found(*shared, ("b", ["claim-id-1-1", "127.0.0.1"])) == []


def test_a_name_that_two_claims_of_one_person_have_in_common_is_found() -> None:
    one_name = [("ledger", [f"claim-id-3-{each}", "cd" * 16]) for each in (1, 2)]
    assert {join.value for join in _found(*one_name)} == {"cd" * 16}
    of_two_people = [("ledger", [f"claim-id-{number}-1", "cd" * 16]) for number in (3, 4)]
    assert _found(*of_two_people) == []
