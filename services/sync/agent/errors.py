"""What stops the agent, in words for the clerk who sits in front of it."""


class AgentError(Exception):
    """Nothing can go on. The message is Chinese and says what to do; the command ends with 1."""
