"""The corpus: files with one or two of the faults that files of cities have, and their verdicts. A row per file."""

import gzip

from tests.services.sync.corpus.file import File, as_json, lines, one, table
from tests.services.sync.corpus.lists import LISTS
from tests.services.sync.corpus.workbooks import WORKBOOKS

H = "source_id|title"
A1 = "2 added A1"
DIGEST = "fields: {title: 名称}\nsource_id: {digest: [名称, 地址]}\n"
BY_NAME = "fields: {title: 名称, contact.phone: 电话}\nsource_id: 编号\n"
PACKED_TWICE = ("1 duplicate superseded_in_batch", "2 added A1")
GEO = "rows: features\nfields: {title: properties.name, longitude: geometry.coordinates.0, latitude: geometry.coordinates.1}\n"

ENCODINGS = (
    File("utf8.csv", table(H, "A1|苏州医学院"), (A1,)),
    File("utf8_bom.csv", table(H, "A1|苏州医学院", encoding="utf-8-sig"), (A1,)),
    File("gbk.csv", table(H, "A1|苏州医学院", encoding="gbk"), (A1,)),
    File("gbk_that_is_utf8_by_chance.csv", table(H, "A1|医学院", encoding="gbk"), (A1,)),
    File("gb18030_with_bom.csv", "\ufeff".encode("gb18030") + table(H, "A1|㐂鎭", encoding="gb18030"), (A1,)),
    File("utf16_with_bom.txt", table(H, "A1|南通大学", encoding="utf-16", delimiter="\t"), (A1,)),
    File("utf16_without_bom.txt", table(H, "A1|南通大学", encoding="utf-16-le", delimiter="\t"), (A1,)),
    File("utf16_big_endian.txt", table(H, "A1|南通大学", encoding="utf-16-be", delimiter="\t"), (A1,)),
    File("changes.csv", table(H, "A1|南通大学") + table("A2|苏州医学院", encoding="gbk"), refused="第 3 行像是 GBK"),
    File("changes_unseen.csv", table(H, "A1|南通大学") + table("A2|医学院", encoding="gbk"), refused="第 3 行像是 GBK"),
    File("changes_back.csv", table(H, "A1|南通大学", encoding="gbk") + table("A2|苏州"), refused="第 3 行像是 UTF-8"),
    File("unclear.csv", table(H, "A1|é"), refused="第 2 行按 UTF-8 和按 GBK 都读得通"),
    File("unclear_but_said.csv", table(H, "A1|é"), (A1,), encoding="utf-8"),
    File(
        "said_wrongly.csv", table(H, "A1|南通大", encoding="gbk"), refused="第 2 行的文字不是 UTF-8", encoding="utf-8"
    ),
    File("half_a_character.csv", table(H, "A1|南通大学")[:-4], refused="第 2 行"),
    File("big5.csv", table(H, "A1|國立大學", "A2|研究機構", encoding="big5"), refused="不像中文"),
    File("stray_zero_byte.csv", b"source_id,title\nA\x001,x\n", ("2 added A1; source_id unseen A1",)),
    File("names_of_people.csv", table(H, "A1|李喆", "A2|王昶堃", encoding="gbk"), (A1, "3 added A2")),
    File("signs.csv", table(H, "A1|㎡、℃、Ⅱ、α、①", encoding="gb18030"), refused="不像中文"),
    File("damaged_before.csv", table(H, "A1|南通\ufffd大学"), ("2 rejected title text_damaged",)),
    File("damaged_twice.csv", table(H, "A1|锟斤拷大学"), ("2 rejected title text_damaged",)),
)

