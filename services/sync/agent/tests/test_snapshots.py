"""A clerk pushes the whole list of a kind."""

from services.sync.agent.tests.desk import Clerk, rows
from services.sync.agent.tests.platform import Answer, Platform


def test_a_snapshot_is_announced_as_one_and_is_another_push_than_the_same_rows_as_changes(
    clerk: Clerk, platform: Platform
) -> None:
    file = clerk.writes("a.json", rows(2))
    assert clerk.runs("push", file).returncode == 0
    done = clerk.runs("push", file, "--snapshot")
    assert done.returncode == 0
    assert "方式  全量" in done.stdout
    assert [each["mode"] for each in platform.batches.values()] == ["delta", "snapshot"]


def test_one_that_waits_says_what_would_go_and_that_an_operator_decides(clerk: Clerk, platform: Platform) -> None:
    platform.missing = [{"source_id": f"R{number}", "title": f"平台 {number}"} for number in range(3)]
    done = clerk.runs("push", clerk.writes("a.json", rows(2)), "--snapshot")
    assert done.returncode == 3, "neither done nor failed: a scheduled job has to tell somebody"
    assert "状态  待批准" in done.stdout
    assert "合计" not in done.stdout, "no row has its verdict yet"
    for said in ("没有平台上的 3 条记录", "批准批次 batch-1", "R0  平台 0", "R2  平台 2"):
        assert said in done.stdout


def test_what_was_repeated_on_the_way_with_its_signature_is_signed_anew(clerk: Clerk, platform: Platform) -> None:
    used: list[Answer] = [(401, {"code": "nonce_used", "title": "签名已使用过", "detail": "请重新签名后再推送。"})]
    platform.fault = lambda method, _path: used.pop() if method == "PUT" and used else None
    assert clerk.runs("push", clerk.writes("a.json", rows(2))).returncode == 0
    assert not used
