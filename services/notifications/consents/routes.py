"""HTTP: templates that can be asked for, and consents."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from services.notifications.consents.commands import ConsentCommands
from services.notifications.subjects.table import EventName
from shared.http.paging import Cursor, Limit, Page, page_of
from shared.http.routes import AttemptOf, CallerOf, Router, say_if_replayed
from shared.wechat.client import Template

ListTemplates = Callable[[], list[tuple[Template, list[str]]]]

ConsentResult = Annotated[
    str,
    Field(
        max_length=64,
        examples=["accept"],
        json_schema_extra={
            "x-extensible-enum": [
                "accept",
                "acceptWithAlert",
                "acceptWithForcePush",
                "acceptWithAudio",
                "reject",
                "ban",
                "filter",
            ]
        },
    ),
]


class ConsentsBody(BaseModel):
    """What requestSubscribeMessage answered, by template id. A value that is not known is ignored by itself."""

    model_config = ConfigDict(extra="forbid", strict=True)

    results: Annotated[dict[str, ConsentResult], Field(min_length=1, max_length=10)]


class CreditsView(BaseModel):
    """How many more messages of each template the person takes, as far as is known."""

    credits: dict[str, int]


class TemplateView(BaseModel):
    """A template that the mini-program can ask a consent for, with the events whose messages use it."""

    template_id: str
    title: str
    kind: Literal["one_time", "long_term"]
    events: list[EventName]

    @classmethod
    def of(cls, template: Template, events: Sequence[str]) -> "TemplateView":
        """As everybody sees it."""
        return cls(template_id=template.template_id, title=template.title, kind=template.kind, events=list(events))


def consent_routes(routes: Router, commands: ConsentCommands, list_templates: ListTemplates) -> None:
    """Adds the routes of this room."""

    @routes.action("notifications.list-templates")
    async def show_templates(limit: Limit = 20, cursor: Cursor = None) -> Page[TemplateView]:
        """Lists the templates that the mini-program asks consent for."""
        found = [TemplateView.of(template, events) for template, events in list_templates()]
        return page_of(found, limit, cursor)

    @routes.action("notifications.list-consents")
    async def list_consents(caller: CallerOf) -> CreditsView:
        """Tells how many more messages of each template the caller takes."""
        wanted = [template.template_id for template, _ in list_templates()]
        return CreditsView(credits={each: (await commands.consents.find(caller.id, each)).credits for each in wanted})

    @routes.action("notifications.report-consents")
    async def report_consents(
        body: ConsentsBody, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> CreditsView:
        """Reports what a person answered to wx.requestSubscribeMessage."""
        credits, replayed = await commands.report(body.results, caller, attempt)
        say_if_replayed(response, replayed)
        return CreditsView(credits=credits)
