"""The corpus, workbooks: what Excel and WPS do to lists, and what nobody should open."""

from datetime import date

from tests.services.sync.corpus.file import File
from tests.services.sync.corpus.workbook import Sheet, one_sheet, workbook

H = ("source_id", "title")
A1 = ("A1", "甲")
BY_NAME = "fields: {title: 名称, contact.name: 联系人.姓名, contact.phone: 联系人.电话}\nsource_id: 编号\n"
LOST = "number_in_scientific_notation"

WORKBOOKS = (
    File("plain.xlsx", one_sheet(H, A1), ("2 added A1",)),
    File("numbers.xlsx", one_sheet(H, (1001, 2025)), ("2 added 1001",)),
    File("lost_digits.xlsx", one_sheet(H, (320211198001011234, "甲")), (f"2 rejected source_id {LOST}",)),
    File("lost_digits_in_title.xlsx", one_sheet(H, ("A1", 1e17)), (f"2 rejected title {LOST}",)),
    File("phone_as_number.xlsx", one_sheet((*H, "contact.phone"), (*A1, 13812345678)), ("2 added A1",)),
    File(
        "dates.xlsx",
        one_sheet((*H, "valid_from", "valid_until"), (*A1, date(2024, 3, 5), 45657)),
        ("2 added A1; valid_until date 2024-12-31",),
    ),
    File("decimals.xlsx", one_sheet((*H, "longitude", "latitude"), (*A1, 0.1 + 120.8, 32.0)), ("2 added A1",)),
    File("error.xlsx", one_sheet(H, ("A1", "#REF!")), ("2 rejected title error_cell",)),
    File(
        "error_in_optional.xlsx",
        one_sheet((*H, "address"), (*A1, "#N/A")),
        ("2 added A1; address dropped error_cell",),
    ),
    File(
        "starts_elsewhere.xlsx",
        one_sheet((), (), (None, *H), (None, *A1), (None, "A2", "乙")),
        ("4 added A1", "5 added A2"),
    ),
    File(
        "wrong_dimension.xlsx",
        workbook(Sheet("清单", [H, A1, ("A2", "乙"), ("A3", "丙")], dimension="A1:B2")),
        ("2 added A1", "3 added A2", "4 added A3"),
    ),
    File(
        "title_over_all.xlsx",
        one_sheet(("苏州市科创平台清单", None, None), (*H, "address"), (*A1, "乙"), merged=["A1:C1"]),
        ("3 added A1",),
        notes=("工作表“清单”第 1 行是表头上方的标题",),
    ),
    File(
        "header_of_two_rows.xlsx",
        one_sheet(
            ("编号", "名称", "联系人", None),
            (None, None, "姓名", "电话"),
            ("A1", "甲", "某某", 13812345678),
            merged=["A1:A2", "B1:B2", "C1:D1"],
        ),
        ("3 added A1",),
        mapping=BY_NAME,
    ),
    File(
        "merged_downwards.xlsx",
        one_sheet((*H, "organization.name"), (*A1, "某所"), ("A2", "乙", None), ("A3", "丙", None), merged=["C2:C3"]),
        ("2 added A1", "3 added A2", "4 added A3"),
    ),
    File(
        "sheets.xlsx",
        workbook(
            Sheet("说明", [["请按表头填写"], ["不要合并单元格"]]),
            Sheet("高校", [H, A1]),
            Sheet("旧", [H, ("A9", "旧")], state="hidden"),
            Sheet("空", []),
            Sheet("院所", [("title", "source_id"), ("乙", "A2")]),
        ),
        ("2 added A1", "2 added A2"),
        notes=("工作表“旧”是隐藏的", "工作表“说明”只有一列"),
    ),
    File(
        "sheet_without_a_column.xlsx",
        workbook(
            Sheet("一", [("编号", "名称", "地址"), ("A1", "甲", "乙")]), Sheet("二", [("编号", "名称"), ("A2", "丙")])
        ),
        refused="工作表“二”里没有映射文件要的这些列：地址",
        mapping="fields: {title: 名称, address: 地址}\nsource_id: 编号\n",
    ),
    File(
        "sums.xlsx",
        one_sheet((*H, "address"), (*A1, "乙"), ("合计", 1, None)),
        ("2 added A1",),
        notes=("第 3 行是合计行",),
    ),
    File("formula_as_text.xlsx", one_sheet(H, ("A1", "=HYPERLINK(1)")), ("2 added A1",)),
    File("only_hidden.xlsx", workbook(Sheet("旧", [H, A1], state="hidden")), refused="没有数据行", notes=("是隐藏的",)),
    File("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), refused="加密的或旧版"),
    File("web_page.xlsx", b"<html><table></table></html>", refused="不是 Excel 工作簿"),
    File("cut_off.xlsx", one_sheet(H, A1)[:-60], refused="不是完整的 Excel 工作簿"),
    File("macros.xlsx", workbook(Sheet("清单", [H, A1]), xl__vbaProject_bin=b"x"), refused="含有宏"),
    File("bomb.xlsx", workbook(Sheet("清单", [H, A1]), xl__media__x_xml=bytes(64 << 20)), refused="解压后过大"),
    File(
        "entities.xlsx",
        workbook(Sheet("清单", [H, A1]), xl__x_xml=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'),
        refused="不安全的内容",
    ),
)
