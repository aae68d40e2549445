import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.preferences.domain import GROUPS
from services.notifications.subjects import facts as facts_of
from services.notifications.subjects.facts import Facts, KnownChallenge
from services.notifications.subjects.messages import MESSAGES, Message
from services.notifications.subjects.templates import TEMPLATES
from services.notifications.tests import builders
from services.notifications.tests.builders import NOON
from shared.events.accounts import OrganizationState
from shared.events.catalogue import CATALOGUE, type_of
from shared.events.challenges import ChallengeState, ClaimState
from shared.events.search import SavedSearchHit
from shared.values.jurisdictions import Jurisdiction
from shared.wechat.fields import refusal

KNOWN = KnownChallenge("challenge-1", "双极板涂层", Jurisdiction.SUZHOU, "org-1", NOON)


def _facts(message: Message) -> Facts:
    topic = type_of(message.event).topic
    if topic == "huning.organizations":
        event = builders.organization(message.event, reason="信用代码与名称不符")
        assert isinstance(event.data, OrganizationState)
        return facts_of.of_organization(event, event.data)
    if topic == "huning.challenges":
        event = builders.challenge(message.event)
        assert isinstance(event.data, ChallengeState)
        return facts_of.of_challenge(event, event.data)
    if topic == "huning.claims":
        event = builders.claim("0193a5c2-7d3e-7b9c-8f00-112233445566")
        assert isinstance(event.data, ClaimState)
        return facts_of.of_claim(event, event.data, KNOWN, 3)
    event = builders.hit("user-1", builders.challenge(), notify="digest" if message.digest else "at_once")
    assert isinstance(event.data, SavedSearchHit)
    return facts_of.of_saved_search_hit(event.data)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_message_can_be_written_and_wechat_takes_every_field(message: Message) -> None:
    written = facts_of.write(message, _facts(message))
    assert written.title
    assert "{" not in written.title + written.body + written.page
    assert {key: reason for key, value in written.data.items() if (reason := refusal(key, value))} == {}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_message_is_about_an_event_of_the_catalogue_and_fills_its_template(message: Message) -> None:
    assert type_of(message.event).name in CATALOGUE
    assert message.group in GROUPS
    assert tuple(message.fields) == TEMPLATES[message.template].keys


def test_every_template_is_used_and_messages_have_names_of_their_own() -> None:
    assert {message.template for message in MESSAGES} == set(TEMPLATES)
    assert len({message.name for message in MESSAGES}) == len(MESSAGES)


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
    assert isinstance(event.data, ChallengeState)
    message = next(each for each in MESSAGES if each.event == "challenge.approved")
    data = facts_of.write(message, facts_of.of_challenge(event, event.data)).data
    assert all(refusal(key, value) is None for key, value in data.items())


def test_approved_and_published_differ_in_what_wechat_is_sent() -> None:
    first, second = (
        facts_of.write(message, _facts(message)).data
        for message in MESSAGES
        if message.event in ("challenge.approved", "challenge.published")
    )
    assert first != second


def test_a_hit_is_told_by_the_one_row_that_is_for_its_searches_wish() -> None:
    rows = [each for each in MESSAGES if each.event == "saved-search.hit"]
    for row in rows:
        assert [each.name for each in rows if facts_of.concerns(each, _facts(row))] == [row.name]


def test_an_id_is_safe_in_the_page_of_a_message() -> None:
    message = next(each for each in MESSAGES if each.name == "challenge-found")
    page = facts_of.write(message, replace(_facts(message), link_id="nanjing/institution/a&b=1")).page
    assert page.endswith("?id=nanjing%2Finstitution%2Fa%26b%3D1")
