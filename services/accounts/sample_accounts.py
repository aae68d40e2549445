"""The accounts and organisations that `make up` loads, as a table: roles, not people."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.events.accounts import OrganizationKind, Role
from shared.values.credit_codes import check_character
from shared.values.jurisdictions import Jurisdiction
from shared.values.roles import Duty


@dataclass(frozen=True)
class Account:
    """One login, `code:<name>`, and the role it is given."""

    name: str
    role: Role | None = None
    jurisdiction: Jurisdiction | None = None
    duty: Duty | None = None
    employer_credit_code: str | None = None


@dataclass(frozen=True)
class SampleOrganization:
    """A verified organisation, whose applicant is the account of the same name."""

    account: str
    name: str
    kind: OrganizationKind
    jurisdiction: Jurisdiction
    credit_code: str


def accounts() -> Iterator[Account]:
    """Everybody who can log in at the stand-in, operators first."""
    for city in Jurisdiction:
        yield Account(f"operator-{city}", Role.CITY_OPERATOR, city, Duty.BUSINESS)
        yield Account(f"operator-{city}-2", Role.CITY_OPERATOR, city, Duty.SUPERVISION)
    yield Account("operator-alliance", Role.ALLIANCE_OPERATOR, duty=Duty.BUSINESS)
    yield Account("operator-alliance-2", Role.ALLIANCE_OPERATOR, duty=Duty.SUPERVISION)
    yield Account("auditor", Role.AUDITOR)
    for number in (1, 2, 3):
        employer = f"12{Jurisdiction.PUTUO.code}EXPERT00{number}"
        yield Account(f"reviewer-{number}", Role.REVIEWER, employer_credit_code=employer + check_character(employer))
    yield Account("manager-1", Role.TECHNOLOGY_MANAGER)
    for organization in organizations():
        yield Account(organization.account)


def organizations() -> Iterator[SampleOrganization]:
    """One enterprise and one institute in each city."""
    for city in Jurisdiction:
        yield SampleOrganization(
            f"company-{city}", f"{city.chinese}示例科技有限公司", "enterprise", city, _sample_code("91", city)
        )
        yield SampleOrganization(
            f"institute-{city}", f"{city.chinese}示例产业技术研究院", "institute", city, _sample_code("12", city)
        )


def _sample_code(category: str, city: Jurisdiction) -> str:
    """A code that passes the check and whose middle says what it is: 91 an enterprise, 12 a public institution."""
    first = f"{category}{city.code}EXAMPLE00"
    return first + check_character(first)
