"""WeChat pushes messages to us: consents, and how sends ended."""
