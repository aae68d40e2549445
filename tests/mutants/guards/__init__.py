"""The guards by area: each module here has a GUARDS, and table.py assembles them."""
