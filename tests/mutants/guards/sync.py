"""The guards of services/sync: signatures, verdicts, batches."""

from tests.mutants.mutant import Mutant

_SIGNATURES = "services/sync/tests/test_signatures.py"
_VERDICTS = "services/sync/tests/test_verdicts.py"

GUARDS = (
    Mutant(
        "a signature is verified",
        "services/sync/intake/signatures.py",
        "results = verifier.verify(message, max_age=None, require_components=COVERED)",
        "results = []",
        _SIGNATURES,
    ),
    Mutant(
        "a signature covers all it must",
        "services/sync/intake/signatures.py",
        "require_components=COVERED",
        "require_components=()",
        _SIGNATURES,
    ),
    Mutant(
        "a signature gets stale",
        "services/sync/intake/signatures.py",
        "abs(at - stated.created) > TOLERANCE",
        "False",
        _SIGNATURES,
    ),
    Mutant(
        "a signature is not good after it expires",
        "services/sync/intake/signatures.py",
        "(stated.expires is not None and at > stated.expires)",
        "False",
        _SIGNATURES,
    ),
    Mutant(
        "the authority is the platform's own word",
        "services/sync/intake/signatures.py",
        'f"{public_url}{path}',
        "f\"http://{headers['host']}{path}",
        _SIGNATURES,
    ),
    Mutant(
        "a body is the one whose digest was signed",
        "services/sync/intake/signatures.py",
        "await asyncio.to_thread(self.verifier.verify_body, self.message, self.results, body)",
        "pass",
        _SIGNATURES,
    ),
    Mutant(
        "a nonce is good once",
        "services/sync/intake/signatures.py",
        "if not await self.nonces.use(stated.key_id, stated.nonce, stated.created + 2 * TOLERANCE):",
        "if False:",
        _SIGNATURES,
    ),
    Mutant(
        "a record that this batch wrote gets its verdict again",
        "services/sync/applying/verdicts.py",
        "if stored is not None and batch.seq is not None and stored.version >= batch.seq:",
        "if False:",
        _VERDICTS,
    ),
    Mutant(
        "a later batch stops an earlier one",
        "services/sync/applying/verdicts.py",
        "if stored.version != batch.seq:",
        "if False:",
        _VERDICTS,
    ),
    Mutant(
        "the last of rows with one id wins",
        "services/sync/applying/verdicts.py",
        "return {row: same[-1] for same in rows.values() for row in same[:-1]}",
        "return {row: same[0] for same in rows.values() for row in same[1:]}",
        _VERDICTS,
    ),
    Mutant(
        "a batch is what was announced",
        "services/sync/intake/batch.py",
        "raise Refusal(problems.SHA256_DIFFERS)",
        "pass",
        "services/sync/tests/test_batch.py",
    ),
    Mutant(
        "a key puts one part",
        "services/sync/intake/parts.py",
        'IndexModel("attempts.mark", unique=True, sparse=True)',
        'IndexModel("attempts.mark")',
        "tests/services/sync/test_store.py::test_an_attempt_puts_one_part",
    ),
    Mutant(
        "a part is one gzip member",
        "services/sync/intake/part_bodies.py",
        "if inflating.unused_data:",
        "if False:",
        "services/sync/tests/test_part_bodies.py",
    ),
    Mutant(
        "a bomb is not inflated whole",
        "services/sync/intake/part_bodies.py",
        "inflating.decompress(body, MAX_PART_BYTES + 1)",
        "inflating.decompress(body)[: MAX_PART_BYTES + 1]",
        "services/sync/tests/test_part_bodies.py",
    ),
    Mutant(
        "a rejection quotes no telephone number",
        "services/sync/rows/rejections.py",
        "return without_numbers(value)",
        "return value",
        "services/sync/tests/test_reading.py",
    ),
    Mutant(
        "a rejection names no telephone number as a field",
        "services/sync/rows/rejections.py",
        "field = field and without_numbers(field)",
        "pass",
        "services/sync/tests/test_reading.py",
    ),
    Mutant(
        "a city that floods waits behind itself",
        "services/sync/intake/turns.py",
        "async with self._of_a_city[jurisdiction], self._all:",
        "async with self._all:",
        "services/sync/tests/test_turns.py",
    ),
    Mutant(
        "cities take turns with the worker",
        "services/sync/applying/consumers.py",
        "zip_longest(*([",
        "iter(([",
        "services/sync/tests/test_consumers.py",
    ),
    Mutant(
        "every city has the same share of a round",
        "services/sync/applying/consumers.py",
        "ROUND_SECONDS / len(cities) / len(own)",
        "ROUND_SECONDS / len(cities)",
        "services/sync/tests/test_consumers.py",
    ),
)
