"""HTTP: WeChat's callback. The signature has shown that it is WeChat (pushes.py)."""

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import PlainTextResponse

from services.notifications.callback.pushes import Pushes
from shared.http.routes import Router, raw_body

_PUSH_LIMIT = 64 * 1024
Text = Annotated[str, Query(max_length=256)]


def callback_routes(routes: Router, pushes: Pushes) -> None:
    """Adds the routes of this room."""

    @routes.action("notifications.greet-wechat", response_class=PlainTextResponse)
    async def greet(signature: Text = "", timestamp: Text = "", nonce: Text = "", echostr: Text = "") -> Response:
        """Answers WeChat's check of the callback's address."""
        return PlainTextResponse(echostr)

    @routes.action(
        "notifications.take-wechat-event",
        response_class=PlainTextResponse,
        openapi_extra=raw_body(["application/json", "text/xml"], _PUSH_LIMIT),
    )
    async def take(
        request: Request,
        signature: Text = "",
        timestamp: Text = "",
        nonce: Text = "",
        openid: Text = "",
        encrypt_type: Text = "",
        msg_signature: Text = "",
    ) -> Response:
        """Takes an event that WeChat pushes: outcomes of messages, changed subscriptions."""
        await pushes.take(await request.body())
        return PlainTextResponse("success")
