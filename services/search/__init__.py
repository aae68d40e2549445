"""Everything that can be found, and the searches that people saved."""
