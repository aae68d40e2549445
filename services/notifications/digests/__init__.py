"""Digests 汇总: one message a day for what can wait."""
