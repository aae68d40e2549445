"""How the fields of a list are filled in, with an example of each: for templates."""

from collections.abc import Mapping

from shared.events.sync import Kind

EXAMPLES: Mapping[str, tuple[str, str]] = {
    "source_id": ("本市自己的编号，每行不同，以后不要改动", "A-001"),
    "title": ("名称，不超过 300 字", ""),
    "summary": ("简介，不超过 5000 字", "面向氢能企业的涂层检测与寿命评价服务"),
    "tense": ("从下拉列表中选；不填就是进行时", "进行时"),
    "industry": ("可从下拉列表中选；几个行业用、隔开", "氢能、新材料"),
    "organization.name": ("单位全称", "示例科技有限公司"),
    "organization.credit_code": ("18 位统一社会信用代码", "91320594MA1MH00015"),
    "address": ("详细地址", "工农路 1 号"),
    "longitude": ("东经的度数，小数；推送时声明坐标系，不知道就与纬度一起留空", "120.894600"),
    "latitude": ("北纬的度数，小数", "31.980200"),
    "contact.name": ("联系人姓名", "张三"),
    "contact.phone": ("手机或带区号的座机；对外显示时遮住中间几位", "0513-88888888"),
    "portal_url": ("http:// 或 https:// 开头的完整网址", "https://www.example.com/p/1"),
    "valid_from": ("日期", "2026-01-01"),
    "valid_until": ("日期；长期有效就不填", "2026-12-31"),
    "details.fund_size_fen": ("以万元为单位的数字；其他币种写成 1000万美元", "5000"),
    "details.stage": ("投资阶段", "A 轮"),
    "details.sectors": ("几个领域用、隔开", "氢能、新材料"),
    "details.starts_at": ("日期和时间", "2026-03-05 09:30"),
    "details.ends_at": ("日期和时间", "2026-03-05 11:30"),
    "details.place": ("举办地点", "国际会议中心"),
    "details.model": ("型号", "JEM-2100"),
    "details.document_number": ("文号", "科〔2025〕1 号"),
}
"""How, and an example. What a title is depends on the kind."""
TITLES: Mapping[Kind, str] = {
    Kind.INSTITUTION: "示例大学",
    Kind.PLATFORM: "双极板涂层检测平台",
    Kind.CARRIER: "示例科技企业孵化器",
    Kind.EQUIPMENT: "透射电子显微镜",
    Kind.ENTERPRISE: "示例科技有限公司",
    Kind.INDUSTRY: "氢能装备",
    Kind.TALENT: "李四",
    Kind.TECHNOLOGY_MANAGER: "王五",
    Kind.ACHIEVEMENT: "长寿命双极板涂层",
    Kind.FINANCE: "示例成果转化基金",
    Kind.SERVICE: "示例知识产权服务中心",
    Kind.POLICY: "关于促进科技成果转化的若干措施",
    Kind.TECHNICAL_DEMAND: "双极板涂层寿命提升",
    Kind.FACTOR_DEMAND: "寻求中试场地",
    Kind.COOPERATION: "氢能产业链协同攻关",
    Kind.EVENT: "氢能技术对接会",
}
