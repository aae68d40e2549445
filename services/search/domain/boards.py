"""The six boards 六大板块 of the home page and the three lists 三张清单, each a set of record kinds."""

from shared.values.kinds import Kind

BOARDS: dict[str, tuple[str, tuple[Kind, ...]]] = {
    "policy": ("政策发布", (Kind.POLICY,)),
    "resource": (
        "资源共享",
        (Kind.INSTITUTION, Kind.PLATFORM, Kind.CARRIER, Kind.EQUIPMENT, Kind.ENTERPRISE, Kind.INDUSTRY, Kind.SERVICE),
    ),
    "matching": ("技术对接", (Kind.TECHNICAL_DEMAND, Kind.FACTOR_DEMAND, Kind.COOPERATION, Kind.EVENT)),
    "finance": ("金融服务", (Kind.FINANCE,)),
    "talent": ("人才交流", (Kind.TALENT, Kind.TECHNOLOGY_MANAGER)),
    "achievement": ("成果展示", (Kind.ACHIEVEMENT,)),
}
"""Board → its Chinese name and the kinds it shows. Every kind stands on exactly one board."""

LISTS: dict[str, tuple[str, tuple[Kind, ...]]] = {
    "resources": (
        "资源清单",
        (
            Kind.INSTITUTION,
            Kind.PLATFORM,
            Kind.CARRIER,
            Kind.EQUIPMENT,
            Kind.ENTERPRISE,
            Kind.INDUSTRY,
            Kind.TALENT,
            Kind.TECHNOLOGY_MANAGER,
            Kind.ACHIEVEMENT,
            Kind.FINANCE,
            Kind.SERVICE,
            Kind.POLICY,
        ),
    ),
    "demands": ("需求清单", (Kind.TECHNICAL_DEMAND, Kind.FACTOR_DEMAND)),
    "cooperation": ("合作清单", (Kind.COOPERATION, Kind.EVENT)),
}
"""List → its Chinese name and its kinds."""
