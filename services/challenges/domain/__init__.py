"""What a challenge 榜单 and a claim 揭榜 are and may become. Pure: no I/O, no clock, no database."""
