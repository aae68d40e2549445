"""Organisations 单位: the applicant learns whether the organisation was verified."""

from services.notifications.subjects.message import Audience, Facts, KnownChallenge, Message, Subject
from shared.events.accounts import OrganizationState
from shared.events.envelope import Event
from shared.values.notices import NotificationGroups
from shared.wechat.fields import clock_text


def facts(event: Event, _: KnownChallenge | None = None) -> Facts:
    """The facts of an event about an organisation."""
    organization = event.data
    assert isinstance(organization, OrganizationState)
    words = {
        "organization": organization.name,
        "city": organization.jurisdiction.chinese,
        "reason": organization.reason or "",
        "at": clock_text(event.time),
    }
    applicant = {Audience.APPLICANT: (organization.applicant_id,)}
    return Facts(words, event.id, event.time, organization.id, organization.jurisdiction, applicant)


SUBJECT = Subject(
    group=NotificationGroups.ORGANIZATION,
    facts=facts,
    messages=(
        Message(
            name="organization-approved",
            event="organization.approved",
            audience=Audience.APPLICANT,
            title="单位认证已通过",
            body="“{organization}”已通过{city}的认证，现在可以发榜和揭榜。",
            about="organization",
            template="organization_result",
            fields={"thing1": "{organization}", "phrase2": "审核通过", "thing3": "现在可以发榜和揭榜", "time4": "{at}"},
        ),
        Message(
            name="organization-rejected",
            event="organization.rejected",
            audience=Audience.APPLICANT,
            title="单位认证未通过",
            body="“{organization}”未通过{city}的认证：{reason}。请按原因修改后重新提交。",
            about="organization",
            template="organization_result",
            fields={"thing1": "{organization}", "phrase2": "未通过", "thing3": "{reason}", "time4": "{at}"},
        ),
    ),
)
