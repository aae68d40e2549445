"""The guards of shared/projections: law 4, the newest version of a document wins."""

from tests.mutants.mutant import Mutant

_LAW_4 = "tests/laws/test_projections_converge.py"
_READ_MODELS = "tests/operators/test_read_models.py"

GUARDS = (
    Mutant(
        "nothing is served before it is known what serves",
        "shared/projections/read_models.py",
        "_generation: int | None = None",
        "_generation: int | None = 1",
        "tests/laws/test_generations.py::test_a_process_that_has_just_started_answers_503_until_it_knows_what_serves",
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
)
