"""A stand-in for WeChat on this machine: real HTTP, WeChat's rules, and a way to script its moods.

`python -m deploy.local.wechat` listens on $HUNING_WECHAT_PORT. It knows one mini-program (HUNING_WECHAT_APPID, _SECRET,
_TOKEN, _AES_KEY), logs anybody in who comes with `code:<name>`, demands consents, checks every template field, and
pushes signed and encrypted events to HUNING_WECHAT_CALLBACK. What it was sent and who consented outlives a restart.
"""
