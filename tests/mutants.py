"""Takes one guard away at a time and sees whether its test notices: `python -m tests.mutants [word in a name]`.

Each mutant is a copy of the tree with one exact text replaced; then the test that must fail is run against the copy, on
one Kafka and one database for all. A mutant that survives is printed as such and makes the exit code 1; so does a row
whose text is no longer in its file, or whose test fails without the mutant.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.stack import Servers

ROOT = Path(__file__).parents[1]
_COPIED = ("shared", "services", "deploy", "tests", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", "Makefile")
_HUNING = Path(sys.executable).parent / "huning"
_SECONDS = 240


@dataclass(frozen=True)
class Mutant:
    """A guard: where it stands, its exact text, what stands there instead, and the test that must fail."""

    guard: str
    file: str
    text: str
    instead: str
    test: str


_LAW_2 = "tests/laws/test_state_and_event_are_one_write.py"
_LAW_4 = "tests/laws/test_projections_converge.py"
_LAW_6 = "tests/laws/test_work_then_commit.py"
_MARKS = "tests/laws/test_a_deadly_message_is_found.py"
_CLAIMS = "services/challenges/tests/test_claims.py"
_ACCESS = "shared/tests/test_access.py"
_SIGNATURES = "services/sync/tests/test_signatures.py"
_VERDICTS = "services/sync/tests/test_verdicts.py"
_DELIVERY = "services/notifications/tests/test_delivery.py"
_SENDER = "services/notifications/tests/test_sender.py"
_WIRE = "tests/accounts/test_the_wire.py"

MUTANTS = (
    Mutant(
        "a write is guarded by the revision that was read",
        "shared/aggregates.py",
        'condition = {"$eq": ["$revision", loaded.document["revision"]]}',
        'condition = {"$eq": [1, 1]}',
        f"{_LAW_2}::test_twenty_writers_at_once_each_get_their_turn_and_every_event_waits_once",
    ),
    Mutant(
        "a repeated attempt is recognised",
        "shared/aggregates.py",
        'if attempt and attempt.was_made(loaded.document["attempts"]):',
        "if False:",
        f"{_LAW_2}::test_a_repeated_attempt_writes_nothing_and_answers_the_resource_as_it_is_now",
    ),
    Mutant(
        "a creation is unique by its attempt",
        "shared/aggregates.py",
        'document["creation"] = attempt.mark',
        "pass",
        f"{_LAW_2}::test_creating_twice_under_one_key_creates_once",
    ),
    Mutant(
        "a key with another body is refused",
        "shared/attempts.py",
        'if earlier["digest"] != self.digest:',
        "if False:",
        f"{_LAW_2}::test_one_key_with_another_body_is_refused",
    ),
    Mutant(
        "If-Match is looked at",
        "shared/aggregates.py",
        "attempt.if_match is not None and attempt.if_match != loaded.version",
        "False",
        f"{_LAW_2}::test_a_caller_that_saw_an_older_version_is_told_so",
    ),
    Mutant(
        "a full outbox takes no more",
        "shared/aggregates.py",
        'if len(loaded.document["outbox"]) >= MAX_WAITING:',
        "if False:",
        f"{_LAW_2}::test_a_document_with_fifty_unpublished_events_takes_no_more",
    ),
    Mutant(
        "the relay awaits the acknowledgement before it takes an event out",
        "shared/outbox.py",
        "await self._publish(Event.from_document(waiting))",
        "asyncio.ensure_future(self._publish(Event.from_document(waiting)))",
        f"{_LAW_2}::test_the_relay_publishes_in_order_and_keeps_an_event_until_it_is_acknowledged",
    ),
    Mutant(
        "only what was published is taken out",
        "shared/outbox.py",
        '"cond": {"$not": [{"$in": [mark, literal(marks)]}]}',
        '"cond": {"$eq": [1, 2]}',
        f"{_LAW_2}::test_taking_out_what_was_published_keeps_what_was_written_meanwhile",
    ),
    Mutant(
        "values are literal in pipelines",
        "shared/mongo.py",
        'return {"$literal": value}',
        "return value  # type: ignore[return-value]",
        f"{_LAW_2}::test_values_that_look_like_paths_are_kept",
    ),
    Mutant(
        "a register is replaced only by a higher version",
        "shared/registers.py",
        'older = {"$lt": [{"$ifNull": ["$version", 0]}, document["version"]]}',
        'older = {"$lt": [0, document["version"]]}',
        _LAW_4,
    ),
    Mutant(
        "of a batch the newest event of a document counts",
        "shared/read_models.py",
        "if known is None or known[0].version < event.version:",
        "if True:",
        _LAW_4,
    ),
    Mutant(
        "the offset is committed after the work",
        "shared/consuming.py",
        "AckPolicy.NACK_ON_ERROR",
        "AckPolicy.ACK_FIRST",
        _LAW_6,
    ),
    Mutant(
        "a batch that was interrupted goes back",
        "shared/consuming.py",
        "raise Interrupted from error",
        "return None  # type: ignore[return-value]",
        f"{_LAW_6}::test_what_a_process_had_begun_when_it_was_stopped_comes_again",
    ),
    Mutant(
        "a deadly message is counted where it stands",
        "shared/marks.py",
        'return f"{group}/{record.topic}/{record.partition}/{record.offset}"',
        'return f"{group}/{record.topic}/{record.partition}/record"',
        _MARKS,
    ),
    Mutant(
        "a record that was survived is above suspicion",
        "shared/consuming.py",
        "await self._patiently(lambda: self.marks.survived(group, record))",
        "pass",
        _MARKS,
    ),
    Mutant(
        "a role counts for its own city only",
        "shared/access.py",
        "return facts.jurisdiction is not None and facts.jurisdiction in cities",
        "return facts.jurisdiction is not None",
        _ACCESS,
    ),
    Mutant(
        "an organisation's own is its own",
        "shared/access.py",
        "return facts.organization_id is not None and facts.organization_id == caller.organization_id",
        "return facts.organization_id is not None",
        _ACCESS,
    ),
    Mutant(
        "nobody's organisation is nobody's own",
        "shared/access.py",
        "return facts.organization_id is not None and facts.organization_id == caller.organization_id",
        "return facts.organization_id == caller.organization_id",
        _ACCESS,
    ),
    Mutant(
        "what one may not see is 404",
        "shared/access.py",
        "raise Refusal(problems.FORBIDDEN if sees(action, caller, facts) else problems.NOT_FOUND)",
        "raise Refusal(problems.FORBIDDEN)",
        _ACCESS,
    ),
    Mutant(
        "a visitor sees what is public only",
        "shared/access.py",
        'return who != "visitor" or facts.public or facts == Facts()',
        "return True",
        _ACCESS,
    ),
    Mutant(
        "the door is shut for roles that the table does not name",
        "shared/http.py",
        "            admit(action, caller)\n",
        "",
        "shared/tests/test_http.py::test_who_is_not_named_in_the_table_gets_no_further_than_the_door",
    ),
    Mutant(
        "a write wants its key",
        "shared/http.py",
        "if wants_key(row):",
        'if wants_key(row) and request.headers.get("idempotency-key"):',
        "shared/tests/test_http.py",
    ),
    Mutant(
        "one caller's requests are counted",
        "shared/http.py",
        "            _limit(request, caller)\n",
        "",
        "shared/tests/test_http.py",
    ),
    Mutant(
        "only EdDSA is a signature of a token",
        "shared/auth.py",
        'if header.get("alg") != "EdDSA" or not isinstance(header.get("kid"), str):',
        'if not isinstance(header.get("kid"), str):',
        "shared/tests/test_auth.py",
    ),
    Mutant(
        "the audience of a token is looked at",
        "shared/auth.py",
        "audience=AUDIENCE,",
        "audience=None,",
        f"{_WIRE}::test_tokens_that_are_not_ours_or_not_now_are_401_with_codes_of_their_own",
    ),
    Mutant(
        "a newer state of the user counts more than the token",
        "shared/auth.py",
        "return known[1] if known and known[0] > version else None",
        "return None",
        "shared/tests/test_auth.py",
    ),
    Mutant(
        "JSON with a key twice is refused",
        "shared/json_body.py",
        "if len(value) != len(pairs):",
        "if False:",
        "shared/tests/test_json_body.py",
    ),
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
        "a claim's content is encrypted",
        "shared/secrets.py",
        "return nonce + self._cipher.encrypt(nonce, plain, context.encode())",
        "return nonce + plain",
        "services/challenges/tests/test_sealing.py",
    ),
    Mutant(
        "a sealed claim opens in its own place only",
        "services/challenges/sealing.py",
        'return f"claim/{challenge_id}/{claim_id}"',
        'return "claim"',
        "services/challenges/tests/test_sealing.py",
    ),
    Mutant(
        "a draft is its organisation's alone",
        "services/challenges/visibility.py",
        'jurisdiction=None if challenge.state == "draft" else challenge.jurisdiction,',
        "jurisdiction=challenge.jurisdiction,",
        "tests/challenges/test_the_wire.py::test_a_city_finds_no_draft_to_decide_on",
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
        "services/sync/verdicts.py",
        "if stored is not None and batch.seq is not None and stored.version >= batch.seq:",
        "if False:",
        _VERDICTS,
    ),
    Mutant(
        "a later batch stops an earlier one",
        "services/sync/verdicts.py",
        "if stored.version != batch.seq:",
        "if False:",
        _VERDICTS,
    ),
    Mutant(
        "the last of rows with one id wins",
        "services/sync/verdicts.py",
        "return {row: same[-1] for same in rows.values() for row in same[:-1]}",
        "return {row: same[0] for same in rows.values() for row in same[1:]}",
        _VERDICTS,
    ),
    Mutant(
        "a batch is what was announced",
        "services/sync/domain.py",
        "raise Refusal(problems.SHA256_DIFFERS)",
        "pass",
        "services/sync/tests/test_domain.py",
    ),
    Mutant(
        "the ledger says sending before WeChat is called",
        "services/notifications/sender.py",
        "if mine := await self._started(delivery, person):",
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
        "what may be out is never started again",
        "services/notifications/domain/delivery.py",
        '    if not delivery.waits:\n        return None\n    return _becomes(\n        delivery,\n        "delivery.started",',
        '    return _becomes(\n        delivery,\n        "delivery.started",',
        _DELIVERY,
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
        "nobody verifies his own organisation",
        "services/accounts/domain.py",
        "if organization.applicant_id == by:",
        "if False:",
        "services/accounts/tests/test_domain.py",
    ),
)


def main() -> int:
    """The table of what was killed; 1 when something survived or a row is out of date."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [mutant for mutant in MUTANTS if word in mutant.guard]
    table = Table("guard", "file", "result", title="mutants")
    results: list[str] = []
    sound: set[str] = set()
    with Servers() as servers, tempfile.TemporaryDirectory() as folder:
        environment = {**servers.environment, "HUNING_PREFIX": "mutants."}
        subprocess.run([_HUNING, "topics", "apply"], env=environment, check=True, capture_output=True)
        for mutant in chosen:
            results.append(fate(mutant, Path(folder), environment, sound))
            table.add_row(mutant.guard, mutant.file, results[-1])
            print(f"{results[-1]:<10} {mutant.guard}", flush=True)
    Console().print(table)
    print(f"{results.count('killed')} of {len(results)} killed")
    return int(set(results) != {"killed"})


def fate(mutant: Mutant, folder: Path, environment: dict[str, str], sound: set[str]) -> str:
    """killed, survived, or what is wrong with the row. `sound` are the tests that are known to pass without a mutant."""
    original = (ROOT / mutant.file).read_text()
    if original.count(mutant.text) != 1:
        return "text gone" if mutant.text not in original else "text twice"
    tree = folder / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir()
    _copy(tree)
    if mutant.test not in sound and not _passes(mutant.test, tree, environment):
        return "test fails"
    sound.add(mutant.test)
    (tree / mutant.file).write_text(original.replace(mutant.text, mutant.instead))
    return "survived" if _passes(mutant.test, tree, environment) else "killed"


def _copy(tree: Path) -> None:
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        elif source.exists():
            shutil.copy(source, tree / name)


def _passes(test: str, tree: Path, environment: dict[str, str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--timeout", "120", test]
    told = {**os.environ, **environment, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=tree, env=told, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
