"""Accounts on the run's database."""

import pytest

from services.accounts.domain import Organization, User
from services.accounts.store import Store, sessions_in
from shared.aggregates import Aggregates
from shared.mongo import Database
from shared.secrets import PersonalData


@pytest.fixture
async def store(database: Database) -> Store:
    made = Store(
        users=Aggregates(database["users"], User, User.published),
        organizations=Aggregates(database["organizations"], Organization, Organization.published),
        sessions=sessions_in(database),
        personal=PersonalData(bytes(32)),
    )
    await made.users.prepare()
    await made.organizations.prepare()
    await made.prepare()
    return made
