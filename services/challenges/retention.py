"""How long challenges keeps what (docs/retention.md)."""

from shared.values.retention import for_ever

_CONTRACTS = "合同与科技项目档案的依据"

RETENTION = {
    "challenges": for_ever("榜单：草稿至验收", _CONTRACTS),
    "claims": for_ever("揭榜，开榜前加密", f"{_CONTRACTS}；回执须随时可核验"),
    "data_keys": for_ever("每个榜单的数据密钥，由主密钥加密", "没有它就读不出揭榜内容，与揭榜同样长久"),
    "private_lists": for_ever("每个单位的揭榜清单，加密，不可关联到单位", "与揭榜同样长久"),
}
