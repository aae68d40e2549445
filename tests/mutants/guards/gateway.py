"""The guards of the gateway, and of processes that leave it: who is asked, and what is never sent twice."""

from tests.mutants.mutant import Mutant

_CADDYFILE = "deploy/gateway/Caddyfile"
_REPLICAS = "tests/gateway/test_replicas.py"
_PAGES = "tests/gateway/test_pages.py"
_ROTATION = "shared/tests/test_rotation.py"

GUARDS = (
    Mutant(
        "a write has a connection of its own",
        _CADDYFILE,
        "keepalive off",
        "keepalive 60s",
        f"{_REPLICAS}::test_a_write_whose_connection_breaks_is_sent_to_nobody_again",
    ),
    Mutant(
        "of what was sent only reads are tried again",
        _CADDYFILE,
        "\tlb_retry_match {\n\t\tmethod GET HEAD\n",
        "\tlb_retry_match {\n\t\tmethod GET HEAD POST\n",
        f"{_REPLICAS}::test_a_write_whose_connection_breaks_is_sent_to_nobody_again",
    ),
    Mutant(
        "a replica that is not ready is not asked",
        _CADDYFILE,
        "\thealth_uri /readyz/requests\n",
        "",
        f"{_REPLICAS}::test_a_replica_that_says_it_is_not_ready_is_not_asked_until_it_is",
    ),
    Mutant(
        "a replica that breaks reads rests",
        _CADDYFILE,
        "\t\t\tfail_duration 2s\n",
        "",
        f"{_REPLICAS}::test_a_replica_that_breaks_reads_rests_although_it_says_it_is_ready",
    ),
    Mutant(
        "a read has no body that a client could break",
        _CADDYFILE,
        "\t\tset {http.vars.nothing}\n",
        "\t\tmax_size 1MB\n",
        f"{_REPLICAS}::test_bodies_that_clients_break_are_no_fault_of_a_replica",
    ),
    Mutant(
        "no answer to a read is waited for as long as to a write",
        _CADDYFILE,
        "response_header_timeout 12s",
        "response_header_timeout 30s",
        f"{_REPLICAS}::test_a_read_that_a_paused_replica_does_not_answer_is_asked_of_the_other",
    ),
    Mutant(
        "a process leaves the rotation before it stops",
        "shared/runtime/serving.py",
        "await self._rotation.leave()",
        "pass",
        f"{_ROTATION}::test_a_server_that_is_to_stop_serves_until_the_gateway_knows",
    ),
    Mutant(
        "a process that leaves waits for everybody who looks",
        "shared/operations/rotation.py",
        "all(at >= left_at for at in self._recent().values())",
        "any(at >= left_at for at in self._recent().values())",
        f"{_ROTATION}::test_it_stops_once_everybody_who_looks_was_told",
    ),
    Mutant(
        "a replica without an index sends requests to another",
        "services/search/app.py",
        "service.check(NAME, index.check, needed=True)",
        "service.check(NAME, index.check)",
        "services/search/tests/test_app.py::test_until_there_is_an_index_another_replica_is_to_be_asked",
    ),
    Mutant(
        "the index serves before the port opens",
        "shared/runtime/service.py",
        "            await start()\n            self._task(run())\n",
        "            self._task(run())\n",
        "services/search/tests/test_app.py::test_the_index_that_is_there_serves_before_the_port_opens",
    ),
    Mutant(
        "pages run no script but our own files",
        _CADDYFILE,
        "default-src 'self'; style-src",
        "default-src 'self' 'unsafe-inline'; style-src",
        f"{_PAGES}::test_a_page_runs_our_files_alone_stands_in_no_frame_and_tells_nobody_its_address",
    ),
    Mutant(
        "a page stands in nobody's frame",
        _CADDYFILE,
        "form-action 'self'; frame-ancestors 'none'",
        "form-action 'self'; frame-ancestors *",
        f"{_PAGES}::test_a_page_runs_our_files_alone_stands_in_no_frame_and_tells_nobody_its_address",
    ),
    Mutant(
        "the browser turns no text of a page into markup",
        _CADDYFILE,
        "; require-trusted-types-for 'script'; trusted-types default",
        "",
        f"{_PAGES}::test_a_page_runs_our_files_alone_stands_in_no_frame_and_tells_nobody_its_address",
    ),
    Mutant(
        "no page stands where an answer of the API is expected",
        _CADDYFILE,
        "not path /api /api/* /assets/* ",
        "not path /assets/* ",
        f"{_PAGES}::test_no_page_stands_where_an_answer_of_the_api_or_a_file_is_expected",
    ),
)
