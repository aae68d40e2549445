"""The guards of shared/: the six laws, the door, what is read from a request or a token."""

from tests.mutants.mutant import Mutant

_LAW_2 = "tests/laws/test_state_and_event_are_one_write.py"
_LAW_4 = "tests/laws/test_projections_converge.py"
_LAW_6 = "tests/laws/test_work_then_commit.py"
_MARKS = "tests/laws/test_a_deadly_message_is_found.py"
_ACCESS = "shared/tests/test_access.py"
_WIRE = "tests/accounts/test_the_wire.py"

GUARDS = (
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
        "a claim's content is encrypted",
        "shared/secrets.py",
        "return nonce + self._cipher.encrypt(nonce, plain, context.encode())",
        "return nonce + plain",
        "services/challenges/tests/test_sealing.py",
    ),
)
