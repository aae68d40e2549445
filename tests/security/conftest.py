"""The client of the public API, with one account more than the sample has."""

import pytest

from shared.values.jurisdictions import Jurisdiction
from tests.client import Api
from tests.security.people import APPLICANT, apply_for


@pytest.fixture(scope="session")
def api(api: Api) -> Api:
    """The API behind the gateway; one account waits for its organisation to be verified."""
    if api.as_(APPLICANT).get("accounts/me").expect(200)["organization"] is None:
        apply_for(api, APPLICANT, "等待认证的研究院", Jurisdiction.SUZHOU)
    return api
