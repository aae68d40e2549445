"""People, on a real database."""

import asyncio

from services.accounts.people import commands
from services.accounts.people.bodies import Profile
from services.accounts.stores import Stores
from shared.secrets import openid_context
from tests.services.accounts.building import attempt, person


async def test_one_openid_is_one_person_however_many_logins_come_at_once(stores: Stores) -> None:
    logins = await asyncio.gather(*(commands.log_in(stores.people, "openid-1") for _ in range(20)))
    assert len({login.state.id for login in logins}) == 1
    assert len({login.version for login in logins}) == 1


async def test_the_openid_is_in_the_database_only_sealed(stores: Stores) -> None:
    user = (await commands.log_in(stores.people, "openid-that-nobody-reads")).state
    document = await stores.people.all.collection.find_one({"_id": user.id})
    assert "openid-that-nobody-reads" not in repr(document)
    assert stores.people.personal.open(user.openid_sealed, openid_context(user.id)) == "openid-that-nobody-reads"


async def test_a_telephone_number_is_shown_masked_and_kept_sealed(stores: Stores) -> None:
    caller = await person(stores, "openid-1")
    user = await commands.change_profile(stores.people, caller, Profile(phone="13812345678"), attempt(caller))
    assert user.state.phone_masked == "138****5678"
    assert "13812345678" not in repr(await stores.people.all.collection.find_one({"_id": user.state.id}))
    assert user.version == 1, "nobody else is told"
