import string
from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.subjects import challenges
from services.notifications.subjects.message import Facts, KnownChallenge, Message, concerns
from services.notifications.subjects.table import GROUPS, MESSAGES, SUBJECTS, subject_of
from services.notifications.subjects.templates import TEMPLATES
from services.notifications.subjects.writing import write
from services.notifications.tests import builders
from services.notifications.tests.builders import NOON
from shared.events.catalogue import CATALOGUE, type_of
from shared.events.contracts import EXAMPLES
from shared.events.envelope import Event, read_event
from shared.values.jurisdictions import Jurisdiction
from shared.wechat.fields import refusal

KNOWN = KnownChallenge("challenge-1", "双极板涂层", Jurisdiction.SUZHOU, "org-1", NOON, 3)


def _event(message: Message) -> Event:
    match type_of(message.event).topic:
        case "huning.organizations":
            return builders.organization(message.event, reason="信用代码与名称不符")
        case "huning.challenges":
            return builders.challenge(message.event)
        case "huning.claims":
            return builders.claim("0193a5c2-7d3e-7b9c-8f00-112233445566", message.event, people=("claim/name",))
        case "huning.saved-search-hits":
            found = builders.record() if message.about == "record" else builders.challenge()
            return builders.hit("user-1", found, notify="digest" if message.digest else "at_once")
        case _:
            golden = orjson.loads((EXAMPLES / f"{type_of(message.event).name}.json").read_bytes())
            headers = [(name, text.encode()) for name, text in golden["headers"].items()]
            return read_event(headers, orjson.dumps(golden["value"]))


def _facts(message: Message) -> Facts:
    event = _event(message)
    subject = subject_of(event)
    assert subject is not None
    return subject.facts(event, KNOWN)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_message_can_be_written_and_wechat_takes_every_field(message: Message) -> None:
    written = write(message, _facts(message))
    assert written.title
    assert "{" not in written.title + written.body + written.page
    assert {key: reason for key, value in written.data.items() if (reason := refusal(key, value))} == {}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_message_is_about_an_event_of_the_catalogue_and_fills_its_template(message: Message) -> None:
    assert type_of(message.event).name in CATALOGUE
    assert tuple(message.fields) == TEMPLATES[message.template].keys


def test_every_template_is_used_and_messages_have_names_of_their_own() -> None:
    assert {message.template for message in MESSAGES} == set(TEMPLATES)
    assert len({message.name for message in MESSAGES}) == len(MESSAGES)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_message_has_an_audience_in_the_facts_of_its_event(message: Message) -> None:
    facts = _facts(message)
    assert bool(facts.people.get(message.audience)) != (message.audience in facts.circles)


def test_every_subject_has_a_group_of_preferences_of_its_own() -> None:
    assert len(set(GROUPS)) == len(SUBJECTS)


def test_whatever_is_about_a_claim_is_sealed_and_tells_only_the_number() -> None:
    about_claims = [message for message in MESSAGES if message.event.startswith("claim.")]
    assert all(message.sealed for message in about_claims)
    counted = next(message for message in about_claims if message.name == "claim-counted")
    words = {name for text in (counted.title, counted.body, *counted.fields.values()) for name in _braces(text)}
    assert words == {"title", "count", "at"}


def _braces(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@given(st.text(min_size=1, max_size=200))
def test_whatever_a_title_holds_wechat_takes_the_message(title: str) -> None:
    event = builders.challenge("challenge.approved", title=title)
    message = next(each for each in MESSAGES if each.event == "challenge.approved")
    data = write(message, challenges.facts(event)).data
    assert all(refusal(key, value) is None for key, value in data.items())


def test_approved_and_published_differ_in_what_wechat_is_sent() -> None:
    first, second = (
        write(message, _facts(message)).data
        for message in MESSAGES
        if message.event in ("challenge.approved", "challenge.published")
    )
    assert first != second


def test_a_hit_is_told_by_the_one_row_that_is_for_its_searches_wish() -> None:
    rows = [each for each in MESSAGES if each.event == "saved-search.hit"]
    for row in rows:
        assert [each.name for each in rows if concerns(each, _facts(row))] == [row.name]


def test_a_record_is_told_of_by_its_kind_in_chinese() -> None:
    message = next(each for each in MESSAGES if each.name == "record-found")
    assert write(message, _facts(message)).body == "镇江发布了创新平台“某某燃料电池中试平台”。"


def test_an_id_is_safe_in_the_page_of_a_message() -> None:
    message = next(each for each in MESSAGES if each.name == "challenge-found")
    page = write(message, replace(_facts(message), link_id="nanjing/institution/a&b=1")).page
    assert page.endswith("?id=nanjing%2Finstitution%2Fa%26b%3D1")
