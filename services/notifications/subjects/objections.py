"""Objections 数据异议: the city's operators learn of one, and whoever objected learns of the answer."""

from services.notifications.subjects.message import Audience, Facts, KnownChallenge, Message, Subject, operators_of
from shared.events.envelope import Event
from shared.events.sync import ObjectionState
from shared.values.kinds import Kind
from shared.values.notices import NotificationGroups
from shared.values.open_sets import chinese_name
from shared.wechat.fields import clock_text


def facts(event: Event, _: KnownChallenge | None = None) -> Facts:
    """The facts of an event about an objection."""
    objection = event.data
    assert isinstance(objection, ObjectionState)
    words = {
        "title": objection.title,
        "city": objection.jurisdiction.chinese,
        "kind": chinese_name(Kind, objection.kind),
        "state": objection.state,
        "reason": objection.reason or "请查看更正后的内容",
        "at": clock_text(event.time),
    }
    return Facts(
        words,
        event.id,
        event.time,
        objection.id,
        objection.jurisdiction,
        people={Audience.OBJECTOR: (objection.objector_id,)},
        circles={Audience.OPERATORS: operators_of(objection.jurisdiction)},
    )


def _answered(state: str, result: str, body: str) -> Message:
    return Message(
        name=f"objection-{state}",
        event="objection.answered",
        audience=Audience.OBJECTOR,
        title=f"您的数据异议已答复：{result}",
        body=body,
        about="objection",
        template="objection_progress",
        fields={"thing1": "{title}", "phrase2": result, "thing3": "{reason}", "time4": "{at}"},
        only={"state": state},
    )


SUBJECT = Subject(
    group=NotificationGroups.OBJECTION,
    facts=facts,
    messages=(
        Message(
            name="objection-opened",
            event="objection.opened",
            audience=Audience.OPERATORS,
            title="收到一件数据异议",
            body="有人对{city}的{kind}“{title}”提出异议。请核实后答复：更正数据，或说明不予更正的原因。",
            about="objection_to_answer",
            template="objection_progress",
            fields={"thing1": "{title}", "phrase2": "待答复", "thing3": "请核实后答复", "time4": "{at}"},
        ),
        _answered("corrected", "已更正", "{city}答复了您对“{title}”的异议：数据已更正。{reason}"),
        _answered("refused", "不予更正", "{city}答复了您对“{title}”的异议：不予更正。原因：{reason}"),
    ),
)
