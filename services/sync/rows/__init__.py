"""A city's file and its rows: read, mapped, cleaned, rejected. Pure; the agent and the platform share it."""
