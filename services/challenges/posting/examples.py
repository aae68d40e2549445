"""The examples of the interface: they stand in its documentation, and tests send them."""

from typing import Any

CHALLENGE: dict[str, Any] = {
    "title": "氢燃料电池双极板涂层寿命提升",
    "problem": "现有涂层在高电位、频繁启停工况下腐蚀加快，寿命不足 5000 小时。",
    "public_summary": "提升双极板涂层在车用工况下的耐腐蚀寿命。",
    "jurisdiction": "suzhou",
    "industry": ["氢能"],
    "indicators": [{"name": "腐蚀电流密度", "target": "≤ 1", "unit": "μA/cm²", "test_method": "GB/T 20042.6"}],
    "deadline": "2027-01-31",
    "period_months": 24,
    "mode": "single",
    "race": None,
    "reward": {
        "amount_fen": 300000000,
        "stages": [
            {"name": "签约", "percent": 40},
            {"name": "中期", "percent": 30},
            {"name": "验收", "percent": 30},
        ],
    },
    "funding": [
        {"jurisdiction": "suzhou", "amount_fen": 200000000},
        {"jurisdiction": "nanjing", "amount_fen": 100000000},
    ],
    "ip_terms": {"template": "joint", "text": None},
    "requirements": ["具有独立法人资格"],
    "consortium": {"allowed": True, "max_partners": 4},
    "disclosure": "summary",
    "classified": False,
    "contact": {"name": "联系人", "phone": "051212345678"},
    "attachment_ids": [],
}

REASONS: dict[str, Any] = {"reasons": [{"field": "problem", "message": "请写明现有涂层的寿命"}]}

CHANGES: dict[str, Any] = {"deadline": "2027-02-28", "period_months": 18}

CHALLENGE_SEEN: dict[str, Any] = {
    **CHALLENGE,
    "id": "0198f1c2-7d3a-7c21-9b5e-3f0a6f1d2c4b",
    "version": 1,
    "state": "draft",
    "organization": {"id": "0198f1c2-0000-7000-8000-000000000001", "name": "发榜单位"},
    "deadline": "2027-01-31T15:59:59.999Z",
    "claims_count": 0,
    "return_reasons": [],
    "submitted_at": None,
    "published_at": None,
    "closed_at": None,
    "created_at": "2026-11-25T02:00:00.000Z",
    "updated_at": "2026-11-25T02:00:00.000Z",
    "relisted_from": None,
    "relisted_as": None,
    "actions": [{"action": "submit", "allowed": True, "reason_code": None, "reason": None}],
}
