"""Metrics for operators: outcomes of sends, unknown deliveries, and alerts that need a person."""

import structlog
from prometheus_client import Counter, Gauge

from shared.wechat.errors import error_code

log = structlog.get_logger(__name__)

SENDS = Counter("huning_wechat_sends", "Calls of subscribe/send by how they ended", ["outcome"])
ALERTS = Counter("huning_wechat_alerts", "Answers of WeChat that a person has to act on", ["code"])
DOUBTED = Gauge(
    "huning_wechat_doubted", "1 while WeChat has left several sends in a row unanswered and none more begins"
)
UNKNOWN = Gauge("huning_wechat_unknown_deliveries", "Messages that may or may not have gone out")


def alert(code: int) -> None:
    """Counts and logs an answer of WeChat that nothing but a person can end."""
    row = error_code(code)
    ALERTS.labels(str(code)).inc()
    log.error("wechat.alert", code=code, action=row.action.value, meaning=row.meaning)