TABLES = (
    File("tabs.tsv", table(H, "A1|甲", delimiter="\t"), (A1,)),
    File("tabs_called_csv.csv", table(H, "A1|甲，乙", "A2|丙,丁", delimiter="\t"), (A1, "3 added A2")),
    File("semicolons.csv", table(H, "A1|甲,乙", "A2|丙", delimiter=";"), (A1, "3 added A2")),
    File("trailing_column.csv", table(f"{H}|", "A1|甲|", "A2|乙|"), (A1, "3 added A2")),
    File("trailing_cells.csv", table(H, "A1|甲||"), (A1,)),
    File("column_without_name.csv", table(f"{H}||address", "A1|甲|x|y"), refused="第 3 列没有列名"),
    File(
        "title_above.csv",
        table("苏州市科创平台清单（2025年）|||", "|||", "source_id|title|address|summary", "A1|甲|乙|丙"),
        ("4 added A1",),
        notes=("第 1 行是表头上方的标题",),
    ),
    File(
        "sums_and_notes_below.csv",
        table(f"{H}|address", "A1|甲|乙", "合　计|1|", "注：数据截至2025年底||", "填表人：某某"),
        (A1,),
        notes=("第 3 行是合计行", "第 4 行是表格下方的说明", "第 5 行是表格下方的说明"),
    ),
    File("blank_lines.csv", table(H, "|", "A1|甲", " |　", "A2|乙"), ("3 added A1", "5 added A2")),
    File("line_break_in_cell.csv", table(H, "A1|甲\n乙", "A2|丙"), ("2 added A1; title blanks 甲 乙", "4 added A2")),
    File("same_name_twice.csv", table(f"{H}|title", "A1|甲|乙"), refused="两列都叫“title”"),
    File("short_row.csv", table(f"{H}|address", "A1|甲"), refused="第 2 行有 2 列，表头有 3 列"),
    File("open_quote.csv", b'source_id,title\nA1,"x\nA2,y\n', refused="从第 2 行起不是完整的 CSV"),
    File("only_a_header.csv", table(H), refused="没有数据行"),
    File("duplicates.csv", table(H, "A1|甲", "A1|乙"), ("2 duplicate superseded_in_batch", "3 added A1")),
)

JSON = (
    File("list.json", as_json([{"source_id": "A1", "title": "甲"}]), ("- added A1",)),
    File("numbers.json", as_json([{"source_id": 1001, "title": "甲"}]), ("- added 1001",)),
    File(
        "beyond_2_53.json",
        as_json([{"source_id": 320211198001011234, "title": "甲"}, {"source_id": 320211198001011235, "title": "乙"}]),
        ("- rejected source_id number_in_scientific_notation",) * 2,
    ),
    File("wrapped.json", as_json({"data": {"list": [{"source_id": "A1", "title": "甲"}]}}), refused="data.list"),
    File(
        "wrapped_and_said.json",
        as_json({"data": {"list": [{"source_id": "A1", "title": "甲"}]}}),
        ("- added A1",),
        mapping="rows: data.list\n",
    ),
    File("wrapped_elsewhere.json", as_json({"data": []}), refused="不是列表", mapping="rows: data.list\n"),
    File(
        "features.json",
        as_json(
            {
                "type": "FeatureCollection",
                "features": [
                    {"id": "A1", "properties": {"name": "甲"}, "geometry": {"coordinates": [120.9, 32.0]}},
                    {"id": "A2", "properties": {"name": "乙"}, "geometry": None},
                ],
            }
        ),
        ("- added A1", "- added A2"),
        mapping=f"{GEO}source_id: id\n",
    ),
    File(
        "path_to_nowhere.json",
        as_json([{"id": "A1", "name": "甲", "location": {"lon": 120.6}}]),
        refused="location.lng",
        mapping="fields: {title: name, longitude: location.lng}\nsource_id: id\n",
    ),
    File(
        "nan.json",
        b'[{"source_id":"A1","title":"x","longitude":NaN,"latitude":31.3},{"source_id":"A2","title":"y"}]',
        (
            "- added A1; longitude dropped number_not_understood; latitude dropped coordinates_incomplete",
            "- added A2",
        ),
    ),
    File("field_twice.json", b'[{"source_id":"A1","title":"x","title":"y"}]', refused="“title”写了两次"),
    File(
        "lines.jsonl",
        lines('{"source_id":"A1","title":"甲"}', "", '{"source_id":"A2","title":"乙"}'),
        ("1 added A1", "3 added A2"),
    ),
    File(
        "broken_off.ndjson", lines('{"source_id":"A1","title":"甲"}', '{"source_id"'), refused="第 2 行不是完整的 JSON"
    ),
)

