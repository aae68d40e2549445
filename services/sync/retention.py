"""How long sync keeps what (docs/retention.md)."""

from services.sync.applying.receipts import KEPT as RECEIPTS_KEPT
from services.sync.intake.batch import DISCARDED_FOR, OPEN_FOR
from services.sync.intake.signatures import NONCES_KEPT
from services.sync.records.versions import KEPT as VERSIONS_KEPT
from shared.values.retention import Settled, bounded, by_index, by_task, for_ever, in_words

RETENTION = {
    "agents": for_ever("各市推送工具的公钥，已移除的也在内", "签名的依据：谁推送了什么须可追溯"),
    "batches": for_ever(
        "批次及其结果",
        f"每条记录的来源；未提交的 {in_words(OPEN_FOR)}后作废，连同分片删除，作废的标记再留 {in_words(DISCARDED_FOR)}",
    ),
    "parts": by_task(
        "批次的分片，含电话号码；批次结束或作废时内容即删除，只留行数和校验和",
        "重复上传的分片据此识别（《个人信息保护法》第十九条）",
        "内容删除时",
        30,
        Settled("dropped_at"),
        least=1,
    ),
    "uploads": by_task(
        "网页上传的文件原件，含联系电话，加密保存；批次作废时即删除",
        "标注后交还各市改正、据试运行正式推送，与回执同期（《个人信息保护法》第十九条：可按需缩短）",
        "上传时",
        RECEIPTS_KEPT.days,
        Settled("at"),
        least=1,
    ),
    "places": for_ever("批次在本市的次序", "记录版本的依据，每批一条"),
    "place_counters": bounded("各市的最大次序", "每市一条"),
    "nonces": by_index(
        "用过的签名随机数", "同一签名只能用一次；签名失效后即无用", "签名时", NONCES_KEPT, "until", at_once=True
    ),
    "receipt_chunks": by_task(
        "回执：每一行的结论",
        "各市核对与更正的依据（《民法典》第一百八十八条：诉讼时效三年）；汇总数随批次长期保留",
        "核验时",
        RECEIPTS_KEPT.days,
        Settled("at"),
        least=183,
    ),
    "withdrawals": by_task(
        "全量批次撤下或将要撤下的记录：编号和名称",
        "批准与事后核对的依据，与回执同期",
        "核验时",
        RECEIPTS_KEPT.days,
        Settled("at"),
        least=183,
    ),
    "receipt_progress": for_ever("批次进行到哪里、各结论的行数", "回执的汇总，每批一条"),
    "records": for_ever("各市三张清单的记录，已删除的也在内", "平台的数据本身；删除以标记表示，版本须保留"),
    "record_versions": by_task(
        "记录被覆盖前的内容：每次变更、删除之前的一份",
        "追溯某一时点公开的是什么、由哪一批哪一行写入（《民法典》第一百八十八条：诉讼时效三年）；也供跟随变更的一方补读",
        "被覆盖时",
        VERSIONS_KEPT.days,
        Settled("ended_at"),
        least=183,
    ),
    "objections": by_task(
        "数据异议及答复，联系电话加密；待答复的一直保留",
        "核对与追溯的依据（《民法典》第一百八十八条：诉讼时效三年）",
        "答复时",
        1095,
        Settled("state.answered_at"),
        least=183,
    ),
    "confirmed_codes": for_ever("校验位不符、经核对属实的统一社会信用代码", "各市据此不再提醒；每个代码一条"),
    "joined_codes": for_ever("统一社会信用代码的归并，含理由和撤销", "归并须可追溯、可撤销；每个代码一条"),
    "portals": bounded("各市自有平台的网址", "每市一条"),
    "rhythms": bounded("各市各类清单的更新周期", "每市一条"),
    "lapses": bounded("各张清单是否断更、是否已告知", "每市每类一条"),
    "lists": bounded("每张清单的条数和时效", "每市每类一条"),
}
