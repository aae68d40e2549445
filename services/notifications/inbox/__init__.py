"""The inbox 收件箱 of each person."""
