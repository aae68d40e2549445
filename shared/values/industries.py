"""Industries: the committed list that challenges and records are tagged with. Rows of cities are mapped to it.

The list follows what the eight jurisdictions name as their leading and future industries; what cannot be mapped stays in
a record's details. A value once published is never removed, since the log holds it for ever.
"""

from shared.values.open_sets import OpenSet


class Industries(OpenSet):
    """An industry; the value is the tag as it stands in events and requests, which is Chinese itself."""

    SEMICONDUCTORS = "集成电路", "集成电路"
    BIOMEDICINE = "生物医药", "生物医药"
    MEDICAL_DEVICES = "医疗器械", "医疗器械"
    ARTIFICIAL_INTELLIGENCE = "人工智能", "人工智能"
    SOFTWARE = "软件与信息服务", "软件与信息服务"
    NETWORK_SECURITY = "网络安全", "网络安全"
    INTERNET_OF_THINGS = "物联网", "物联网"
    COMMUNICATIONS = "新一代通信", "新一代通信"
    QUANTUM = "量子科技", "量子科技"
    DISPLAYS = "新型显示", "新型显示"
    PHOTONICS = "光电子", "光电子"
    ROBOTS = "机器人", "机器人"
    EQUIPMENT = "高端装备", "高端装备"
    MACHINE_TOOLS = "数控机床", "数控机床"
    INSTRUMENTS = "仪器仪表", "仪器仪表"
    ELECTRIC_VEHICLES = "新能源汽车", "新能源汽车"
    BATTERIES = "动力电池与储能", "动力电池与储能"
    PHOTOVOLTAICS = "光伏", "光伏"
    HYDROGEN = "氢能", "氢能"
    SMART_GRID = "智能电网", "智能电网"
    NEW_MATERIALS = "新材料", "新材料"
    NANOTECHNOLOGY = "纳米技术", "纳米技术"
    CHEMICALS = "绿色化工", "绿色化工"
    ENVIRONMENT = "节能环保", "节能环保"
    MARINE = "海工装备与船舶", "海工装备与船舶"
    AVIATION = "航空航天", "航空航天"
    LOW_ALTITUDE = "低空经济", "低空经济"
    RAIL = "轨道交通", "轨道交通"
    TEXTILES = "高端纺织", "高端纺织"
    FOOD = "食品与现代农业", "食品与现代农业"
    CONSTRUCTION = "智能建造", "智能建造"
    LOGISTICS = "现代物流", "现代物流"
    FINTECH = "科技金融", "科技金融"
    CULTURE = "数字文化", "数字文化"
    OTHER = "其他", "其他"
