import shlex
from configparser import RawConfigParser
from pathlib import Path

import pytest

from deploy.local.place import Place
from deploy.local.process import Process
from deploy.local.supervision import settings
from deploy.local.topology import topology

_PLACE = Place(home=Path("/srv/huning"))


def _sections(*processes: Process) -> RawConfigParser:
    parser = RawConfigParser()
    parser.read_string(settings(_PLACE, processes))
    return parser


def _command(process: Process) -> list[str]:
    """As supervisor reads it: %% stands for %, then shell quoting."""
    return shlex.split(_sections(process)[f"program:{process.name}"]["command"].replace("%%", "%"))


@pytest.mark.parametrize("text", ["", "plain", 'a "quoted" word', "back\\slash", "100%", "a,b=c", "空 格", "it's"])
def test_a_setting_and_an_argument_reach_the_process_as_they_are(text: str) -> None:
    assert _command(Process("one", ("run", text), 1, {"SETTING": text}))[-3:] == [f"SETTING={text}", "run", text]


def test_the_pid_file_is_written_by_the_process_that_then_becomes_the_program() -> None:
    command = _command(Process("one", ("run",), 1))
    assert command == ["/bin/sh", "-c", 'echo $$ > "$0"; exec env "$@"', "/srv/huning/run/one.pid", "run"]


def test_the_gateway_stops_first_then_the_services_then_what_holds_the_data() -> None:
    sections = _sections(*topology(_PLACE, {"PATH": ""}, jars=""))
    groups = {name: sections[name] for name in sections.sections() if name.startswith("group:")}
    last_to_first = sorted(groups, key=lambda name: int(groups[name]["priority"]))
    assert last_to_first == ["group:store", "group:service", "group:edge"]
    assert set(groups["group:store"]["programs"].split(",")) == {"kafka", "mongodb"}
    assert set(groups["group:edge"]["programs"].split(",")) == {"gateway", "wechat"}


def test_everything_has_stopped_within_twenty_seconds_even_if_each_stage_takes_all_its_time() -> None:
    sections = _sections(*topology(_PLACE, {"PATH": ""}, jars=""))
    waits = {sections[name].get("stopwaitsecs") for name in sections.sections() if name.startswith("program:")}
    assert sum(int(seconds) for seconds in waits if seconds) < 20


def test_a_stage_with_nobody_in_it_is_left_out() -> None:
    assert "group:edge" not in _sections(Process("kafka", ("run",), 1, kind="store"))
