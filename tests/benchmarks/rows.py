"""Generated city rows of realistic size, for benchmarks: the same for the same seed."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from services.sync.rows.coordinates import BOUNDS
from shared.events.envelope import Event, event
from shared.events.sync import Kind, RecordState
from shared.values.jurisdictions import Jurisdiction

_PLACES = ("工业园区", "高新区", "姑苏区", "吴中区", "相城区", "虎丘区", "吴江区", "昆山市", "常熟市", "张家港市")
_THINGS = (
    "双极板涂层",
    "质子交换膜",
    "伺服电机",
    "激光雷达",
    "高温合金",
    "碳纤维预浸料",
    "功率器件",
    "精密轴承",
    "视觉检测",
    "纳米催化剂",
)
_DEEDS = ("中试平台", "检测中心", "联合实验室", "工程研究中心", "共享装备", "孵化基地", "成果转化中心", "创新联合体")


def rows(
    count: int, seed: int = 7, changed: int = 0, city: Jurisdiction = Jurisdiction.SUZHOU
) -> Iterator[dict[str, Any]]:
    """Rows as this city pushes them, about 600 bytes each; `changed` makes every one different from what it was."""
    random_ = random.Random(seed)
    west, east, south, north = BOUNDS[city]
    for number in range(count):
        place, thing, deed = (random_.choice(words) for words in (_PLACES, _THINGS, _DEEDS))
        yield {
            "source_id": f"bench-{seed}-{number:07d}",
            "title": f"{place}{thing}{deed}{number:06d}号",
            "summary": f"面向{thing}企业开放的{deed}，提供样品制备、性能测试与小批量试制服务，第{changed}次更新。" * 2,
            "tense": "present",
            "industry": [thing[:2], "先进制造"],
            "organization": {"name": f"苏州{thing}技术服务有限公司{number % 997}", "credit_code": None},
            "address": f"江苏省苏州市{place}创新路{number % 500}号",
            "longitude": round(random_.uniform(west, east), 6),
            "latitude": round(random_.uniform(south, north), 6),
            "contact": {"name": "服务台", "phone": "051262345678"},
            "portal_url": f"https://example.cn/platform/{number}",
            "valid_from": "2026-01-01",
            "valid_until": "2028-12-31",
            "details": {},
        }


def record_events(count: int, seed: int = 7) -> Iterator[Event]:
    """The events that such rows become."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    for row in rows(count, seed):
        contact = {"name": row["contact"]["name"], "phone_masked": "0512-****5678"}
        state = RecordState.model_validate(
            {
                **row,
                "contact": contact,
                "jurisdiction": Jurisdiction.SUZHOU,
                "kind": Kind.PLATFORM,
                "batch_id": "b",
                "updated_at": at,
            }
        )
        subject = f"suzhou/platform/{row['source_id']}"
        yield event("record.added", subject, 1, at, state, jurisdiction="suzhou")
