"""Preferences 通知偏好: channels, quiet hours and digests."""
