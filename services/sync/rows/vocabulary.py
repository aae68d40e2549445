"""What bureaus call the fields of a row, kind by kind: the words by which the columns of a list are known.

Words stand as `plain` leaves them: no blanks, no brackets, small letters. What a kind says goes before what all say: 单位名称 is
the title of an institution and the organisation of a platform. Words that may mean either of two fields, such as 负责人, are
not here: a city that uses them says in its mapping which it means.
"""

import re
from collections.abc import Mapping
from functools import cache

from shared.events.sync import Kind
from shared.values.row_fields import RowFields, field_name

_ALL: Mapping[str, str] = {
    "source_id": "编号 记录编号 唯一编号 编码 资源编号 项目编号",
    "title": "标题 名称 全称 中文名称 项目名称 资源名称",
    "summary": (
        "简介 介绍 概况 摘要 简述 描述 概述 内容简介 主要内容 内容 内容摘要 基本情况 情况简介 情况介绍 "
        "功能介绍 项目简介 主要功能 服务内容"
    ),
    "tense": "时态 进展状态",
    "industry": (
        "行业 产业 行业标签 行业领域 行业类别 所属行业 所属产业 产业领域 产业方向 技术领域 所属技术领域 领域 "
        "所属领域 应用领域 研究领域 专业领域 学科领域 服务领域"
    ),
    "organization.name": (
        "单位 单位名称 所属单位 所在单位 依托单位 建设单位 运营单位 运营机构 管理单位 申报单位 牵头单位 "
        "承担单位 机构名称 所属机构 企业名称 公司名称"
    ),
    "organization.credit_code": "统一社会信用代码 社会信用代码 信用代码 统一信用代码 单位信用代码 统一社会信用代码证号",
    "address": "地址 详细地址 所在地址 联系地址 通讯地址 通信地址 办公地址 单位地址 坐落地址 所在地",
    "longitude": "经度 东经",
    "latitude": "纬度 北纬",
    "contact.name": "联系人 联系人姓名 姓名 联络人 联络员 对接人 项目联系人",
    "contact.phone": (
        "电话 联系电话 电话号码 联系人电话 联系人手机 联系方式 联系人联系方式 手机 手机号 手机号码 固定电话 "
        "座机 办公电话 咨询电话 服务电话"
    ),
    "portal_url": "网址 网站 官网 链接 网页 官方网站 官网地址 网站地址 网址链接 详情网址 详情链接 门户网址",
    "valid_from": "生效日期 开始日期 起始日期 有效期起 有效期自 有效期开始",
    "valid_until": "失效日期 截止日期 截止时间 到期日期 结束日期 有效期止 有效期至 有效期截止",
    "_deleted": "删除标记 是否删除 注销 是否注销 已删除",
}
_OF_PROGRAMS: Mapping[str, str] = {
    "id": "source_id",
    "name": "title",
    "description": "summary",
    "lng": "longitude",
    "lon": "longitude",
    "location.lng": "longitude",
    "location.lon": "longitude",
    "lat": "latitude",
    "location.lat": "latitude",
    "tel": "contact.phone",
    "phone": "contact.phone",
    "url": "portal_url",
    "link": "portal_url",
}
"""What programs call them where they do not speak of our fields."""
_OF_KIND: Mapping[Kind, Mapping[str, str]] = {
    Kind.INSTITUTION: {
        "title": (
            "单位 单位名称 机构名称 所属单位 高校名称 院校名称 学校名称 院所名称 高校院所名称 科研机构名称 "
            "研究院名称 研发机构名称"
        ),
        "source_id": "机构编号 单位编号 院校代码 学校代码 学校标识码 高校编号",
        "summary": "机构简介 单位简介 院校简介 学校简介 研究方向",
        "address": "校址 机构地址 校区地址 学校地址",
    },
    Kind.PLATFORM: {
        "title": "平台名称 创新平台名称 科创平台名称 实验室名称 中心名称 载体名称",
        "source_id": "平台编号 平台编码",
        "summary": "平台简介 平台介绍 建设内容 研究方向",
        "address": "平台地址",
    },
    Kind.CARRIER: {
        "title": "载体名称 孵化器名称 园区名称 众创空间名称 孵化载体名称",
        "source_id": "载体编号 园区编号",
        "summary": "载体简介 园区简介 载体介绍",
        "address": "载体地址 园区地址",
    },
    Kind.EQUIPMENT: {
        "title": "仪器名称 设备名称 仪器设备名称 设备 仪器",
        "source_id": "仪器编号 设备编号 仪器设备编号 资产编号",
        "summary": "主要技术指标 技术指标 设备简介 仪器简介",
        "address": "安放地址 存放地址 放置地点 存放地点 安放地点",
        "details.model": "型号 规格型号 设备型号 仪器型号 型号规格",
    },
    Kind.ENTERPRISE: {
        "title": "单位 单位名称 企业 企业名称 公司 公司名称 机构名称 所属单位",
        "source_id": "企业编号",
        "summary": "企业简介 公司简介 企业介绍 主营业务 主要产品 经营范围",
        "address": "企业地址 公司地址 注册地址 经营地址",
    },
    Kind.INDUSTRY: {"title": "产业名称 优势产业 优势产业名称", "source_id": "产业编号", "summary": "产业简介 产业概况"},
    Kind.TALENT: {
        "title": "姓名 人才姓名 专家姓名 人才 专家",
        "source_id": "人才编号 专家编号",
        "summary": "个人简介 人才简介 专家简介 研究方向 主要成就",
        "organization.name": "工作单位 现工作单位 任职单位",
    },
    Kind.TECHNOLOGY_MANAGER: {
        "title": "姓名 技术经理人 技术经理人姓名 经理人姓名",
        "source_id": "证书编号 经理人编号 技术经理人编号",
        "summary": "个人简介 服务专长 从业经历",
        "organization.name": "工作单位 从业机构 任职单位 服务机构",
    },
    Kind.ACHIEVEMENT: {
        "title": "成果名称 科技成果名称 技术名称 成果",
        "source_id": "成果编号 登记号 成果登记号",
        "summary": "成果简介 成果介绍 技术简介 成果概述",
        "organization.name": "完成单位 成果单位 持有单位 第一完成单位 成果所属单位",
        "contact.name": "成果联系人",
    },
    Kind.FINANCE: {
        "title": "基金名称 产品名称 金融产品名称 基金 产品",
        "source_id": "基金编号 产品编号 备案编号 基金备案编号",
        "summary": "产品简介 基金简介 产品介绍 产品特点",
        "organization.name": "管理人 基金管理人 管理机构 金融机构 机构 银行名称 发行机构",
        "details.fund_size_fen": "基金规模 规模 资金规模 管理规模 额度 贷款额度 授信额度 最高额度",
        "details.stage": "投资阶段 阶段",
        "details.sectors": "投资领域 投资方向 投资行业 重点领域",
    },
    Kind.SERVICE: {
        "title": "单位 单位名称 机构 机构名称 服务机构 服务机构名称 所属单位",
        "source_id": "机构编号",
        "summary": "机构简介 服务项目",
    },
    Kind.POLICY: {
        "title": "政策名称 文件名称 政策标题 文件标题",
        "source_id": "政策编号",
        "summary": "政策摘要 政策要点 主要条款",
        "organization.name": "发文单位 发文机关 发布单位 发布机构 制定单位 发文机构",
        "portal_url": "原文链接 政策链接 政策原文",
        "valid_from": "实施日期 施行日期",
        "details.document_number": "文号 发文字号 文件号 发文号 文件编号",
    },
    Kind.TECHNICAL_DEMAND: {
        "title": "需求名称 技术需求名称 需求标题 难题名称 榜单名称",
        "source_id": "需求编号",
        "summary": "需求简介 需求描述 需求内容 技术需求描述 主要技术问题",
        "organization.name": "需求单位 需求企业 需求方 需求单位名称 发榜单位",
    },
    Kind.FACTOR_DEMAND: {
        "title": "需求名称 需求标题",
        "source_id": "需求编号",
        "summary": "需求简介 需求描述 需求内容",
        "organization.name": "需求单位 需求企业 需求方 需求单位名称",
    },
    Kind.COOPERATION: {
        "title": "合作名称 合作项目名称 合作事项 合作项目",
        "source_id": "合作编号",
        "summary": "合作内容 合作简介",
        "organization.name": "合作单位",
    },
    Kind.EVENT: {
        "title": "活动名称 活动标题 活动主题",
        "source_id": "活动编号",
        "summary": "活动简介 活动内容",
        "organization.name": "主办单位 主办方 举办单位",
        "details.starts_at": "开始时间 活动时间 举办时间 活动开始时间 时间",
        "details.ends_at": "结束时间 活动结束时间",
        "details.place": "地点 活动地点 举办地点 活动地址",
        "address": "地址 详细地址",
    },
}
_IDENTITY: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys((Kind.INSTITUTION, Kind.PLATFORM, Kind.CARRIER), ("title", "address")),
    Kind.POLICY: ("title", "details.document_number"),
    Kind.EVENT: ("title", "details.starts_at"),
    Kind.FINANCE: ("title", "organization.name"),
}
_BY_ITS_OWNER = ("title", "organization.name")

