"""The guards of services/accounts."""

from tests.mutants.mutant import Mutant

_PEOPLE = "services/accounts/tests/test_people.py"
_SESSIONS = "tests/services/accounts/test_sessions.py"
_FAMILIES = "services/accounts/sessions/families.py"
_COOKIES = "tests/services/accounts/test_cookies.py"
_DEVICES = "tests/services/accounts/test_device_logins.py"
_FACTORS = "tests/services/accounts/test_second_factors.py"
_FACTOR_STORE = "services/accounts/second_factors/store.py"
_WIRE = "tests/services/accounts/test_the_wire.py"

GUARDS = (
    Mutant(
        "nobody verifies their own organisation",
        "services/accounts/organizations/domain.py",
        "if organization.applicant_id == by:",
        "if False:",
        "services/accounts/tests/test_organizations.py",
    ),
    Mutant(
        "an organisation is shown to whom it concerns",
        "services/accounts/organizations/queries.py",
        'check("accounts.show-organization", caller, facts_of(found.state))',
        "pass",
        "tests/services/accounts/test_organizations.py",
    ),
    Mutant(
        "only a verified organisation is joined",
        "services/accounts/people/commands.py",
        'if organization.status == "verified":',
        "if True:",
        "tests/services/accounts/test_organizations.py",
    ),
    Mutant(
        "an approval that comes back does not bring back a membership that ended",
        "services/accounts/people/domain.py",
        "if user.membership_in(organization_id) or organization_id in user.left:",
        "if user.membership_in(organization_id):",
        _PEOPLE,
    ),
    Mutant(
        "nobody acts for an organisation that is not theirs",
        "services/accounts/people/domain.py",
        "        raise Refusal(shared_problems.MEMBERSHIP_ENDED)",
        "        return user.memberships[0] if user.memberships else None",
        _PEOPLE,
    ),
    Mutant(
        "a refresh goes on for the organisation of the login, and for no other one",
        "services/accounts/sessions/commands.py",
        "if held.began_for is not None:",
        "if False:",
        _WIRE,
    ),
    Mutant(
        "a refresh token is one of ours",
        _FAMILIES,
        'if not hmac.compare_digest(mac.encode(), self._mac(f"refresh/{family}/{number}").encode()):',
        "if False:",
        _SESSIONS,
    ),
    Mutant(
        "a repeated refresh answers the same pair for ten seconds and no longer",
        _FAMILIES,
        "if at - exchanged <= REPEAT:",
        "if True:",
        _SESSIONS,
    ),
    Mutant(
        "an exchange writes only what it has read",
        _FAMILIES,
        'unchanged = {"$and": [{"$eq": ["$number", family["number"]]}, {"$eq": ["$ended", False]}]}',
        'unchanged = {"$eq": [1, 1]}',
        f"{_SESSIONS}::test_an_exchange_that_was_overtaken_turns_nothing_back",
    ),
    Mutant(
        "a late reuse ends the family",
        _FAMILIES,
        '{"$set": {"ended": True}}',
        '{"$set": {"ended": False}}',
        _SESSIONS,
    ),
    Mutant(
        "a session of a browser ends where nobody sits",
        _FAMILIES,
        "return not is_browsers(family) or at - self._unseal(family) <= IDLE",
        "return True",
        f"{_COOKIES}::test_a_session_of_a_browser_ends_where_nobody_sits_for_half_an_hour",
    ),
    Mutant(
        "what another site sends with the cookie is refused",
        "services/accounts/sessions/cookies.py",
        "        self.check_own_page(request)\n        return Presented(token, by_cookie=True)",
        "        return Presented(token, by_cookie=True)",
        f"{_COOKIES}::test_what_another_site_sends_with_the_cookie_is_refused_and_changes_nothing",
    ),
    Mutant(
        "another host of the domain is another site",
        "services/accounts/sessions/cookies.py",
        '_OWN = ("same-origin", "none")',
        '_OWN = ("same-origin", "none", "same-site")',
        f"{_COOKIES}::test_what_another_site_sends_with_the_cookie_is_refused_and_changes_nothing",
    ),
    Mutant(
        "no script reads the refresh token",
        "services/accounts/sessions/cookies.py",
        "httponly=True",
        "httponly=False",
        _COOKIES,
    ),
    Mutant(
        "a browser's token counts in its cookie alone",
        "services/accounts/sessions/commands.py",
        "if held.by_browser is not presented.by_cookie:",
        "if False:",
        f"{_COOKIES}::test_the_token_of_a_browser_does_not_work_in_a_body_nor_another_one_in_the_cookie",
    ),
    Mutant(
        "a login by cookie comes from a page of ours",
        "services/accounts/device_logins/routes.py",
        "            cookie.check_own_page(request)\n",
        "            pass\n",
        f"{_DEVICES}::test_a_login_by_cookie_comes_from_a_page_of_ours",
    ),
    Mutant(
        "a device code is good once",
        "services/accounts/device_logins/commands.py",
        "if not await self.logins.spend(login):",
        "await self.logins.spend(login)\n        if False:",
        f"{_DEVICES}::test_a_device_code_is_good_once",
    ),
    Mutant(
        "a device code is worth nothing after five minutes",
        "services/accounts/device_logins/store.py",
        '{"device": _hashed(device_code), "expires_at": {"$gt": at}}',
        '{"device": _hashed(device_code)}',
        f"{_DEVICES}::test_a_stolen_device_code_is_worth_nothing_after_five_minutes",
    ),
    Mutant(
        "what was denied is not approved afterwards",
        "services/accounts/device_logins/store.py",
        '{"_id": login_id, "state": State.PENDING, "expires_at": {"$gt": at}}',
        '{"_id": login_id, "expires_at": {"$gt": at}}',
        _DEVICES,
    ),
    Mutant(
        "nobody goes through user codes",
        "services/accounts/device_logins/routes.py",
        "    if not tries.spend(caller.id):",
        "    if False:",
        f"{_DEVICES}::test_a_person_may_not_go_through_codes_until_one_is_found",
    ),
    Mutant(
        "a browser lets no other one in",
        "services/accounts/device_logins/commands.py",
        "if caller.by_browser:",
        "if False:",
        f"{_DEVICES}::test_a_browser_that_is_logged_in_lets_no_other_one_in",
    ),
    Mutant(
        "a code of the second factor is good once",
        _FACTOR_STORE,
        "if step is None or step <= self._used_step(factor):",
        "if step is None:",
        f"{_FACTORS}::test_a_code_is_good_once_and_what_was_shown_before_it_is_spent_too",
    ),
    Mutant(
        "a code that comes twice at once lets one in",
        _FACTOR_STORE,
        'unchanged = {"_id": user_id, "secret": factor["secret"], "used": factor["used"]}',
        'unchanged = {"_id": user_id}',
        f"{_FACTORS}::test_a_code_that_comes_twice_at_once_lets_one_in",
    ),
    Mutant(
        "a second factor is demanded of whoever has one",
        "services/accounts/second_factors/commands.py",
        'return bool(factor and factor["confirmed"]) or (self.of_operators and user.operates)',
        "return self.of_operators and user.operates",
        f"{_FACTORS}::test_whoever_has_enrolled_is_let_in_with_a_code_only",
    ),
    Mutant(
        "a second factor is demanded of every operator",
        "services/accounts/second_factors/commands.py",
        'return bool(factor and factor["confirmed"]) or (self.of_operators and user.operates)',
        'return bool(factor and factor["confirmed"])',
        f"{_FACTORS}::test_an_operator_enrols_at_the_first_login_where_all_of_them_need_it",
    ),
    Mutant(
        "a login takes five codes",
        "services/accounts/device_logins/store.py",
        '"tries": {"$lt": TRIES}',
        '"tries": {"$gte": 0}',
        f"{_FACTORS}::test_after_five_wrong_codes_the_phone_must_approve_anew",
    ),
    Mutant(
        "nobody takes their own second factor away",
        "services/accounts/second_factors/commands.py",
        "if user_id == caller.user_id:",
        "if False:",
        f"{_FACTORS}::test_a_second_operator_takes_it_away_and_ends_the_sessions",
    ),
    Mutant(
        "a city takes the second factor of its own operators away alone",
        "services/accounts/second_factors/commands.py",
        '    check("accounts.remove-totp", caller, Facts(jurisdiction=own_city(user)))\n',
        "",
        f"{_FACTORS}::test_a_city_meets_its_own_operators_and_nobody_else_by_this",
    ),
    Mutant(
        "who also has another role is not only their city's",
        "services/accounts/second_factors/domain.py",
        "len(roles) == len(cities) == 1",
        "len(cities) == 1",
        f"{_FACTORS}::test_whose_colleagues_may_help",
    ),
    Mutant(
        "who approved is sealed",
        "services/accounts/device_logins/store.py",
        "return self._sealer().seal(json.dumps(vars(by)).encode(), login_id)",
        "return json.dumps(vars(by)).encode()",
        _DEVICES,
    ),
    Mutant(
        "no instant of a session is kept",
        _FAMILIES,
        "return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)",
        "return at + timedelta(days=1)",
        _SESSIONS,
    ),
)
