"""Organisations 机构 across cities: the records of a credit code belong together, and codes may be joined into one."""
