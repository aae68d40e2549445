"""Posting 发榜: a challenge from its draft to its deadline."""
