"""What a challenge 榜单 may be about: its mode, its disclosure, whose the results are; and every action on it and its claims."""

from shared.values.open_sets import OpenSet


class Modes(OpenSet):
    """How many teams work on a challenge."""

    SINGLE = "single", "揭榜挂帅"
    RACE = "race", "赛马"


class Disclosures(OpenSet):
    """How much of a challenge is shown to whom."""

    SUMMARY = "summary", "脱敏公开"
    NDA = "nda", "签署保密承诺后可见全文"
    FULL = "full", "全文公开"


class IpTerms(OpenSet):
    """Who owns the results 产权归属."""

    POSTER = "poster", "归发榜方"
    CLAIMANT = "claimant", "归揭榜方"
    JOINT = "joint", "双方共有"
    CUSTOM = "custom", "另行约定"


class ChallengeActions(OpenSet):
    """What is done to a challenge; `ce_action` on its events."""

    DRAFT = "draft", "起草"
    REVISE = "revise", "修改"
    SUBMIT = "submit", "提交"
    RECALL = "recall", "撤回提交"
    RETURN = "return", "退回"
    APPROVE = "approve", "审核通过"
    PUBLISH = "publish", "发布"
    AMEND = "amend", "变更"
    EXTEND = "extend", "延期"
    CLOSE = "close", "截止"
    SEAL = "seal", "封存"
    CANCEL = "cancel", "撤销"
    OPEN = "open", "开榜"
    RECORD_ELIGIBILITY = "record-eligibility", "登记资格审查"
    REQUEST_SUPPLEMENT = "request-supplement", "要求补正"
    SUPPLY = "supply", "提交补正材料"
    EXCLUDE = "exclude", "排除"
    SHORTLIST = "shortlist", "确定入围"
    ASSIGN_REVIEWERS = "assign-reviewers", "指派专家"
    RECUSE = "recuse", "回避"
    SCORE = "score", "评分"
    CLOSE_SCORING = "close-scoring", "结束评分"
    ANNOUNCE = "announce", "公示"
    OBJECT = "object", "提出异议"
    RESOLVE_OBJECTION = "resolve-objection", "处理异议"
    AWARD = "award", "授予"
    DECLINE_AWARD = "decline-award", "放弃中榜"
    FAIL = "fail", "宣布流标"
    RELIST = "relist", "重新发榜"
    DIAGNOSE = "diagnose", "诊断需求"
    SIGN = "sign", "签约"
    REPORT_MILESTONE = "report-milestone", "报告里程碑"
    ACCEPT_MILESTONE = "accept-milestone", "验收里程碑"
    REJECT_MILESTONE = "reject-milestone", "退回里程碑"
    ELIMINATE = "eliminate", "淘汰"
    COMPLETE = "complete", "完成"
    TERMINATE = "terminate", "终止"
    NDA = "nda", "接受保密条款"
    WATCH = "watch", "关注"
    UNWATCH = "unwatch", "取消关注"
    CLAIM = "claim", "揭榜"


class ClaimActions(OpenSet):
    """What is done to a claim 揭榜; `ce_action` on its events."""

    DRAFT = "draft", "起草"
    REPLACE = "replace", "替换"
    SUBMIT = "submit", "提交"
    CONSENT = "consent", "同意"
    REFUSE = "refuse", "拒绝"
    RECONFIRM = "reconfirm", "再次确认"
    WITHDRAW = "withdraw", "撤回"
    LAPSE = "lapse", "失效"
    VERIFY = "verify", "核对"
