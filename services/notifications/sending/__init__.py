"""Deliveries 投递: judging them, sending them through WeChat, and recording the outcome."""
