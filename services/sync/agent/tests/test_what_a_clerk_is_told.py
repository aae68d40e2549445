"""What a clerk is told when something is wrong: Chinese, and what to look at."""

import re
import sys

import pytest

from services.sync.agent.__main__ import main as start
from services.sync.agent.tests.desk import Clerk, rows
from services.sync.agent.tests.platform import Platform


def test_a_refusal_is_told_in_the_platforms_words_with_its_fields(clerk: Clerk, platform: Platform) -> None:
    problem = {
        "code": "unknown_field",
        "title": "有未知字段",
        "detail": "请对照说明。",
        "errors": [{"field": "kind", "code": "x", "message": "没有这个类别"}],
    }
    platform.fault = lambda _method, _path: (422, problem)
    done = clerk.runs("push", clerk.writes("a.json", rows(1)))
    assert done.returncode == 1
    assert "有未知字段。请对照说明。类别：没有这个类别" in done.stderr.replace("\n", "")
    assert not list((clerk.desk / "state").iterdir()), "nothing was begun"


FORBIDDEN = {"code": "forbidden", "title": "没有权限", "detail": "您的角色不能进行此操作。"}


@pytest.mark.parametrize(("key_id", "whose"), [("suzhou-1", "属于苏州，"), ("old", "")])
def test_a_push_with_another_citys_key_is_told_whose_key_it_is(
    clerk: Clerk, platform: Platform, key_id: str, whose: str
) -> None:
    platform.keys[key_id] = platform.keys["suzhou-1"]
    platform.fault = lambda _method, _path: (403, FORBIDDEN)
    file = clerk.writes("a.json", rows(1))
    done = clerk.runs("push", file, "--jurisdiction", "nanjing", "--key-id", key_id)
    assert done.returncode == 1
    assert f"这把密钥（{key_id}）{whose}不能推送南京的数据。请检查 --key、--key-id 和" in done.stderr
    assert not list((clerk.desk / "state").iterdir()), "nothing was begun"


@pytest.mark.parametrize("status", [301, 403, 404, 405])
def test_a_server_that_is_not_the_platform_is_told_by_its_address(
    clerk: Clerk, platform: Platform, status: int
) -> None:
    platform.fault = lambda _method, _path: (status, {"detail": "Not Found"})
    done = clerk.runs("push", clerk.writes("a.json", rows(1)))
    assert done.returncode == 1
    assert f"平台回答了 {status}，没有说明原因。请检查 --server 是否是平台的地址。" in done.stderr


def test_a_platform_that_is_only_down_is_not_taken_for_another_server(clerk: Clerk, platform: Platform) -> None:
    platform.fault = lambda _method, _path: (502, {})
    done = clerk.runs("push", clerk.writes("a.json", rows(1)), "--patience", "0")
    assert "平台回答了 502，没有说明原因。" in done.stderr
    assert "--server" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("push", "missing.json"), "读不到文件"),
        (("push", "a.json", "--jurisdiction", "shanghai"), "putuo（上海普陀）"),
        (("push", "a.json", "--nonsense"), "--help"),
        (("push",), "--help"),
        (("receipt", "batch-9"), "没有这个批次"),
        (("push", "a.xls"), "CSV"),
    ],
)
def test_whatever_is_wrong_ends_with_1_and_a_chinese_sentence(clerk: Clerk, words: tuple[str, ...], said: str) -> None:
    clerk.writes("a.json", rows(1))
    done = clerk.runs(words[0], *(clerk.desk / word if "." in word else word for word in words[1:]))
    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "请写上要用的命令：init、show-key、keygen、"),
        (("foo",), "没有这样的命令。可用的命令：init、show-key、keygen、"),
        (("push",), "缺少 file（要推送的文件"),
        (("push", "a.json", "b.json"), "多写了参数，这里只要 file；含有空格的路径请加引号。"),
        (("push", "a.json", "--server"), "选项 --server 用得不对"),
        (("push", "a.json", "--keyid", "x"), "没有 --keyid 这个选项，您要写的也许是 --key-id"),
        (("push", "a.json", "--patience", "abc"), "HUNING_AGENT_PATIENCE）不能是“abc”，应当是一个数字。"),
        (("push", "a.json", "--key", "none.pem"), "读不到密钥文件 none.pem：没有这个文件或文件夹。请检查 --key。"),
        (("push", "a.json", "--mapping", "none.yaml"), "读不到映射文件 none.yaml：没有这个文件或文件夹。"),
    ],
)
def test_a_command_that_is_written_wrongly_is_explained_without_a_word_of_english(
    clerk: Clerk, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.writes("a.json", rows(1))
    monkeypatch.chdir(clerk.desk)
    done = clerk.runs(*words)
    assert done.returncode == 1
    assert said in done.stderr
    assert not re.search("[a-z]{2,} [a-z]{2,}", done.stderr.replace("push --help", ""))
    assert clerk.platform.requests == []


def test_a_long_message_is_not_broken_within_a_word(clerk: Clerk) -> None:
    mapping = clerk.desk / "m.yaml"
    mapping.write_text("fields: {titel: name}", encoding="utf-8")
    done = clerk.runs("push", clerk.writes("a.json", rows(1)), "--mapping", mapping, COLUMNS="20")
    assert done.stderr.count("\n") == 1
    assert "organization.credit_code（统一社会信用代码）" in done.stderr


def test_ctrl_c_ends_with_1_and_says_that_the_same_command_goes_on(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("services.sync.agent.desk.load_key", interrupted)
    done = clerk.runs("push", clerk.writes("a.json", rows(1)))
    assert done.returncode == 1
    assert "已中断。再次运行同一命令会从中断处继续。" in done.stderr


def test_ctrl_c_while_the_command_is_still_loading_shows_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "services.sync.agent.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "services.sync.agent.cli")
    monkeypatch.delattr("services.sync.agent.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    with pytest.raises(SystemExit, match="已中断"):
        start()
