"""Tells people what concerns them, in the inbox and through WeChat."""