PACKED = (
    File("packed.csv.gz", gzip.compress(table(H, "A1|苏州医学院", encoding="gbk")), (A1,)),
    File("packed.JSON.GZ", gzip.compress(as_json([{"source_id": "A1", "title": "甲"}])), ("- added A1",)),
    File("packed_twice.ndjson.gz", gzip.compress(lines('{"source_id":"A1","title":"甲"}')) * 2, PACKED_TWICE),
    File("packed_and_cut_off.tsv.gz", gzip.compress(table(H, "A1|甲", delimiter="\t"))[:-9], refused="不是完整的 gzip"),
    File("not_packed.csv.gz", table(H, "A1|甲"), refused="不是完整的 gzip"),
    File("packed_bomb.csv.gz", gzip.compress(bytes(257 << 20), 9), refused="解压后过大"),
    File("packed_workbook.xlsx.gz", gzip.compress(b"PK"), refused="不认识 packed_workbook.xlsx.gz 的格式"),
)

MAPPINGS = (
    File("by_name.csv", table("编号|名称|电话", "A1|甲|13800000000"), (A1,), mapping=BY_NAME),
    File(
        "missing_column.csv",
        table("编号|名称|联系电话", "A1|甲|1"),
        refused="电话。文件里有：编号、名称、联系电话",
        mapping=BY_NAME,
    ),
    File("may_be_missing.csv", table("编号|名称", "A1|甲"), (A1,), mapping=f"{BY_NAME}optional: [contact.phone]\n"),
    File(
        "digest_of_clean_values.csv",
        table("名称|地址", "南通（第２）研究院|崇川区 1号", " 南通(第2)研究院|崇川区　1号 "),
        (
            "2 duplicate superseded_in_batch",
            "3 added e0e3d2fb372dae1121e64c44; title blanks 南通(第2)研究院",
        ),
        mapping=DIGEST,
    ),
    File(
        "digest_of_lost_digits.csv",
        table("名称|地址", "3.2021E+17|", "3.2021E+17|"),
        ("2 rejected source_id number_in_scientific_notation", "3 rejected source_id number_in_scientific_notation"),
        mapping=DIGEST,
    ),
)

IDS = (
    File(
        "ids_of_excel.csv",
        table(H, "3.2021E+17|甲", "3.2021E+17|乙"),
        tuple(f"{n} rejected source_id number_in_scientific_notation" for n in (2, 3)),
    ),
    one(H, "3E10|甲", "2 added 3E10", name="id_of_a_room"),
    one(H, "-|甲", "2 rejected source_id missing", name="no_id"),
    one(H, "ＮＴ－１|甲", "2 added NT-1; source_id full_width NT-1", name="full_width_id"),
)

TEXT = (
    one(H, "A1|#REF!", "2 rejected title error_cell", name="error_cell"),
    one(H, "A1|########", "2 rejected title error_cell", name="narrow_column"),
    one(f"{H}|address", "A1|甲|#N/A", "2 added A1; address dropped error_cell", name="error_in_optional"),
    one(f"{H}|summary", "A1|甲|暂无", "2 added A1; summary nothing None", name="nothing"),
    one(H, "A1|N/A", "2 rejected title missing", name="nothing_for_title"),
    one(H, "A1|南通⼯业⼤学", "2 added A1; title radicals 南通工业大学", name="kangxi"),
    one(H, "A1|⻓三⻆", "2 added A1; title radicals 长三角", name="radicals_supplement"),
    one(f"{H}|industry", "A1|甲|新材料、氢能/无", "2 added A1; industry list 新材料、氢能", name="tags"),
    one(H, "A1|合计", "2 rejected title total_row", name="sum_in_title"),
)

