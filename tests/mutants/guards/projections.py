"""The guards of shared/projections: law 4, the newest version of a document wins."""

from tests.mutants.mutant import Mutant

_LAW_4 = "tests/laws/test_projections_converge.py"
_GENERATIONS = "tests/laws/test_generations.py"
_READ_MODELS = "tests/operators/test_read_models.py"

GUARDS = (
    Mutant(
        "nothing is served before it is known what serves",
        "shared/projections/read_models.py",
        "_generation: int | None = None",
        "_generation: int | None = 1",
        f"{_GENERATIONS}::test_a_process_that_has_just_started_answers_503_until_it_knows_what_serves",
    ),
    Mutant(
        "a register is replaced only by a higher version",
        "shared/projections/registers.py",
        'older = {"$lt": [{"$ifNull": ["$version", 0]}, document["version"]]}',
        'older = {"$lt": [0, document["version"]]}',
        _LAW_4,
    ),
    Mutant(
        "of a batch the newest event of a document counts",
        "shared/projections/read_models.py",
        "if known is None or known[0].version < event.version:",
        "if True:",
        _LAW_4,
    ),
    Mutant(
        "a pointer moves only from where it stands",
        "shared/projections/pointers.py",
        'unchanged = {"$eq": [{"$ifNull": ["$revision", 0]}, revision]}',
        'unchanged = {"$eq": [1, 1]}',
        f"{_READ_MODELS}::test_a_pointer_that_moved_meanwhile_is_not_overwritten",
    ),
    Mutant(
        "a rebuild is begun once per key",
        "shared/projections/pointers.py",
        "if attempt and attempt.was_made(made):",
        "if False:",
        _READ_MODELS,
    ),
    Mutant(
        "a document that was there before is not counted again",
        "shared/projections/read_models.py",
        "new = await registers.write(collection, documents)",
        "new = len(documents) + 0 * await registers.write(collection, documents)",
        f"{_READ_MODELS}::test_the_number_of_documents_is_kept_and_not_counted",
    ),
    Mutant(
        "a far smaller generation waits",
        "shared/projections/takeover.py",
        "return built < _SHARE * serving and serving - built >= _FEWER",
        "return False",
        f"{_GENERATIONS}::test_a_far_smaller_generation_waits_for_a_persons_word",
    ),
    Mutant(
        "what comes from a log that is not whole waits",
        "shared/projections/read_models.py",
        "if not await self._whole(self.topics):",
        "if False:",
        f"{_GENERATIONS}::test_what_was_rebuilt_from_a_log_that_is_not_whole_waits_until_it_is",
    ),
    Mutant(
        "a word for one generation is none for the next",
        "shared/projections/read_models.py",
        'if pointer.get("forced") == pointer["building"]:',
        'if "forced" in pointer:',
        f"{_GENERATIONS}::test_a_word_for_one_generation_is_none_for_the_next",
    ),
    Mutant(
        "a rebuild by force is in the audit trail",
        "shared/operations/rebuilding.py",
        'begun = await recorder.begin(f"force/{attempt.mark}", attempt.caller, f"{service}.force-read-model", subject)',
        'begun = ""',
        f"{_READ_MODELS}::test_a_rebuild_by_force_is_written_into_the_audit_trail",
    ),
)
