"""What people and organisations may be."""

from shared.values.open_sets import OpenSet


class Role(OpenSet):
    """What a person may be."""

    MEMBER = "member", "普通用户"
    ORG_ADMIN = "org_admin", "单位管理员"
    TECHNOLOGY_MANAGER = "technology_manager", "技术经理人"
    REVIEWER = "reviewer", "评审专家"
    CITY_OPERATOR = "city_operator", "城市运营人员"
    ALLIANCE_OPERATOR = "alliance_operator", "联盟运营人员"
    AUDITOR = "auditor", "审计人员"


class Duty(OpenSet):
    """The duty of an operator: an opening takes one of each, two persons."""

    BUSINESS = "business", "业务"
    SUPERVISION = "supervision", "监督"


class OrganizationKinds(OpenSet):
    """What an organisation is."""

    ENTERPRISE = "enterprise", "企业"
    UNIVERSITY = "university", "高校"
    INSTITUTE = "institute", "科研院所"
    PLATFORM = "platform", "创新平台"
    SERVICE = "service", "服务机构"


class OrganizationStates(OpenSet):
    """Where the verification of an organisation stands."""

    PENDING = "pending", "待审核"
    VERIFIED = "verified", "已认证"
    REJECTED = "rejected", "未通过"
