"""Batches of a city's data 批次: its operators learn how one ended, and that one waits for their word."""

from services.notifications.subjects.message import Audience, Facts, KnownChallenge, Message, Subject, operators_of
from shared.events.envelope import Event
from shared.events.sync import BatchState
from shared.values.kinds import Kind
from shared.values.notices import NotificationGroups
from shared.values.open_sets import chinese_name
from shared.wechat.fields import clock_text


def facts(event: Event, _: KnownChallenge | None = None) -> Facts:
    """The facts of an event about a batch."""
    batch = event.data
    assert isinstance(batch, BatchState)
    words = {
        "city": batch.jurisdiction.chinese,
        "kind": chinese_name(Kind, batch.kind),
        "rows": str(batch.rows),
        "withdrawn": str(batch.withdrawn),
        **{name: str(count) for name, count in batch.counts.model_dump().items()},
        "at": clock_text(event.time),
    }
    operators = {Audience.OPERATORS: operators_of(batch.jurisdiction)}
    return Facts(words, event.id, event.time, batch.id, batch.jurisdiction, circles=operators)


def _message(name: str, title: str, result: str, body: str) -> Message:
    return Message(
        name=f"batch-{name}",
        event=f"batch.{name}",
        audience=Audience.OPERATORS,
        title=title,
        body=body,
        about="batch",
        template="batch_result",
        fields={"thing1": "{city}{kind}", "phrase2": result, "number3": "{rows}", "time4": "{at}"},
    )


SUBJECT = Subject(
    group=NotificationGroups.BATCH,
    facts=facts,
    messages=(
        _message(
            "waiting",
            "全量数据等待批准",
            "等待批准",
            "{city}的{kind}全量数据有 {rows} 行，将撤下 {withdrawn} 条记录。请核对清单，批准或删除该批次。",
        ),
        _message(
            "applied",
            "数据已入库",
            "已入库",
            "{city}的{kind}数据共 {rows} 行：新增 {added}，变更 {changed}，未变 {unchanged}，删除 {deleted}，拒收 {rejected}，"
            "重复 {duplicate}；撤下 {withdrawn} 条记录。",
        ),
        _message(
            "failed",
            "数据处理失败",
            "处理失败",
            "平台处理{city}的{kind}数据时出错，没有核验的行未生效。请联系联盟运营人员，修复后重新推送同一文件。",
        ),
    ),
)
