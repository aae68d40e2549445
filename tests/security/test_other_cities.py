"""What is one city's is not there for another, for all 56 ordered pairs: the same bytes as for an id that does not exist.

The same for organisations, and for whoever has no part in a thing at all.
"""

from collections.abc import Callable
from itertools import permutations

import pytest

from shared.access.table import RULES
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from tests.client import Answer, Api, until
from tests.security import sweeping
from tests.security.people import KINDS, Kind
from tests.security.private_things import NOT_PRIVATE, Thing, deliveries_of, mark, of_city, of_company, parked_for
from tests.security.requests import ask, comparable, everything, parameters
from tests.stack import Stack

PAIRS = [pytest.param(a, b, id=f"{a}-{b}") for a, b in permutations(Jurisdiction, 2)]

Unknown = Callable[[str, Thing, str], Answer]
Things = dict[Jurisdiction, list[Thing]]
STALE = '"99"'
"""A version that nothing has: told of it, somebody who may not see a thing would know that it is there."""
OPERATED = ("ops/search/dead-letters", "notifications/deliveries")


@pytest.fixture(scope="module")
def words() -> dict[Jurisdiction, str]:
    """A word for each city that stands in all its texts and nowhere else."""
    return {city: mark() for city in Jurisdiction}


@pytest.fixture(scope="module")
def cities(api: Api, stack: Stack, words: dict[Jurisdiction, str]) -> Things:
    return {
        city: [*of_city(api, city, words[city]), parked_for(api, stack.kafka, city, words[city])]
        for city in Jurisdiction
    }


@pytest.fixture(scope="module")
def companies(api: Api, words: dict[Jurisdiction, str]) -> Things:
    return {city: of_company(api, city, words[city]) for city in Jurisdiction}


@pytest.fixture(scope="module")
def deliveries(api: Api) -> dict[Jurisdiction, set[str]]:
    return {city: deliveries_of(api, city) for city in Jurisdiction}


@pytest.fixture(scope="module")
def operated(
    api: Api, cities: Things, deliveries: dict[Jurisdiction, set[str]]
) -> dict[Jurisdiction, dict[str, set[str]]]:
    """What each city's operator finds in the lists that tell of the system itself: path → ids."""
    return {
        city: {path: {each["id"] for each in everything(api.as_(f"operator-{city}"), path)} for path in OPERATED}
        for city in Jurisdiction
    }


@pytest.fixture(scope="module")
def unknown(api: Api) -> Unknown:
    """The answer that an account gets to an action on an id that does not exist; asked for once."""
    known: dict[tuple[str, str], Answer] = {}

    def answer(account: str, thing: Thing, action: str) -> Answer:
        if (account, action) not in known:
            resource_id = new_id()
            made = ask(api.as_(account), RULES[action], thing.values(resource_id), if_match=STALE)
            known[account, action] = Answer(
                made.status, made.body, made.headers, made.raw.replace(resource_id.encode(), b"<id>")
            )
        return known[account, action]

    return answer


def assert_not_there(api: Api, account: str, things: list[Thing], unknown: Unknown) -> None:
    """Every action on every thing answers 404, or 403 at the door, and byte for byte as for an unknown id."""
    for thing in things:
        assert thing.actions
        for rule in thing.actions:
            answer = ask(api.as_(account), rule, thing.values(thing.id), if_match=STALE)
            assert answer.code in ("not_found", "forbidden", "organization_required"), (
                f"{account}: {rule.action} on {thing.title}: {answer}"
            )
            assert comparable(answer, thing.id) == comparable(unknown(account, thing, rule.action), "<id>"), (
                f"{account} can tell from {rule.action} that {thing.title} exists"
            )


def test_every_thing_that_a_path_can_name_is_tried_or_is_not_private(cities: Things, companies: Things) -> None:
    tried = {thing.parameter for things in (cities, companies) for thing in things[Jurisdiction.SUZHOU]}
    elsewhere = {"claim_id", "item_id"}  # test_sealed_claims.py, and the inbox below
    named = {parameters(rule)[0] for rule in RULES.values() if parameters(rule)}
    assert named == tried | elsewhere | set(NOT_PRIVATE)


@pytest.mark.parametrize(("mine", "theirs"), PAIRS)
def test_an_operator_finds_nothing_of_another_citys(
    api: Api, cities: Things, companies: Things, unknown: Unknown, mine: Jurisdiction, theirs: Jurisdiction
) -> None:
    assert_not_there(api, f"operator-{mine}", [*cities[theirs], *companies[theirs]], unknown)


@pytest.mark.parametrize(("mine", "theirs"), PAIRS)
def test_an_operator_lists_no_dead_letter_and_no_delivery_of_another_citys(
    cities: Things,
    deliveries: dict[Jurisdiction, set[str]],
    operated: dict[Jurisdiction, dict[str, set[str]]],
    mine: Jurisdiction,
    theirs: Jurisdiction,
) -> None:
    """And does list the own ones."""
    for city, seen in ((mine, True), (theirs, False)):
        letters = {thing.id for thing in cities[city] if thing.parameter == "letter_id"}
        for path, ids in zip(OPERATED, (letters, deliveries[city]), strict=True):
            assert ids
            assert ids & operated[mine][path] == (ids if seen else set())


