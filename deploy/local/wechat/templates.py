"""The templates that the mini-program has chosen, as its operators would have done in WeChat's console.

An id is fixed by appid and title, so that it stays the same over restarts and clones.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

ONE_TIME, LONG_TERM = 2, 3


@dataclass(frozen=True)
class RegisteredTemplate:
    """A template as gettemplate shows it: the label and key of each field, with an example."""

    title: str
    fields: tuple[tuple[str, str, str], ...]
    type: int = ONE_TIME
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for _, key, _ in self.fields)

    def id(self, appid: str) -> str:
        """43 characters, as WeChat's are."""
        digest = hashlib.sha256(f"{appid}/{self.title}".encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def row(self, appid: str) -> dict[str, Any]:
        """As gettemplate answers it."""
        return {
            "priTmplId": self.id(appid),
            "title": self.title,
            "content": "".join(f"{label}:{{{{{key}.DATA}}}}\n" for label, key, _ in self.fields),
            "example": "".join(f"{label}:{example}\n" for label, _, example in self.fields),
            "type": self.type,
            "keywordEnumValueList": [
                {"keywordCode": f"{key}.DATA", "enumValueList": list(values)} for key, values in self.enums.items()
            ],
        }


_TITLE = ("榜单名称", "thing1", "氢燃料电池双极板涂层寿命提升")

REGISTERED = (
    RegisteredTemplate(
        "单位认证结果通知",
        (
            ("单位名称", "thing1", "某某研究院"),
            ("审核结果", "phrase2", "审核通过"),
            ("备注", "thing3", "无"),
            ("审核时间", "time4", "2026年11月25日 10:00:00"),
        ),
    ),
    RegisteredTemplate(
        "榜单进度通知",
        (
            _TITLE,
            ("当前状态", "phrase2", "审核通过"),
            ("备注", "thing3", "请尽快查看"),
            ("处理时间", "time4", "2026年11月25日 10:00:00"),
        ),
    ),
    RegisteredTemplate(
        "新榜单发布提醒",
        (
            _TITLE,
            ("榜金", "amount2", "3000000元"),
            ("揭榜截止", "time3", "2027年1月31日 23:59:59"),
            ("所在城市", "thing4", "苏州"),
        ),
    ),
    RegisteredTemplate(
        "新资源发布提醒",
        (
            ("名称", "thing1", "南京某某研究院"),
            ("类型", "thing2", "高校院所"),
            ("发布时间", "time3", "2026年11月25日 10:00:00"),
            ("所在城市", "thing4", "南京"),
        ),
    ),
    RegisteredTemplate(
        "订阅更新汇总提醒",
        (
            ("新增内容", "thing1", "氢燃料电池双极板涂层寿…等3项"),
            ("新增数量", "number2", "3"),
            ("更新时间", "time3", "2026年11月25日 10:00:00"),
        ),
    ),
    RegisteredTemplate(
        "揭榜回执通知",
        (
            _TITLE,
            ("提交时间", "time2", "2026年11月25日 10:00:00"),
            ("回执编号", "character_string3", "0193a5c27d3e7b9c8f00112233445566"),
        ),
    ),
    RegisteredTemplate(
        "联合体同意结果通知",
        (_TITLE, ("同意情况", "phrase2", "全部同意"), ("更新时间", "time3", "2026年11月25日 10:00:00")),
    ),
    RegisteredTemplate(
        "数据推送结果通知",
        (
            ("数据类别", "thing1", "苏州科研院所"),
            ("处理结果", "phrase2", "等待批准"),
            ("数据行数", "number3", "70"),
            ("更新时间", "time4", "2026年11月25日 10:00:00"),
        ),
    ),
    RegisteredTemplate(
        "数据异议进展通知",
        (
            ("数据名称", "thing1", "双极板涂层检测平台"),
            ("处理进展", "phrase2", "已更正"),
            ("备注", "thing3", "地址已按异议更正"),
            ("更新时间", "time4", "2026年11月25日 10:00:00"),
        ),
    ),
    RegisteredTemplate(
        "数据更新提醒",
        (
            ("数据名称", "thing1", "苏州高校院所等3项"),
            ("数量", "number2", "3"),
            ("提醒时间", "time3", "2026年11月25日 10:00:00"),
        ),
    ),
    RegisteredTemplate(
        "揭榜数量提醒",
        (_TITLE, ("已收份数", "number2", "3"), ("更新时间", "time3", "2026年11月25日 10:00:00")),
    ),
)
