"""The request bodies about people."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.accounts.organizations.bodies import credit_code_of
from shared.events.accounts import Role, RoleGrant
from shared.values.jurisdictions import Jurisdiction
from shared.values.phones import LONGEST, PHONE
from shared.values.problems import FieldError
from shared.values.readable import LINE
from shared.values.roles import Duty
from shared.values.validation import invalid


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Profile(_Written):
    """The changes to one's own profile; a field that is not given stays as it is, null removes it."""

    nickname: Annotated[str, Field(min_length=1, max_length=100), LINE] | None = None
    phone: Annotated[str, Field(min_length=1, max_length=LONGEST), PHONE] | None = None


class RoleWritten(_Written):
    """A role: of a city_operator with the city, of an org_admin with the organisation.

    An operator has a duty, business or supervision; a reviewer or a technology manager has an employer.
    """

    role: Role
    jurisdiction: Jurisdiction | None = None
    duty: Duty | None = None
    employer_credit_code: Annotated[str, Field(max_length=64)] | None = None
    organization_id: Annotated[str, Field(min_length=1, max_length=64)] | None = None

    def organization(self) -> str:
        """The organisation of an org_admin. Refused when it is not named."""
        if self.organization_id is None:
            raise invalid(FieldError("organization_id", "missing", "授予单位管理员时，请指明其代表的单位"))
        return self.organization_id

    def grant(self) -> RoleGrant:
        """The grant of any other role. Refused when an organisation is named."""
        if self.organization_id is not None:
            raise invalid(FieldError("organization_id", "not_allowed", "只有单位管理员需要指明单位，请删除此项"))
        employer = self.employer_credit_code
        return RoleGrant(
            role=self.role,
            jurisdiction=self.jurisdiction,
            duty=self.duty,
            employer_credit_code=credit_code_of(employer, "employer_credit_code") if employer else None,
        )