AMOUNTS = frozenset({"details.fund_size_fen"})
"""Fields whose unit may stand in the name of the column: 基金规模（万元）."""

_IN_BRACKETS = re.compile(r"[(（\[【](.*?)[)）\]】]")
_NO_NAME = re.compile(r"[\s*＊:：_﹡]|^[(（]?\d{1,2}[)）]?[.、]")
_UNIT = re.compile(r"(?:[百千]?万|亿)?(?:元|人民币|美元|欧元|港元|日元|英镑)|[百千]?万|亿")


def plain(name: str) -> str:
    """The name of a column without what surrounds it: `1. 平台名称（全称）*` is 平台名称."""
    return _NO_NAME.sub("", _IN_BRACKETS.sub("", name)).lower()


def unit_in(name: str) -> str | None:
    """万元 of 基金规模（单位：万元）."""
    for inner in _IN_BRACKETS.findall(name):
        text = "".join(inner.split()).removeprefix("单位").lstrip(":：")
        if _UNIT.fullmatch(text):
            return str(text)
    return None


@cache
def words_of(kind: Kind) -> dict[str, str]:
    """Every word with its field."""
    own = _OF_KIND.get(kind, {})
    words = dict(_OF_PROGRAMS)
    for table in (_ALL, own):
        for field, said in table.items():
            words |= dict.fromkeys(said.split(), field)
    named = {each.chinese: each.value for each in RowFields if each.value not in ("details", "organization", "contact")}
    return {word: field for word, field in named.items() if _may_have(kind, field)} | words


