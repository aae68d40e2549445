"""WeChat's own protocol: calls, error codes, template fields, and the messages that WeChat pushes back.

Nothing here knows of our services; the local stand-in (`deploy/local/wechat/`) answers by the same tables.
"""
