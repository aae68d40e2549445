"""Who is told what, in the inbox and through WeChat."""
