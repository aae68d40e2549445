"""The read models of other services' events: people, titles of challenges, and the existence of claims."""

from collections.abc import Callable

from services.notifications.names import Names
from shared.events.accounts import Role, UserState
from shared.events.challenges import ChallengeState, ClaimState
from shared.events.envelope import Event
from shared.projections.read_models import Register
from shared.secrets import PersonalData, openid_context


def person(names: Names, personal: PersonalData) -> Callable[[Event], Register | None]:
    """`people`: a person under the everyday name, whom they act for, and the openid, sealed and as an index.

    The openid is opened here only to make the index, by which WeChat's pushes find the person.
    """

    def project(event: Event) -> Register | None:
        user = event.data
        if not isinstance(user, UserState):
            return None
        sealed = user.openid_sealed
        document = {
            "pseudonym": names.everyday(user.id),
            "admin_of": [each.organization_id for each in user.memberships if each.role is Role.ORG_ADMIN],
            "operates": sorted(
                {each.jurisdiction for each in user.roles if each.role is Role.CITY_OPERATOR and each.jurisdiction}
            ),
            "openid_sealed": sealed,
            "openid_index": personal.blind(personal.open(sealed, openid_context(user.id))) if sealed else None,
        }
        return Register(user.id, document)

    return project


def challenge(event: Event) -> Register | None:
    """`challenges`: what a claim's messages need to say about its challenge."""
    state = event.data
    if not isinstance(state, ChallengeState):
        return None
    document = {
        "title": state.title,
        "jurisdiction": state.jurisdiction.value,
        "organization_id": state.organization.id,
        "deadline": state.deadline,
    }
    return Register(state.id, document)


def claim(event: Event) -> Register | None:
    """`claims`: that a claim exists and when it was submitted, for counting."""
    state = event.data
    if not isinstance(state, ClaimState):
        return None
    submitted_at = state.submitted_at if state.state == "submitted" else None
    return Register(state.id, {"challenge_id": state.challenge_id, "submitted_at": submitted_at})
