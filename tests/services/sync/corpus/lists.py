"""The corpus, lists as bureaus keep them: Chinese columns, no mapping."""

from shared.events.sync import Kind
from tests.services.sync.corpus.file import File, as_json, lines, table
from tests.services.sync.corpus.workbook import Sheet, one_sheet, workbook

A1 = "2 added A1"
_PLATFORMS = "序号|平台编号|平台名称|依托单位|统一社会信用代码|地址|联系人|联系电话|备注"
_LEFT_OUT = ("“序号”、“备注”（序号只是行号，不作编号）",)

LISTS = (
    File(
        "platforms.csv",
        table(_PLATFORMS, "1|A1|中试平台|某某大学|91350100M000100Y43|南通|张三|0513-88888888|"),
        (A1,),
        notes=_LEFT_OUT,
    ),
    File("institutions.csv", table("单位名称|机构编号|校址", "某某大学|A1|南通"), (A1,), kind=Kind.INSTITUTION),
    File("enterprises.csv", table("企业编号|企业名称|主营业务", "A1|某某公司|检测"), (A1,), kind=Kind.ENTERPRISE),
    File("talents.csv", table("人才编号|姓名|工作单位", "A1|张三|某某大学"), (A1,), kind=Kind.TALENT),
    File(
        "managers.csv",
        table("证书编号|姓名|从业机构|手机", "A1|张三|某某所|13800000000"),
        (A1,),
        kind=Kind.TECHNOLOGY_MANAGER,
    ),
    File("achievements.csv", table("成果编号|成果名称|完成单位", "A1|一种涂层|某某大学"), (A1,), kind=Kind.ACHIEVEMENT),
    File(
        "demands.csv",
        table("需求编号|需求名称|需求单位|需求描述", "A1|双极板|某某公司|求"),
        (A1,),
        kind=Kind.TECHNICAL_DEMAND,
    ),
    File("equipment.csv", table("设备编号|设备名称|规格型号", "A1|电镜|JEM-2100"), (A1,), kind=Kind.EQUIPMENT),
    File(
        "policies.csv",
        table("文件名称|发文字号|发文单位|施行日期", "办法|通科〔2025〕1号|某局|2025-01-01"),
        ("2 added 46b4a736dc982c7d7ef88ecb",),
        kind=Kind.POLICY,
        notes=("记录编号由“标题”和“文号”生成",),
    ),
    File(
        "events.csv",
        table("活动编号|活动名称|活动时间|活动地点", "A1|路演|2026-03-05 09:30|会议中心"),
        (f"{A1}; details.starts_at date 2026-03-05T01:30:00Z",),
        kind=Kind.EVENT,
    ),
    File(
        "event_elsewhere.csv",
        table("活动编号|活动名称|经度|纬度", "A1|路演|121.42|31.25", "A2|路演|116.4|39.9"),
        (A1, "3 added A2; longitude dropped coordinates_outside_jurisdiction"),
        kind=Kind.EVENT,
    ),
    *(
        File(
            f"amount_{name}.csv",
            table(f"基金编号|基金名称|{column}", f"A1|甲|{written}"),
            (f"{A1}; details.fund_size_fen {said}",),
            kind=Kind.FINANCE,
        )
        for name, column, written, said in (
            ("ten_thousands", "基金规模", "5000万元", "amount 50,000,000 元"),
            ("hundred_millions", "基金规模", "1.5 亿", "amount 150,000,000 元"),
            ("yuan", "基金规模", "人民币3,000,000元", "amount 3,000,000 元"),
            ("full_width", "基金规模", "５０００万元", "amount 50,000,000 元"),
            ("dollars", "基金规模", "1000万美元", "amount 10,000,000 USD"),
            ("unit_in_header", "基金规模（万元）", "5000", "amount 50,000,000 元"),
            ("unit_in_both", "基金规模（万元）", "1亿元", "amount 100,000,000 元"),
            ("without_unit", "基金规模", "5000", "dropped amount_without_unit"),
            ("range", "基金规模", "500-1000万元", "dropped amount_not_understood"),
            ("to_be_agreed", "基金规模", "面议", "dropped amount_not_understood"),
            ("two_currencies", "基金规模", "¥500万美元", "dropped amount_not_understood"),
            ("nothing", "基金规模（万元）", "/", "nothing None"),
        )
    ),
    File(
        "amount_numbers.xlsx",
        one_sheet(("基金编号", "基金名称", "规模(亿元)"), ("A1", "甲", 1.5)),
        (f"{A1}; details.fund_size_fen amount 150,000,000 元",),
        kind=Kind.FINANCE,
    ),
    File(
        "sectors.csv",
        table("基金编号|基金名称|投资领域", "A1|甲|氢能、芯片\n新材料/医药"),
        (f"{A1}; details.sectors list 氢能、芯片、新材料、医药",),
        kind=Kind.FINANCE,
    ),
    File("names_with_marks.csv", table("编号*|1. 平台名称（全称）|地址：", "A1|甲|乙"), (A1,)),
    File(
        "two_rows_without_merges.csv",
        table("编号|名称|联系人||地址", "||姓名|电话|", "A1|甲|张三|13800000000|乙"),
        ("3 added A1",),
    ),
    File(
        "two_rows_and_a_title.csv",
        table("清单|||||", "编号|名称|联系人||所属单位|", "||姓名|电话|名称|信用代码", "A1|甲|张三||某所|"),
        ("4 added A1",),
        notes=("第 1 行是表头上方的标题",),
    ),
    File(
        "two_rows_merged.xlsx",
        one_sheet(
            ("编号", "名称", "联系人", None),
            (None, None, "姓名", "手机"),
            ("A1", "甲", "张三", 13800000000),
            merged=["A1:A2", "B1:B2", "C1:D1"],
        ),
        ("3 added A1",),
    ),
    File(
        "sheets_of_their_own.xlsx",
        workbook(
            Sheet("平台", [("编号", "平台名称"), ("A1", "甲")]),
            Sheet("中心", [("中心名称", "地址", "编号"), ("乙", "南通", "A2")]),
        ),
        (A1, "2 added A2"),
    ),
    File(
        "without_ids.csv",
        table("平台名称|地址", "甲|南通", "甲|南通", "甲|如皋"),
        ("2 duplicate superseded_in_batch", "3 added be7487021f0e5cc822842cec", "4 added f8d5407f6c9fa4079e976ede"),
        notes=("没有编号列，记录编号由“标题”和“地址”生成",),
    ),
    File("no_way_to_tell.csv", table("平台名称|联系人", "甲|张三"), refused="没有编号列.*也没有“地址”列"),
    File(
        "two_for_one.csv", table("编号|名称|联系电话|手机", "A1|甲|1|2"), refused="“联系电话”和“手机”两列都是“联系电话”"
    ),
    File(
        "no_title.csv",
        table("编号|负责人", "A1|张三"),
        refused="没有找到“标题”.*找过的列名有：title、平台名称",
        notes=("“负责人”",),
    ),
    File("deletions.csv", table("编号|注销", "A1|是"), ("2 unchanged nothing_to_delete",)),
    File("column_of_a_program.csv", table("source_id|title|titel", "A1|甲|乙"), ("2 rejected titel unknown_field",)),
    File(
        "column_of_a_clerk.csv",
        table("source_id|title|备注", "A1|甲|乙"),
        (A1,),
        notes=("没有推送：“备注”。还没有列的字段和找过的列名：简介（",),
    ),
    File(
        "chinese.json",
        as_json([{"编号": "A1", "名称": "甲", "联系人": {"姓名": "张三"}}, {"编号": "A2", "名称": "乙", "备注": 1}]),
        ("- added A1", "- added A2"),
        notes=("“备注”",),
    ),
    File(
        "english.ndjson",
        lines(
            '{"id":"A1","name":"甲","location":{"lng":120.9,"lat":32.0},"area":"崇川","address":"乙"}',
            '{"id":"A2","name":"乙"}',
        ),
        ("1 added A1", "2 added A2"),
        notes=("“area”",),
    ),
    File(
        "mapping_wins.csv",
        table("编号|名称|别名", "A1|甲|乙"),
        ("2 added A1",),
        mapping="fields: {title: 别名}\nsource_id: 编号\n",
    ),
    File(
        "mapping_of_the_id.csv",
        table("证号|名称", "A1|甲"),
        (A1,),
        mapping="constants: {tense: past}\nsource_id: 证号\n",
        notes=("“证号”",),
    ),
)
