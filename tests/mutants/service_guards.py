"""The guards of the services: rules of the domain, what events keep to themselves, sealing, signatures, verdicts, the ledger."""

from tests.mutants.mutant import Mutant

_ACTIONS = "services/challenges/tests/test_actions.py"
_CLAIMS = "services/challenges/tests/test_claims.py"
_SIGNATURES = "services/sync/tests/test_signatures.py"
_VERDICTS = "services/sync/tests/test_verdicts.py"
_DELIVERY = "services/notifications/tests/test_delivery.py"
_SENDER = "services/notifications/tests/test_sender.py"
_SAVED_SEARCHES = "tests/services/search/test_saved_searches.py"
_WIRE = "tests/services/notifications/test_the_wire.py"

GUARDS = (
    Mutant(
        "the poster cannot claim its own challenge",
        "services/challenges/domain/claim.py",
        "if is_the_poster(setting.challenge, setting.claimant):",
        "if False:",
        _CLAIMS,
    ),
    Mutant(
        "the same credit code is the same organisation",
        "services/challenges/domain/claim_rules.py",
        "return organization.id == poster.id or organization.credit_code == poster.credit_code",
        "return organization.id == poster.id",
        _CLAIMS,
    ),
    Mutant(
        "the deadline is the last moment",
        "services/challenges/domain/claim.py",
        'if challenge.state == "published" and at <= challenge.deadline:',
        'if challenge.state == "published":',
        _CLAIMS,
    ),
    Mutant(
        "one live claim per organisation",
        "services/challenges/domain/claim.py",
        'if any(each.state != "withdrawn" for each in earlier):',
        "if False:",
        _CLAIMS,
    ),
    Mutant(
        "every partner consents",
        "services/challenges/domain/claim.py",
        "(commitment_is_accepted, partners_consent),",
        "(commitment_is_accepted,),",
        _CLAIMS,
    ),
    Mutant(
        "a sealed claim opens in its own place only",
        "services/challenges/sealing.py",
        'return f"claim/{challenge_id}/{claim_id}"',
        'return "claim"',
        "services/challenges/tests/test_sealing.py",
    ),
    Mutant(
        "an event tells the problem only where it is disclosed in full",
        "services/challenges/domain/challenge.py",
        'return self.is_public and self.disclosure == "full"',
        "return self.is_public",
        f"{_ACTIONS}::test_events_keep_the_problem_to_themselves_unless_it_is_disclosed_in_full",
    ),
    Mutant(
        "an event tells no problem before publication",
        "services/challenges/domain/challenge.py",
        'return self.is_public and self.disclosure == "full"',
        'return self.disclosure == "full"',
        f"{_ACTIONS}::test_events_before_publication_never_tell_the_problem",
    ),
    Mutant(
        "a draft is its organisation's alone",
        "services/challenges/visibility.py",
        'jurisdiction=None if challenge.state == "draft" else challenge.jurisdiction,',
        "jurisdiction=challenge.jurisdiction,",
        "tests/services/challenges/test_the_wire.py::test_a_city_finds_no_draft_to_decide_on",
    ),
    Mutant(
        "a signature is verified",
        "services/sync/signatures.py",
        "        verifier.verify(message, max_age=None, require_components=COVERED, body=body)\n",
        "        pass\n",
        _SIGNATURES,
    ),
    Mutant(
        "a signature covers all it must",
        "services/sync/signatures.py",
        "require_components=COVERED",
        "require_components=()",
        _SIGNATURES,
    ),
    Mutant(
        "a signature gets stale",
        "services/sync/signatures.py",
        "if abs(self.clock() - stated.created) > TOLERANCE:",
        "if False:",
        _SIGNATURES,
    ),
    Mutant(
        "a nonce is good once",
        "services/sync/signatures.py",
        "if not await self.nonces.use(stated.key_id, stated.nonce, stated.created + 2 * TOLERANCE):",
        "if False:",
        _SIGNATURES,
    ),
    Mutant(
        "a record that this batch wrote gets its verdict again",
        "services/sync/domain/verdicts.py",
        "if stored is not None and batch.seq is not None and stored.version >= batch.seq:",
        "if False:",
        _VERDICTS,
    ),
    Mutant(
        "a later batch stops an earlier one",
        "services/sync/domain/verdicts.py",
        "if stored.version != batch.seq:",
        "if False:",
        _VERDICTS,
    ),
    Mutant(
        "the last of rows with one id wins",
        "services/sync/domain/verdicts.py",
        "return {row: same[-1] for same in rows.values() for row in same[:-1]}",
        "return {row: same[0] for same in rows.values() for row in same[1:]}",
        _VERDICTS,
    ),
    Mutant(
        "a batch is what was announced",
        "services/sync/domain/batch.py",
        "raise Refusal(problems.SHA256_DIFFERS)",
        "pass",
        "services/sync/tests/test_batch.py",
    ),
    Mutant(
        "a key puts one part",
        "services/sync/store/parts.py",
        'IndexModel("attempts.mark", unique=True, sparse=True)',
        'IndexModel("attempts.mark")',
        "tests/services/sync/test_store.py::test_an_attempt_puts_one_part",
    ),
    Mutant(
        "the ledger says sending before WeChat is called",
        "services/notifications/sender.py",
        "if mine := await self._started(delivery):",
        "if mine := delivery:",
        f"{_SENDER}::test_the_row_says_sending_before_wechat_is_called",
    ),
    Mutant(
        "only one process sends",
        "services/notifications/sender.py",
        "return started.state if started.state.owner == owner else None",
        "return started.state",
        _SENDER,
    ),
    Mutant(
        "what was judged while it waited does not touch what is being sent",
        "services/notifications/domain/delivery.py",
        "return lambda delivery: decide(delivery) if delivery.waits else None",
        "return decide",
        _SENDER,
    ),
    Mutant(
        "what may be out is never started again",
        "services/notifications/domain/delivery.py",
        '    if not delivery.waits:\n        return None\n    return _becomes(\n        delivery,\n        "delivery.started",',
        '    return _becomes(\n        delivery,\n        "delivery.started",',
        _DELIVERY,
    ),
    Mutant(
        "a digest that was taken to be sent collects no more",
        "services/notifications/domain/delivery.py",
        "or not delivery.collects or",
        "or",
        "services/notifications/tests/test_digest.py",
    ),
    Mutant(
        "a late repeat of reading everything reads nothing new",
        "services/notifications/store/inbox.py",
        ', "created_at": {"$lte": up_to}',
        "",
        f"{_WIRE}::test_a_late_repeat_of_reading_everything_reads_nothing_that_came_since",
    ),
    Mutant(
        "the past tells nobody",
        "services/notifications/telling.py",
        "return self.clock() - at > TOLD_WITHIN",
        "return False",
        "services/notifications/tests/test_telling.py",
    ),
    Mutant(
        "WeChat's pushes are signed",
        "services/notifications/pushes.py",
        "not signed_by(self.token, expected, timestamp, *parts)",
        "False",
        "services/notifications/tests/test_pushes.py",
    ),
    Mutant(
        "a word that overtakes its answer settles nothing else",
        "services/notifications/commands.py",
        'if not any(each.status == "sending" for each in candidates):',
        'candidates = [each for each in candidates if each.status != "sending"]\n            if True:',
        "services/notifications/tests/test_commands.py",
    ),
    Mutant(
        "rows about a sealed claim are kept under a name of their own",
        "services/notifications/names.py",
        "return self.sealed(self.claimant(recipient)) if _is_within_a_claim(recipient) else recipient",
        "return self.everyday_of(recipient)",
        "services/notifications/tests/test_telling.py",
    ),
    Mutant(
        "a person has another name in every claim",
        "shared/secrets.py",
        "self._within.encrypt(identity.encode(), [place.encode()])",
        "self._within.encrypt(identity.encode(), None)",
        "shared/tests/test_secrets.py",
    ),
    Mutant(
        "a city lists the deliveries of its own alone",
        "services/notifications/store/ledger.py",
        "if cities is not None:",
        "if False:",
        "tests/services/notifications/test_the_wire.py::"
        "test_a_city_lists_the_deliveries_of_its_own_and_its_pages_tell_nothing_of_others",
    ),
    Mutant(
        "nobody verifies his own organisation",
        "services/accounts/domain.py",
        "if organization.applicant_id == by:",
        "if False:",
        "services/accounts/tests/test_domain.py",
    ),
    Mutant(
        "an organisation is shown to whom it concerns",
        "services/accounts/queries.py",
        'check("accounts.show-organization", caller, facts_of(found.state))',
        "pass",
        "tests/services/accounts/test_organizations.py",
    ),
    Mutant(
        "a saved search is its owner's alone",
        "services/search/queries.py",
        'check("search.show-saved-search", caller, Facts(owner_id=found.state.user_id))',
        "pass",
        _SAVED_SEARCHES,
    ),
    Mutant(
        "a removed search is gone",
        "services/search/queries.py",
        "if found.state.removed:",
        "if False:",
        _SAVED_SEARCHES,
    ),
)
