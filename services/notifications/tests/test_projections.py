from services.notifications import projections
from services.notifications.names import Names
from services.notifications.tests import builders
from shared.secrets import PersonalData, Pseudonyms, openid_context

NAMES, PERSONAL = Names(Pseudonyms(b"p" * 32)), PersonalData(b"k" * 32)
PROJECT = projections.person(NAMES, PERSONAL)


def _sealed(user_id: str) -> str:
    return PERSONAL.seal("oOne", openid_context(user_id))


def test_a_person_is_kept_under_a_pseudonym_and_the_openid_never_as_it_is() -> None:
    register = PROJECT(builders.user("user-1", organization="org-1", openid=_sealed("user-1")))
    assert register is not None
    assert register.document["pseudonym"] == NAMES.everyday("user-1")
    assert register.document["openid_index"] == PERSONAL.blind("oOne")
    assert "oOne" not in str(register)


def test_only_who_may_act_for_an_organisation_is_told_what_it_is_told() -> None:
    admin = PROJECT(builders.user("user-1", organization="org-1", openid=_sealed("user-1")))
    member = PROJECT(builders.user("user-2", organization="org-1", admin=False, openid=_sealed("user-2")))
    assert admin is not None
    assert member is not None
    assert (admin.document["admin_of"], member.document["admin_of"]) == (["org-1"], [])


def test_only_submitted_claims_have_a_time_to_count_them_by() -> None:
    submitted = projections.claim(builders.claim())
    assert submitted is not None
    assert submitted.document["submitted_at"] == builders.NOON


def test_events_of_other_kinds_say_nothing() -> None:
    assert PROJECT(builders.challenge()) is None
    assert projections.challenge(builders.claim()) is None
    assert projections.claim(builders.challenge()) is None
