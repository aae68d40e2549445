"""Items, boards, places and text. Pure: no I/O, no clock, no database."""
