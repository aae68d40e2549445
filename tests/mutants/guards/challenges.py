"""The guards of services/challenges: rules of the domain, sealing, visibility."""

from tests.mutants.mutant import Mutant

_CLAIMS = "services/challenges/tests/test_claims.py"
_CONSENTS = "services/challenges/tests/test_consents.py"
_WIRE = "tests/services/challenges/test_claims_on_the_wire.py"
_FENCE = "tests/services/challenges/test_the_fence.py"
_SEALING = "services/challenges/tests/test_sealing.py"
_ACTIONS = "services/challenges/tests/test_actions.py"

GUARDS = (
    Mutant(
        "the poster cannot claim its own challenge",
        "services/challenges/claiming/actions.py",
        "if is_the_poster(setting.challenge, setting.claimant):",
        "if False:",
        _CLAIMS,
    ),
    Mutant(
        "the same credit code is the same organisation",
        "services/challenges/claiming/rules.py",
        "return organization.id == poster.id or organization.credit_code == poster.credit_code",
        "return organization.id == poster.id",
        _CLAIMS,
    ),
    Mutant(
        "the deadline is the last moment",
        "services/challenges/claiming/actions.py",
        "if challenge.is_claimable and at <= challenge.deadline:",
        "if challenge.is_claimable:",
        _CLAIMS,
    ),
    Mutant(
        "one live claim per organisation",
        "services/challenges/claiming/actions.py",
        'if any(each.state != "withdrawn" for each in earlier):',
        "if False:",
        _CLAIMS,
    ),
    Mutant(
        "every partner consents",
        "services/challenges/claiming/actions.py",
        "(commitment_is_accepted, partners_consent),",
        "(commitment_is_accepted,),",
        _CONSENTS,
    ),
    Mutant(
        "a sealed claim opens in its own place only",
        "services/challenges/claiming/sealing.py",
        'return f"claim/{challenge_id}/{claim_id}"',
        'return "claim"',
        "services/challenges/tests/test_sealing.py",
    ),
    Mutant(
        "an event tells the problem only where it is disclosed in full",
        "services/challenges/posting/challenge.py",
        'return self.is_public and self.disclosure == "full"',
        "return self.is_public",
        f"{_ACTIONS}::test_events_keep_the_problem_to_themselves_unless_it_is_disclosed_in_full",
    ),
    Mutant(
        "an event tells no problem before publication",
        "services/challenges/posting/challenge.py",
        'return self.is_public and self.disclosure == "full"',
        'return self.disclosure == "full"',
        f"{_ACTIONS}::test_events_before_publication_never_tell_the_problem",
    ),
    Mutant(
        "a draft is its organisation's alone",
        "services/challenges/posting/visibility.py",
        'jurisdiction=None if challenge.state == "draft" else challenge.jurisdiction,',
        "jurisdiction=challenge.jurisdiction,",
        "tests/services/challenges/test_the_wire.py::test_a_city_finds_no_draft_to_decide_on",
    ),
    Mutant(
        "every claim is written once after the close",
        "services/challenges/claiming/commands.py",
        "decision = claims.fence(claim, now())",
        "decision = None",
        f"{_FENCE}::test_a_submit_that_saw_the_challenge_published_and_stalled_past_the_close_is_refused",
    ),
    Mutant(
        "a submitted claim is fenced too",
        "services/challenges/claiming/actions.py",
        'if claim.state == "submitted" and not claim.fenced:',
        "if False:",
        f"{_FENCE}::test_a_withdrawal_that_stalled_past_the_close_is_refused_and_the_claim_stays_submitted",
    ),
    Mutant(
        "the database's clock decides about the deadline",
        "shared/aggregates/aggregates.py",
        'condition = {"$and": [condition, {"$lte": ["$$NOW", literal(decision.not_after.at)]}]}',
        "pass",
        f"{_FENCE}::test_the_clock_of_the_database_decides_and_not_that_of_a_replica_which_is_slow",
    ),
    Mutant(
        "a partner consents to what it saw",
        "services/challenges/claiming/actions.py",
        "if sha256 != asked.sha256:",
        "if False:",
        _CONSENTS,
    ),
    Mutant(
        "consents hold for the very content and no other",
        "services/challenges/claiming/commands.py",
        "if unsealed.proposal == content.proposal():",
        "if unsealed.proposal.consortium == content.proposal().consortium:",
        f"{_WIRE}::test_a_change_of_a_submitted_text_waits_beside_it_for_the_partners_and_then_for_its_claimant",
    ),
    Mutant(
        "what partners have not consented to stands in no submitted claim",
        "services/challenges/claiming/actions.py",
        "if content.partners:",
        "if False:",
        f"{_CONSENTS}::test_what_is_submitted_is_what_every_partner_of_it_consented_to_and_stays_so",
    ),
    Mutant(
        "the close drops what is pending",
        "services/challenges/claiming/actions.py",
        'update={"fenced": True, "pending": None}',
        'update={"fenced": True}',
        f"{_FENCE}::test_at_the_close_what_is_pending_is_dropped_and_what_was_submitted_stands",
    ),
    Mutant(
        "a withdrawal erases what is pending",
        "services/challenges/claiming/actions.py",
        "sealed=None, pending=None, submitted_at=None",
        "sealed=None, submitted_at=None",
        _CONSENTS,
    ),
    Mutant(
        "what is pending is shown to those alone whom it names",
        "services/challenges/claiming/claim.py",
        "if self.pending is None or organization == self.claimant or self.pending.names(organization):",
        "if True:",
        f"{_WIRE}::test_a_partner_that_the_pending_content_leaves_out_reads_the_submitted_one_alone",
    ),
    Mutant(
        "who is asked about what is pending neither reads nor tries out what was submitted",
        "services/challenges/claiming/queries.py",
        "if claim.standing is None or not claim.shows_content_to(_own_name(store, caller, claim)):",
        "if claim.standing is None:",
        f"{_WIRE}::test_a_partner_that_only_the_pending_content_names_reads_that_one_alone",
    ),
    Mutant(
        "nothing is pending beside a claim that another version of the code withdrew or fenced",
        "services/challenges/claiming/claim.py",
        'may_wait = state["state"] == "submitted" and not state.get("fenced")',
        "may_wait = True",
        _CONSENTS,
    ),
    Mutant(
        "a withdrawal forgets the attempts before it",
        "services/challenges/claiming/actions.py",
        "return with_changes(decision, forgets=True)",
        "return decision",
        _CLAIMS,
    ),
    Mutant(
        "a receipt is salted",
        "services/challenges/claiming/content.py",
        'salted = {"content": fields, "salt": salt}',
        'salted = {"content": fields}',
        _SEALING,
    ),
    Mutant(
        "the body of an attempt cannot be guessed from a claim",
        "services/challenges/claiming/sealing.py",
        'digest = self.pseudonyms.of(f"attempt/{user_id}/{attempt.key}/{attempt.digest}")',
        "digest = attempt.digest",
        _SEALING,
    ),
    Mutant(
        "an event says that a challenge is public only where it is",
        "services/challenges/posting/challenge.py",
        "public=challenge.is_public,",
        "public=True,",
        _ACTIONS,
    ),
    Mutant(
        "an event says that a challenge takes claims only where it does",
        "services/challenges/posting/challenge.py",
        "claimable=challenge.is_claimable,",
        "claimable=challenge.is_public,",
        _ACTIONS,
    ),
    Mutant(
        "a claim is on the private lists before it is written",
        "services/challenges/claiming/commands.py",
        "await store.enlist(claim_id, challenge_id, [setting.claimant.id, *content.proposal().partner_ids])",
        "pass",
        "tests/services/challenges/test_claims_stay_sealed.py::"
        "test_an_entry_is_on_the_private_list_before_the_claim_is_written",
    ),
    Mutant(
        "a list passes over a claim that names the organisation no longer",
        "services/challenges/claiming/queries.py",
        'if stored is None or not allows("challenges.show-claim", caller, reader_facts(store.names, stored.state, caller)):',
        "if stored is None:",
        "tests/services/challenges/test_claims_on_the_wire.py::test_a_partner_that_was_left_out_lists_the_claim_no_longer",
    ),
)