def words_for(kind: Kind, field: str) -> list[str]:
    """What a column for this field may be called, the most telling first; English words are for programs."""
    own = _OF_KIND.get(kind, {}).get(field, "").split()
    return [
        word for word in dict.fromkeys((*own, *words_of(kind))) if words_of(kind)[word] == field and not word.isascii()
    ]


def header_for(kind: Kind, field: str) -> str:
    """What to call a column for this field: its own name, or a telling word where lists of this kind mean another by that."""
    words, own = words_for(kind, field), _OF_KIND.get(kind, {}).get(field, "").split()
    if field == "title":
        return next((word for word in own if len(word) > 2 and word.endswith(("名称", "姓名"))), "标题")
    name = field_name(field)
    return name if words_of(kind).get(name) == field else words[0]


def _may_have(kind: Kind, field: str) -> bool:
    """Whether records of this kind have the field."""
    return not field.startswith("details.") or field in _OF_KIND.get(kind, {})


def fields_of(kind: Kind) -> list[str]:
    """The fields that a list of this kind may have, in the order of a row."""
    known = set(words_of(kind).values())
    return [each.value for each in RowFields if each.value in known]


def identity_of(kind: Kind) -> tuple[str, ...]:
    """The fields that tell records without ids of their own apart."""
    return _IDENTITY.get(kind, _BY_ITS_OWNER)