DATES = tuple(
    one(f"{H}|{field}", f"A1|甲|{written}", f"2 added A1{said}", name=name)
    for name, field, written, said in (
        ("iso", "valid_from", "2024-03-05", ""),
        ("stamp_in_utc", "valid_from", "2024-03-04T16:00:00.000Z", "; valid_from date 2024-03-05"),
        ("stamp_of_no_zone", "valid_from", "2024-03-05 23:59:59", "; valid_from date 2024-03-05"),
        ("blanks_in_date", "valid_from", "2024 年 3 月 5 日", "; valid_from date 2024-03-05"),
        ("day_number", "valid_from", "45356", "; valid_from date 2024-03-05"),
        ("day_number_with_time", "valid_from", "45292.5", "; valid_from date 2024-01-01"),
        ("period", "valid_from", "2024-3-5 至 2025-3-4", "; valid_from dropped date_not_understood"),
        ("more_than_a_date", "valid_from", "2024/3/5 abc", "; valid_from dropped date_not_understood"),
        ("no_such_day", "valid_from", "2025-02-29", "; valid_from dropped date_not_understood"),
        ("for_ever", "valid_until", "长期", "; valid_until nothing None"),
        ("permanent", "valid_until", "永久", "; valid_until nothing None"),
        ("error_for_date", "valid_until", "#VALUE!", "; valid_until dropped error_cell"),
    )
)

PLACES = tuple(
    one(f"{H}|longitude|latitude", f"A1|甲|{point}", f"2 added A1{said}", name=name)
    for name, point, said in (
        ("place", "120.9|32.0", ""),
        ("full_width_place", "１２０.９|32.0", "; longitude number 120.9"),
        ("another_city", "118.8|32.0", "; longitude dropped coordinates_outside_jurisdiction"),
        ("korea", "128.6|35.9", "; longitude dropped coordinates_outside_jurisdiction"),
        ("half_a_place", "120.6|", "; longitude dropped coordinates_incomplete"),
        ("swapped", "31.3|120.6", "; longitude dropped coordinates_swapped"),
        ("japan", "139.69|35.68", "; longitude dropped coordinates_outside_china"),
        (
            "underscore",
            "12_0.5|31.3",
            "; longitude dropped number_not_understood; latitude dropped coordinates_incomplete",
        ),
        ("inf", "inf|nan", "; longitude dropped number_not_understood; latitude dropped number_not_understood"),
    )
)

CONTACTS = (
    one(
        f"{H}|contact.phone",
        "A1|甲|1.38E+10",
        "2 rejected contact.phone number_in_scientific_notation",
        name="phone_of_excel",
    ),
    one(
        f"{H}|contact.phone", "A1|甲|见官网", "2 added A1; contact.phone dropped phone_not_understood", name="no_phone"
    ),
    one(f"{H}|contact.phone", "A1|甲|-", "2 added A1; contact.phone nothing None", name="phone_nothing"),
    one(
        f"{H}|contact.phone",
        "A1|甲|138 0000 0000",
        "2 added A1",
        name="phone_with_blanks",
    ),
    one(f"{H}|portal_url", "A1|甲|见官网", "2 added A1; portal_url dropped url_not_understood", name="no_link"),
)

_ORG = f"{H}|organization.name|organization.credit_code"
CODES = tuple(
    one(_ORG, f"A1|甲|乙|{code}", said, name=name)
    for name, code, said in (
        ("code", "91350100M000100Y43", A1),
        ("code_with_blanks", "9135 0100 m000 100y 43", f"{A1}; organization.credit_code code 91350100M000100Y43"),
        (
            "code_check_digit",
            "91350100M000100Y44",
            f"{A1}; organization.credit_code check_digit credit_code_check_digit",
        ),
        ("code_of_zeros", "0" * 18, "2 rejected organization.credit_code credit_code_invalid"),
        ("code_of_no_class", "97350100M000100Y43", "2 rejected organization.credit_code credit_code_invalid"),
        ("code_of_a_person", "311002199103150296", "2 rejected organization.credit_code credit_code_of_a_person"),
        ("code_of_excel", "9.1320E+17", "2 rejected organization.credit_code number_in_scientific_notation"),
        ("code_nothing", "无", f"{A1}; organization.credit_code nothing None"),
    )
)

FILES = (
    *ENCODINGS,
    *TABLES,
    *JSON,
    *PACKED,
    *MAPPINGS,
    *IDS,
    *TEXT,
    *DATES,
    *PLACES,
    *CONTACTS,
    *CODES,
    *WORKBOOKS,
    *LISTS,
)
