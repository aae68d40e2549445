"""The templates 订阅消息模板 that our messages use, as they must stand in WeChat's console.

WeChat knows a template by an id that differs per mini-program; here it is known by a name, and found there by its title and
its keys. What is not in the console yet is not sent: `skipped`, reason `no_template`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessageTemplate:
    """A title and keys as in the console, and the page of the mini-program that a tap opens."""

    name: str
    title: str
    keys: tuple[str, ...]
    page: str


TEMPLATES: dict[str, MessageTemplate] = {
    template.name: template
    for template in (
        MessageTemplate(
            "organization_result",
            "单位认证结果通知",
            ("thing1", "phrase2", "thing3", "time4"),
            "pages/organization/mine",
        ),
        MessageTemplate(
            "challenge_progress",
            "榜单进度通知",
            ("thing1", "phrase2", "thing3", "time4"),
            "pages/challenge/show?id={link_id}",
        ),
        MessageTemplate(
            "new_challenge",
            "新榜单发布提醒",
            ("thing1", "amount2", "time3", "thing4"),
            "pages/challenge/show?id={link_id}",
        ),
        MessageTemplate(
            "new_record", "新资源发布提醒", ("thing1", "thing2", "time3", "thing4"), "pages/record/show?id={link_id}"
        ),
        MessageTemplate("new_challenges", "订阅更新汇总提醒", ("thing1", "number2", "time3"), "pages/inbox/list"),
        MessageTemplate(
            "claim_receipt",
            "揭榜回执通知",
            ("thing1", "time2", "character_string3"),
            "pages/challenge/show?id={link_id}",
        ),
        MessageTemplate(
            "claim_consents",
            "联合体同意结果通知",
            ("thing1", "phrase2", "time3"),
            "pages/challenge/show?id={link_id}",
        ),
        MessageTemplate(
            "batch_result",
            "数据推送结果通知",
            ("thing1", "phrase2", "number3", "time4"),
            "pages/batch/show?id={link_id}",
        ),
        MessageTemplate(
            "objection_progress",
            "数据异议进展通知",
            ("thing1", "phrase2", "thing3", "time4"),
            "pages/objection/show?id={link_id}",
        ),
        MessageTemplate("stale_lists", "数据更新提醒", ("thing1", "number2", "time3"), "pages/inbox/list"),
        MessageTemplate(
            "claim_count", "揭榜数量提醒", ("thing1", "number2", "time3"), "pages/challenge/show?id={link_id}"
        ),
    )
}
