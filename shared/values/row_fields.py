"""The fields of a city's row, with the names by which people know them."""

import re

from shared.values.open_sets import OpenSet, member_or_text


class RowFields(OpenSet):
    """Every field by its path in the row; `details.…` are those that some kinds have beyond the others."""

    SOURCE_ID = "source_id", "记录编号"
    TITLE = "title", "标题"
    SUMMARY = "summary", "简介"
    TENSE = "tense", "时态"
    INDUSTRY = "industry", "行业标签"
    ORGANIZATION = "organization", "所属单位"
    ORGANIZATION_NAME = "organization.name", "单位名称"
    CREDIT_CODE = "organization.credit_code", "统一社会信用代码"
    ADDRESS = "address", "地址"
    LONGITUDE = "longitude", "经度"
    LATITUDE = "latitude", "纬度"
    CONTACT = "contact", "联系方式"
    CONTACT_NAME = "contact.name", "联系人"
    CONTACT_PHONE = "contact.phone", "联系电话"
    PORTAL_URL = "portal_url", "详情网址"
    VALID_FROM = "valid_from", "生效日期"
    VALID_UNTIL = "valid_until", "失效日期"
    DETAILS = "details", "附加信息"
    FUND_SIZE = "details.fund_size_fen", "基金规模"
    FUND_CURRENCY = "details.fund_size_currency", "基金币种"
    STAGE = "details.stage", "投资阶段"
    SECTORS = "details.sectors", "投资领域"
    STARTS_AT = "details.starts_at", "开始时间"
    ENDS_AT = "details.ends_at", "结束时间"
    PLACE = "details.place", "地点"
    MODEL = "details.model", "设备型号"
    DOCUMENT_NUMBER = "details.document_number", "文号"
    DELETED = "_deleted", "删除标记"


_ITEM = re.compile(r"(.+)\[(\d+)\]")


def field_name(path: str) -> str:
    """The Chinese name of the field at a path: `industry[1]` is 行业标签第 2 项. A path that we do not know stays as it is:
    it is the city's own word."""
    item = _ITEM.fullmatch(path)
    field = member_or_text(RowFields, item[1] if item else path)
    if not isinstance(field, RowFields):
        return path
    return f"{field.chinese}第 {int(item[2]) + 1} 项" if item else field.chinese
