"""Agents, batches, parts and the commit: everything until a batch has its place in the order."""
