"""The guards of shared/operations: dead letters and who may settle them."""

from tests.mutants.mutant import Mutant

_LETTERS = "tests/operators/test_dead_letters.py"

GUARDS = (
    Mutant(
        "a city lists its own dead letters alone",
        "shared/operations/dead_letters.py",
        "if cities is not None:",
        "if False:",
        f"{_LETTERS}::test_a_city_lists_its_own_letters_and_the_alliance_all_of_them",
    ),
    Mutant(
        "a dead letter about a claim is no city's",
        "shared/operations/dead_letter_views.py",
        "if letter.topic not in _OF_CITIES or",
        "if",
        "shared/tests/test_dead_letter_views.py",
    ),
    Mutant(
        "a dead letter is settled once",
        "shared/operations/dead_letters.py",
        'still_open, merged = {"$eq": ["$status", "open"]},',
        'still_open, merged = {"$eq": [1, 1]},',
        f"{_LETTERS}::test_of_twenty_who_settle_at_once_one_does_and_its_key_alone_is_answered",
    ),
    Mutant(
        "a letter is opened again by a newer parking alone",
        "shared/operations/dead_letters.py",
        '{"$lt": ["$at", literal(kept["at"])]}',
        '{"$eq": [1, 1]}',
        f"{_LETTERS}::test_the_same_parking_heard_again_does_not_open_what_was_replayed",
    ),
    Mutant(
        "what was discarded stays so",
        "shared/operations/dead_letters.py",
        '{"$ne": ["$status", "discarded"]}',
        '{"$eq": [1, 1]}',
        f"{_LETTERS}::test_what_was_discarded_stays_so_when_its_message_is_parked_again",
    ),
    Mutant(
        "a message that failed again meanwhile was not replayed",
        "shared/operations/dead_letters.py",
        'not_since = {"$eq": ["$at", literal(document["at"])]}',
        'not_since = {"$eq": [1, 1]}',
        f"{_LETTERS}::test_a_message_that_is_parked_again_while_it_is_replayed_stays_open",
    ),
)
