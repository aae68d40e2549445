"""The examples of claims: they stand in the documentation of the interface, and tests send them."""

from typing import Any

CLAIM: dict[str, Any] = {
    "lead": {"name": "负责人", "title": "研究员"},
    "members": [{"name": "成员", "title": "工程师", "qualification": "博士"}],
    "approach": "采用梯度过渡层与致密面层结合的涂层结构。",
    "schedule": [{"name": "一期", "months": 12}],
    "budget_fen": 250000000,
    "promises": [{"indicator": "腐蚀电流密度", "value": "≤ 0.8"}],
    "consortium": [],
    "commitment_accepted": True,
    "attachment_ids": [],
}

CLAIM_SEEN: dict[str, Any] = {
    "id": "0198f1c2-7d3a-7c21-9b5e-3f0a6f1d2c4c",
    "version": 2,
    "challenge_id": "0198f1c2-7d3a-7c21-9b5e-3f0a6f1d2c4b",
    "state": "submitted",
    "receipt": {
        "claim_id": "0198f1c2-7d3a-7c21-9b5e-3f0a6f1d2c4c",
        "submitted_at": "2026-11-25T02:05:00.000Z",
        "salt": "5c6f1f0e2d0b4a3c8b7a69f1e2d3c4b5a6978812a3b4c5d6e7f8091a2b3c4d5e",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
}

PENDING: dict[str, Any] = {
    "receipt": {
        "claim_id": CLAIM_SEEN["id"],
        "submitted_at": None,
        "salt": "1b4f0e9851971998e732078544c96b36c3d01cedf7caa332359d6f1d83567014",
        "sha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
    },
    "content": {**CLAIM, "approach": "采用梯度过渡层与致密面层结合的涂层结构，并优化沉积工艺。"},
    "consents": [{"organization_id": "0198f1c2-7d3a-7c21-9b5e-3f0a6f1d2c4d", "consent": "asked"}],
}

CLAIM_LISTED: dict[str, Any] = {
    "id": CLAIM_SEEN["id"],
    "version": 2,
    "challenge_id": CLAIM_SEEN["challenge_id"],
    "challenge": {
        "id": CLAIM_SEEN["challenge_id"],
        "title": "氢燃料电池双极板涂层寿命提升",
        "state": "published",
        "deadline": "2027-01-31T15:59:59.999Z",
    },
    "state": "submitted",
    "role": "lead",
    "pending": False,
    "submitted_at": "2026-11-25T02:05:00.000Z",
    "updated_at": "2026-11-25T02:05:00.000Z",
    "actions": [{"action": "withdraw", "allowed": True, "reason_code": None, "reason": None}],
}
