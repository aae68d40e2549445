"""The subjects of notifications: for each its events, facts, audiences and messages."""