@pytest.mark.parametrize(("mine", "theirs"), PAIRS)
def test_a_company_finds_nothing_of_another_companys(
    api: Api, cities: Things, companies: Things, unknown: Unknown, mine: Jurisdiction, theirs: Jurisdiction
) -> None:
    assert_not_there(api, f"company-{mine}", [*cities[theirs], *companies[theirs]], unknown)


OUTSIDERS = [
    kind for kind in KINDS if kind.account not in (None, "company-suzhou", "operator-alliance", "operator-suzhou")
]


@pytest.mark.parametrize("kind", OUTSIDERS, ids=lambda kind: kind.title)
def test_who_has_no_part_in_a_thing_cannot_tell_that_it_exists(
    api: Api, cities: Things, companies: Things, unknown: Unknown, kind: Kind
) -> None:
    assert kind.account
    city = Jurisdiction.SUZHOU
    assert_not_there(api, kind.account, [*cities[city], *companies[city]], unknown)


@pytest.mark.parametrize("account", ["operator-suzhou", "operator-alliance", "institute-suzhou"])
def test_a_draft_is_its_own_organisations_alone(api: Api, companies: Things, unknown: Unknown, account: str) -> None:
    assert_not_there(api, account, companies[Jurisdiction.SUZHOU], unknown)


def test_an_application_is_its_applicants_its_citys_and_the_alliances(
    api: Api, cities: Things, words: dict[Jurisdiction, str]
) -> None:
    city = Jurisdiction.SUZHOU
    applied = next(thing for thing in cities[city] if thing.parameter == "organization_id")
    for account in (f"applicant-{words[city]}", f"operator-{city}", f"operator-{city}-2", "operator-alliance"):
        seen = api.as_(account).get(f"accounts/organizations/{applied.id}")
        assert seen.expect(200)["id"] == applied.id
        assert seen.headers["etag"] == '"1"'


@pytest.mark.parametrize("city", Jurisdiction)
def test_the_owner_does_see_it(api: Api, cities: Things, companies: Things, city: Jurisdiction) -> None:
    """Otherwise the tests above would hold for things that were never there."""
    for thing in [*cities[city], *companies[city]]:
        if thing.seen_at:
            api.as_(thing.owner).get(thing.seen_at).expect(200)
    operator, company = api.as_(f"operator-{city}"), api.as_(f"company-{city}")
    pending = operator.get("accounts/organizations", params={"status": "pending", "limit": 100}).expect(200)
    saved = company.get("search/subscriptions", params={"limit": 100}).expect(200)
    listed = {each["id"] for page in (pending, saved) for each in page["items"]}
    listed |= {each["id"] for each in everything(operator, "ops/search/dead-letters")}
    kept = {"organization_id", "subscription_id", "letter_id"}
    assert {thing.id for thing in [*cities[city], *companies[city]] if thing.parameter in kept} <= listed


def test_nothing_private_is_in_anybody_elses_list_count_facet_or_suggestion(
    api: Api,
    cities: Things,
    companies: Things,
    deliveries: dict[Jurisdiction, set[str]],
    words: dict[Jurisdiction, str],
) -> None:
    alliance = api.as_("operator-alliance")
    until(lambda: not any(each["lag"] for each in everything(alliance, "ops/search/lag")))
    word = words[Jurisdiction.SUZHOU]
    wanted = sweeping.pattern(
        [
            word,
            *(thing.id for things in (cities, companies) for thing in things[Jurisdiction.SUZHOU]),
            *deliveries[Jurisdiction.SUZHOU],
        ]
    )
    outsiders = (None, "member-1", "operator-nanjing", "company-nanjing", "institute-suzhou", "auditor", "manager-1")
    queries = [{"q": word}, {"q": word[:4]}, {"jurisdiction": "suzhou", "limit": "100"}, {"status": "submitted"}]
    queries += [{"mine": "true"}, {"status": "draft"}, {"status": "pending", "limit": "100"}, {"limit": "100"}]
    answers = sweeping.in_answers(api, outsiders, {"jurisdiction": "suzhou", "kind": "platform"}, queries)
    found = [where for where, answer in answers if wanted.search(answer)]
    assert [where for where in found if not _is_of_ones_own_attempts(where)] == []
    assert api.visitor.get("search", params={"q": word}).expect(200)["total"] == 0
    own = api.as_("operator-suzhou").get("challenges", params={"mine": "true", "limit": "100"}).expect(200)
    assert any(word in each["title"] for each in own["items"]), "the control: its own city does list it"


def _is_of_ones_own_attempts(where: str) -> bool:
    """The audit trail: an auditor reads all of it, and a city the paths that its own operators asked for and were refused."""
    return ".list-audit " in where and where.endswith(("as auditor", "as operator-nanjing"))


def test_a_count_is_of_what_the_caller_can_list(api: Api, cities: Things, companies: Things) -> None:
    query = {"type": "challenge", "jurisdiction": "suzhou", "limit": "100"}
    page = api.visitor.get("search", params=query).expect(200)
    facet = {each["value"]: each["count"] for each in page["facets"]["jurisdiction"]}
    listed = len(page["items"])
    while page["next_cursor"]:
        page = api.visitor.get("search", params={**query, "cursor": page["next_cursor"]}).expect(200)
        listed += len(page["items"])
    assert page["total"] == listed
    assert facet.get("suzhou", 0) == listed
