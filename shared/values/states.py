"""The states of challenges, claims, batches, objections and deliveries: every one that the domain knows.

An owner writes those that its code has; readers know them all, and keep the text of any other.
"""

from shared.values.open_sets import OpenSet


class ChallengeStates(OpenSet):
    """The life of a challenge 榜单."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "审核通过"
    ALLIANCE_REVIEW = "alliance_review", "联盟复审中"
    PUBLISHED = "published", "揭榜中"
    CLOSED = "closed", "已截止"
    OPENED = "opened", "已开榜"
    EVALUATING = "evaluating", "评审中"
    ANNOUNCED = "announced", "公示中"
    AWARDED = "awarded", "已中榜"
    CONTRACTED = "contracted", "已签约"
    IN_PROGRESS = "in_progress", "实施中"
    COMPLETED = "completed", "已完成"
    CANCELLED = "cancelled", "已撤销"
    FAILED = "failed", "流标"
    TERMINATED = "terminated", "已终止"


class ClaimStates(OpenSet):
    """The life of a claim 揭榜."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    OPENED = "opened", "已开榜"
    SHORTLISTED = "shortlisted", "已入围"
    AWARDED = "awarded", "已中榜"
    NOT_SELECTED = "not_selected", "未中榜"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "已失效"
    EXCLUDED = "excluded", "已排除"
    DECLINED = "declined", "已放弃"
    ELIMINATED = "eliminated", "已淘汰"
    VOID = "void", "已作废"


class BatchStates(OpenSet):
    """The life of a city's batch."""

    OPEN = "open", "接收中"
    PROCESSING = "processing", "处理中"
    AWAITING_APPROVAL = "awaiting_approval", "待批准"
    APPLIED = "applied", "已入库"
    VERIFIED = "verified", "已核验"
    DISCARDED = "discarded", "已放弃"
    FAILED = "failed", "失败"


class BatchModes(OpenSet):
    """Whether a batch holds changes alone or the whole list."""

    DELTA = "delta", "增量"
    SNAPSHOT = "snapshot", "全量"


class ObjectionStates(OpenSet):
    """The life of an objection to a record."""

    OPEN = "open", "待答复"
    CORRECTED = "corrected", "已更正"
    REFUSED = "refused", "不予更正"


class DeliveryStates(OpenSet):
    """The life of a WeChat message."""

    PENDING = "pending", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"
    UNKNOWN = "unknown", "结果未知"
    SKIPPED = "skipped", "未发送"
