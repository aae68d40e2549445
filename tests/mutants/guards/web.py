"""The guards of the pages: what somebody decides on is what they saw, and nothing of one person stays for the next."""

from tests.mutants.mutant import Mutant

_UNITS = "tests/web/test_units.py::test_the_tests_of_the_pages_parts_pass"
_CONSOLE = "tests/web/test_console.py"
_LOGIN = "tests/web/test_login.py"
_JOURNEY_SECONDS = 300
"""With the system, the pages' build and a browser."""

GUARDS = (
    Mutant(
        "the console has the policy of the pages",
        "deploy/gateway/Caddyfile",
        "\thandle @console {\n\t\trewrite {file_match.relative}\n\t\theader Cache-Control no-cache\n\t\timport pages\n",
        "\thandle @console {\n\t\trewrite {file_match.relative}\n\t\theader Cache-Control no-cache\n\t\tfile_server\n",
        "tests/gateway/test_pages.py::test_every_address_of_the_console_gets_its_entry",
    ),
    Mutant(
        "a login leads to no other site",
        "web/src/shared/session/next.ts",
        "url?.origin === ours ? url.href",
        "url ? url.href",
        _UNITS,
    ),
    Mutant(
        "a write is repeated under its key",
        "web/client/src/writes.ts",
        "    this.keys.set(intent, key);\n",
        "",
        _UNITS,
    ),
    Mutant(
        "what somebody was shown is gone once they leave",
        "web/src/shared/session/index.ts",
        "else if (now.is !== before.is) setTimeout",
        "else if (now.is === before.is) setTimeout",
        _UNITS,
    ),
    Mutant(
        "a page whose session ended by itself shows nothing",
        "web/src/shared/session/Signed.tsx",
        '<div hidden={standing.is !== "in"}>',
        "<div>",
        f"{_LOGIN}::test_what_was_being_done_when_the_session_ended_is_done_once_the_same_person_is_back",
        _JOURNEY_SECONDS,
    ),
    Mutant(
        "a step of a challenge is taken on the version that was read",
        "web/src/console/challenges/Decision.tsx",
        "header: { ...header, ...seen(it.version) }",
        "header",
        f"{_CONSOLE}::test_an_operator_whose_colleague_was_faster_sees_both_versions",
        _JOURNEY_SECONDS,
    ),
    Mutant(
        "a dead letter that was unmasked is masked again once its window is closed",
        "web/src/console/dead-letters/Letter.tsx",
        "        destroyOnHidden\n",
        "",
        f"{_CONSOLE}::test_an_operator_looks_at_a_dead_letter_with_a_reason_and_replays_it",
        _JOURNEY_SECONDS,
    ),
)
