"""Batches of a city's data 批次: its operators learn how one ended, that one waits for their word, and that none came in time."""

from services.notifications.subjects.message import Audience, Facts, KnownChallenge, Message, Subject, operators_of
from shared.events.envelope import Event
from shared.events.sync import BatchState, ListState
from shared.values.kinds import Kind
from shared.values.notices import NotificationGroups
from shared.values.open_sets import chinese_name
from shared.wechat.fields import clock_text


def facts(event: Event, _: KnownChallenge | None = None) -> Facts:
    """The facts of an event about a batch, or about the list that batches should have come for."""
    data = event.data
    assert isinstance(data, BatchState | ListState)
    words = _of_batch(data) if isinstance(data, BatchState) else _of_list(data)
    words |= {"city": data.jurisdiction.chinese, "kind": chinese_name(Kind, data.kind), "at": clock_text(event.time)}
    operators = {Audience.OPERATORS: operators_of(data.jurisdiction)}
    return Facts(words, event.id, event.time, data.id, data.jurisdiction, circles=operators)


def _of_batch(batch: BatchState) -> dict[str, str]:
    counts = {name: str(count) for name, count in batch.counts.model_dump().items()}
    return {"rows": str(batch.rows), "withdrawn": str(batch.withdrawn), **counts}


def _of_list(list_: ListState) -> dict[str, str]:
    kind = chinese_name(Kind, list_.kind)
    return {
        "title": f"{list_.jurisdiction.chinese}{kind}",
        "days": str(list_.expected_days),
        "since": clock_text(list_.last_batch_at),
        "count": "1",
    }


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
        Message(
            name="list-stale",
            event="list.stale",
            audience=Audience.OPERATORS,
            title="{city}的{kind}数据已断更",
            body="{city}的{kind}清单上一次更新在 {since}，已超过约定的 {days} 天。请推送最新数据；周期不合适的，可调整更新周期。",
            about="list",
            template="stale_lists",
            fields={"thing1": "{title}", "number2": "{count}", "time3": "{at}"},
            digest=True,
        ),
    ),
)
