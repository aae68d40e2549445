"""The guards of services/sync/uploads: what a stranger's file can cost, and who may upload one."""

from tests.mutants.mutant import Mutant

_CONFINED = "services/sync/uploads/confined.py"
_READING = "services/sync/uploads/reading.py"
_RUNNING = "services/sync/uploads/running.py"
_COMMANDS = "services/sync/uploads/commands.py"
_HOSTILE = "tests/services/sync/test_hostile_files.py"
_UPLOADS = "tests/services/sync/test_uploads.py"
_FORMS = "shared/tests/test_forms.py"

GUARDS = (
    Mutant(
        "a child's memory has a bound",
        _CONFINED,
        "resource.setrlimit(resource.RLIMIT_AS, (memory, memory))",
        "pass",
        f"{_HOSTILE}::test_too_much_memory_ends_the_child_and_says_so",
    ),
    Mutant(
        "a child's processor time has a bound",
        _CONFINED,
        "resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))",
        "pass",
        f"{_HOSTILE}::test_too_much_work_ends_the_child_and_says_so",
    ),
    Mutant(
        "a child fills no disk",
        _CONFINED,
        "resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))",
        "pass",
        f"{_HOSTILE}::test_cells_that_are_merged_over_many_rows_fill_no_disk",
    ),
    Mutant(
        "a child has no network, no other program and no other process",
        _CONFINED,
        "            _filter(machine)\n",
        "            pass\n",
        f"{_HOSTILE}::test_whoever_takes_the_child_over_reaches_no_network_no_program_and_no_process",
    ),
    Mutant(
        "a child that does not end is ended",
        _RUNNING,
        "async with asyncio.timeout(limits.seconds):",
        "async with asyncio.timeout(600):",
        f"{_HOSTILE}::test_a_child_that_does_not_end_is_ended",
    ),
    Mutant(
        "a request that ends ends its child",
        _RUNNING,
        "        if child.returncode is None:\n",
        "        if False:\n",
        f"{_HOSTILE}::test_a_request_that_ends_ends_its_child",
    ),
    Mutant(
        "a child is told nothing of the platform",
        _RUNNING,
        'env={"TMPDIR": str(folder), ',
        'env={**os.environ, "TMPDIR": str(folder), ',
        f"{_HOSTILE}::test_the_child_knows_nothing_of_the_platform",
    ),
    Mutant(
        "what a child leaves is not believed",
        _READING,
        "            if len(line) > LONGEST_LINE:\n                raise nonsense()\n",
        "",
        f"{_HOSTILE}::test_what_the_child_leaves_is_not_believed",
    ),
    Mutant(
        "a file's name leads nowhere",
        "services/sync/uploads/bodies.py",
        "_FOLDERS.split(said)[-1]",
        "said",
        f"{_HOSTILE}::test_a_file_is_called_what_its_sender_calls_it_as_far_as_that_is_a_name",
    ),
    Mutant(
        "a city's file is its own people's",
        _COMMANDS,
        '    check("sync.upload", caller, Facts(jurisdiction=asked.jurisdiction))\n',
        "",
        f"{_UPLOADS}::test_the_file_of_another_city_is_not_taken_and_an_agent_does_not_upload",
    ),
    Mutant(
        "only what a dry run has verified is pushed again",
        _COMMANDS,
        'if verified.state != "verified":',
        "if False:",
        f"{_UPLOADS}::test_only_a_verified_dry_run_of_an_upload_of_ones_own_city_is_pushed",
    ),
    Mutant(
        "a workbook is its own city's",
        "services/sync/uploads/marking.py",
        '"sync.show-annotated", caller, batch_id)',
        '"sync.list-jurisdictions", caller, batch_id)',
        f"{_UPLOADS}::test_only_a_workbook_of_ones_own_city_is_marked_once_its_receipt_is_whole",
    ),
    Mutant(
        "an upload that was interrupted goes on",
        _COMMANDS,
        'if earlier is not None and earlier.state.state != "open":',
        "if earlier is not None:",
        f"{_UPLOADS}::test_whatever_interrupts_it_the_same_request_goes_on",
    ),
    Mutant(
        "so many uploads are under way and no more",
        _COMMANDS,
        "if self._under_way >= UNDER_WAY:",
        "if False:",
        f"{_UPLOADS}::test_no_more_uploads_are_under_way_than_there_are_places",
    ),
    Mutant(
        "an uploaded file is sealed for its place",
        "services/sync/uploads/keeping.py",
        "self.sealer.seal(piece, _context(batch_id, number))",
        "piece",
        f"{_UPLOADS}::test_what_is_kept_of_a_file_is_sealed_for_its_place",
    ),
    Mutant(
        "a form has a bound while it comes",
        "shared/http/reading.py",
        "            if size > self.limit:\n                raise self._too_large()\n            yield piece",
        "            yield piece",
        f"{_FORMS}::test_what_is_larger_than_the_route_takes_is_refused",
    ),
    Mutant(
        "what a form says makes its attempt",
        "shared/http/forms.py",
        "[sorted(self.fields.items()), self.name, self.sha256]",
        "[self.name, self.sha256]",
        f"{_FORMS}::test_the_same_form_is_the_same_attempt_and_another_file_or_name_or_field_is_another",
    ),
    Mutant(
        "a signature is over a body that was read",
        "shared/http/routes.py",
        'if self.reads_itself and "agent" in self.rule.allow:',
        "if False:",
        f"{_FORMS}::test_a_route_that_reads_its_own_body_takes_no_signatures",
    ),
)
