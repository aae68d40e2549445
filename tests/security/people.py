"""The kinds of accounts that there are, and what the access table calls each of them.

`whos` is written down here and not asked of shared/access/checking.py, so that a mistake there does not excuse itself.
"""

import secrets
from dataclasses import dataclass

from shared.values.credit_codes import check_character
from shared.values.jurisdictions import Jurisdiction
from tests.client import Api, Json, Someone

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Kind:
    """A kind of account: how it logs in (None: not at all), and by which names the table means it."""

    title: str
    account: str | None
    whos: frozenset[str]

    def at(self, api: Api) -> Someone:
        return api.as_(self.account) if self.account else api.visitor


def _kind(title: str, account: str | None, *whos: str) -> Kind:
    logged_in = ("member",) if account else ()
    return Kind(title, account, frozenset({"visitor", *logged_in, *whos}))


APPLICANT = "applicant-suzhou"
"""Has asked for an organisation to be verified, and nobody has answered yet."""

KINDS = (
    _kind("a visitor", None),
    _kind("a member without organisation", "member-1"),
    _kind("the administrator of a company", "company-suzhou", "org_admin"),
    _kind("the applicant of an unverified organisation", APPLICANT),
    _kind("a city operator", "operator-suzhou", "city_operator"),
    _kind("an alliance operator", "operator-alliance", "alliance_operator"),
    _kind("an auditor", "auditor", "auditor"),
    _kind("a reviewer", "reviewer-1", "reviewer"),
    _kind("a technology manager", "manager-1", "technology_manager"),
)


def credit_code() -> str:
    """A valid 统一社会信用代码 that nobody has."""
    first = "91" + "310107" + "".join(secrets.choice(_CODE_ALPHABET) for _ in range(9))
    return first + check_character(first)


def apply_for(api: Api, account: str, name: str, city: Jurisdiction) -> Json:
    """An organisation that this account asks its city to verify; pending."""
    application = {
        "name": name,
        "credit_code": credit_code(),
        "jurisdiction": city,
        "kind": "institute",
        "contact": {"name": "联系人", "phone": "0512-87654321"},
    }
    return api.as_(account).post("accounts/organizations", json=application).expect(201)


def found(api: Api, account: str, name: str, city: Jurisdiction) -> Json:
    """A verified organisation that nobody else has; the account becomes its administrator."""
    organization = apply_for(api, account, name, city)
    approval = f"accounts/organizations/{organization['id']}/approve"
    approved = api.as_(f"operator-{city}").post(approval).expect(200)
    api.forget(account)
    return approved
