"""Where it is kept: inboxes, notices, consents, preferences, the ledger, and the people others tell of."""
