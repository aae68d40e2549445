"""Consents 订阅授权: how many messages of each template a person accepts."""
