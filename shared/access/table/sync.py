"""The routes of sync: agents, batches and records."""

from shared.access.rules import rule
from shared.access.table.groups import (
    ALL_OPERATORS,
    CITY_AND_ALLIANCE,
    CITY_STAFF,
    EVERYBODY,
    FOLLOWERS,
    LOGGED_IN,
    OBJECTION_READERS,
    PUSHERS,
)

UPLOADED_BYTES = 16 * 1024 * 1024
"""Of a form with a clerk's file; whoever has more pushes it with the agent."""

SYNC = [
    rule("sync.register-agent", "POST sync/agents", CITY_STAFF, recorded=True),
    rule("sync.list-agents", "GET sync/agents", CITY_STAFF),
    rule("sync.show-agent", "GET sync/agents/{agent_id}", CITY_STAFF, "sync.show-agent"),
    rule("sync.remove-agent", "DELETE sync/agents/{agent_id}", CITY_STAFF, "sync.show-agent", recorded=True),
    rule("sync.open-batch", "POST sync/batches", PUSHERS),
    rule("sync.upload", "POST sync/uploads", CITY_STAFF, body_limit=UPLOADED_BYTES),
    rule("sync.push-verified", "POST sync/batches/{batch_id}/push", CITY_STAFF, "sync.show-batch", recorded=True),
    rule("sync.show-annotated", "GET sync/batches/{batch_id}/annotated", CITY_STAFF, "sync.show-batch"),
    rule("sync.list-batches", "GET sync/batches", PUSHERS),
    rule("sync.show-batch", "GET sync/batches/{batch_id}", PUSHERS, "sync.show-batch"),
    rule("sync.put-part", "PUT sync/batches/{batch_id}/parts/{number}", PUSHERS, "sync.show-batch"),
    rule("sync.commit-batch", "POST sync/batches/{batch_id}/commit", PUSHERS, "sync.show-batch"),
    rule("sync.delete-batch", "DELETE sync/batches/{batch_id}", PUSHERS, "sync.show-batch"),
    rule("sync.approve-batch", "POST sync/batches/{batch_id}/approve", CITY_STAFF, "sync.show-batch", recorded=True),
    rule("sync.list-withdrawals", "GET sync/batches/{batch_id}/withdrawals", PUSHERS, "sync.show-batch"),
    rule("sync.list-rows", "GET sync/batches/{batch_id}/rows", PUSHERS, "sync.show-batch"),
    rule("sync.confirm-code", "POST sync/organizations/{credit_code}/confirm", ALL_OPERATORS, recorded=True),
    rule("sync.list-merges", "GET sync/organizations", ALL_OPERATORS),
    rule("sync.show-organization", "GET sync/organizations/{credit_code}", EVERYBODY),
    rule("sync.list-organization-records", "GET sync/organizations/{credit_code}/records", EVERYBODY),
    rule("sync.merge-organization", "POST sync/organizations/{credit_code}/merge", ALL_OPERATORS, recorded=True),
    rule("sync.unmerge-organization", "POST sync/organizations/{credit_code}/unmerge", ALL_OPERATORS, recorded=True),
    rule("sync.set-portal", "PUT sync/portals/{jurisdiction}", CITY_AND_ALLIANCE, recorded=True),
    rule("sync.show-rhythm", "GET sync/rhythms/{jurisdiction}", CITY_AND_ALLIANCE),
    rule("sync.set-rhythm", "PUT sync/rhythms/{jurisdiction}", CITY_AND_ALLIANCE, recorded=True),
    rule("sync.object-to-record", "POST sync/objections", LOGGED_IN),
    rule("sync.list-objections", "GET sync/objections", LOGGED_IN),
    rule("sync.show-objection", "GET sync/objections/{objection_id}", OBJECTION_READERS, "sync.show-objection"),
    rule("sync.answer-objection", "POST sync/objections/{objection_id}/answer", CITY_STAFF, "sync.show-objection"),
    rule("sync.show-record", "GET sync/records/{jurisdiction}/{kind}/{source_id:path}", EVERYBODY),
    rule("sync.list-changes", "GET sync/changes", FOLLOWERS),
    rule("sync.list-jurisdictions", "GET sync/jurisdictions", EVERYBODY),
    rule("sync.show-schema", "GET sync/schema/{kind}", EVERYBODY),
    rule("sync.show-template", "GET sync/template", EVERYBODY),
]
