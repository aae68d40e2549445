"""The kinds of city records, in the terms of the three lists 三张清单."""

from shared.values.open_sets import OpenSet


class Kind(OpenSet):
    """What a city record is. Resources 资源 come first, then demands 需求 and cooperation 合作."""

    INSTITUTION = "institution", "高校院所"
    PLATFORM = "platform", "创新平台"
    CARRIER = "carrier", "孵化载体"
    EQUIPMENT = "equipment", "仪器设备"
    ENTERPRISE = "enterprise", "科技企业"
    INDUSTRY = "industry", "优势产业"
    TALENT = "talent", "科技人才"
    TECHNOLOGY_MANAGER = "technology_manager", "技术经理人"
    ACHIEVEMENT = "achievement", "科技成果"
    FINANCE = "finance", "金融服务"
    SERVICE = "service", "服务机构"
    POLICY = "policy", "政策"
    TECHNICAL_DEMAND = "technical_demand", "技术攻关需求"
    FACTOR_DEMAND = "factor_demand", "要素对接需求"
    COOPERATION = "cooperation", "合作项目"
    EVENT = "event", "活动"


class Tense(OpenSet):
    """Whether a record is over, going on, or planned."""

    PAST = "past", "过去时"
    PRESENT = "present", "进行时"
    FUTURE = "future", "未来时"


class ItemType(OpenSet):
    """What search finds."""

    CHALLENGE = "challenge", "榜单"
    RECORD = "record", "资源与需求"
