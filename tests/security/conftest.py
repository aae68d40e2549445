"""The whole system with the accounts of api.md, and a client for it."""

from collections.abc import Iterator

import pytest

from shared.jurisdictions import Jurisdiction
from tests.client import Api
from tests.security.people import APPLICANT, apply_for
from tests.stack import Stack


@pytest.fixture(scope="session")
def api(stack: Stack) -> Iterator[Api]:
    """The API behind the gateway; one account waits for its organisation to be verified."""
    stack.run("huning", "accounts", "seed")
    client = Api(stack.base_url)
    if client.as_(APPLICANT).get("accounts/me").expect(200)["organization"] is None:
        apply_for(client, APPLICANT, "等待认证的研究院", Jurisdiction.SUZHOU)
    yield client
    client.close()
