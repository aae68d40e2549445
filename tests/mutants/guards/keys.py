"""The guards of the key files: none is made twice, and who is given which."""

from tests.mutants.mutant import Mutant

_FILE = "deploy/local/keys.py"
_KEYS = "deploy/local/tests/test_keys.py"
_READERS = "deploy/tests/test_who_reads_which_key.py"

GUARDS = (
    Mutant(
        "a key of an earlier version moves before one is made",
        _FILE,
        "if old.exists() and (content := old.read_bytes()) != _NOTE:",
        "if (content := b''):",
        f"{_KEYS}::test_keys_of_an_earlier_version_move_into_their_folders_and_no_second_one_is_made",
    ),
    Mutant(
        "between two different keys a person decides",
        _FILE,
        "if new.read_bytes() != content:",
        "if False:",
        f"{_KEYS}::test_two_different_keys_are_left_to_a_person",
    ),
    Mutant(
        "an earlier version finds a note where a key was, and makes no second one",
        _FILE,
        "_replace(old, _NOTE)",
        "old.unlink()",
        f"{_KEYS}::test_an_earlier_version_that_is_started_again_finds_no_key_and_makes_none",
    ),
    Mutant(
        "of two that make a key at once one wins",
        _FILE,
        "        with suppress(FileExistsError):\n            file.hardlink_to(fresh)\n        fresh.unlink()\n",
        "        fresh.replace(file)\n",
        f"{_KEYS}::test_a_key_that_another_process_makes_meanwhile_is_the_one_that_stays",
    ),
    Mutant(
        "a process of make up sees the keys of its row",
        _FILE,
        "for name in names:",
        "for name in FILES:",
        f"{_READERS}::test_make_up_gives_each_process_what_its_container_sees",
    ),
    Mutant(
        "a container sees the keys of its row",
        "deploy/compose.yaml",
        "      - master-key:/keys/master:ro\n",
        "      - master-key:/keys/master:ro\n      - signing-key:/keys/signing:ro\n",
        f"{_READERS}::test_a_container_sees_the_keys_of_its_row_and_no_others_and_only_the_job_that_makes_them_writes_them",
    ),
)
