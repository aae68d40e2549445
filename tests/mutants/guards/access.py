"""The guards of shared/access: roles, organisations, cities and tokens."""

from tests.mutants.mutant import Mutant

_ACCESS = "shared/tests/test_access.py"
_WIRE = "tests/services/accounts/test_the_wire.py"

GUARDS = (
    Mutant(
        "a role counts for its own city only",
        "shared/access/checking.py",
        "return facts.jurisdiction is not None and facts.jurisdiction in cities",
        "return facts.jurisdiction is not None",
        _ACCESS,
    ),
    Mutant(
        "an organisation's own is its own",
        "shared/access/checking.py",
        "return facts.organization_id is not None and facts.organization_id == caller.organization_id",
        "return facts.organization_id is not None",
        _ACCESS,
    ),
    Mutant(
        "nobody's organisation is nobody's own",
        "shared/access/checking.py",
        "return facts.organization_id is not None and facts.organization_id == caller.organization_id",
        "return facts.organization_id == caller.organization_id",
        _ACCESS,
    ),
    Mutant(
        "what one may not see is 404",
        "shared/access/checking.py",
        "raise Refusal(_why_forbidden(action, caller) if sees(action, caller, facts) else problems.NOT_FOUND)",
        "raise Refusal(_why_forbidden(action, caller))",
        _ACCESS,
    ),
    Mutant(
        "a visitor sees what is public only",
        "shared/access/checking.py",
        'return who != "visitor" or facts.public or facts == Facts()',
        "return True",
        _ACCESS,
    ),
    Mutant(
        "only EdDSA is a signature of a token",
        "shared/access/tokens.py",
        'if header.get("alg") != "EdDSA" or not isinstance(header.get("kid"), str):',
        'if not isinstance(header.get("kid"), str):',
        "shared/tests/test_auth.py",
    ),
    Mutant(
        "the audience of a token is looked at",
        "shared/access/tokens.py",
        "audience=AUDIENCE,",
        "audience=None,",
        f"{_WIRE}::test_tokens_that_are_not_ours_or_not_now_are_401_with_codes_of_their_own",
    ),
    Mutant(
        "a newer state of the user counts more than the token",
        "shared/access/tokens.py",
        "return known[1] if known and known[0] > version else None",
        "return None",
        "shared/tests/test_auth.py",
    ),
    Mutant(
        "a membership that ended ends its tokens",
        "shared/access/tokens.py",
        "            if not held:\n                raise Refusal(problems.MEMBERSHIP_ENDED)",
        "            held = held or list(newer.memberships)",
        "shared/tests/test_auth.py",
    ),
    Mutant(
        "administering an organisation comes from the acting membership alone",
        "shared/access/tokens.py",
        "for each in roles if each.role is not Role.ORG_ADMIN}",
        "for each in roles}",
        "shared/tests/test_auth.py",
    ),
    Mutant(
        "tokens of before all sessions were ended are refused",
        "shared/access/tokens.py",
        'if newer.session_generation > claims.get("generation", 0):',
        "if False:",
        "shared/tests/test_auth.py",
    ),
    Mutant(
        "an expired token counts as none only where a visitor may read",
        "shared/access/tokens.py",
        'if refusal.problem is problems.TOKEN_EXPIRED and row is not None and "visitor" in row.allow:',
        "if refusal.problem is problems.TOKEN_EXPIRED:",
        "shared/tests/test_auth.py",
    ),
    Mutant(
        "the acting organisation is part of what an Idempotency-Key stands for",
        "shared/http/parsing.py",
        'asked = (request.method, path, query, (caller.organization_id or "").encode(), body)',
        'asked = (request.method, path, query, b"", body)',
        f"{_WIRE}::test_a_key_used_for_one_organisation_is_not_good_for_another",
    ),
    Mutant(
        "an answer about signing keys has an age",
        "shared/access/signing_keys.py",
        "if key_id not in self._keys or self._age() > MAX_AGE_SECONDS:",
        "if key_id not in self._keys:",
        "shared/tests/test_signing_keys.py",
    ),
    Mutant(
        "unknown keys cause one question",
        "shared/access/signing_keys.py",
        "if self._asked_at != before or self.clock() - self._asked_at < pause:",
        "if False:",
        "shared/tests/test_signing_keys.py",
    ),
    Mutant(
        "an answer is not used for ever while accounts is away",
        "shared/access/signing_keys.py",
        "if self._age() > self.kept_seconds:",
        "if False:",
        "shared/tests/test_signing_keys.py",
    ),
)
