"""What is decided about telling people: pure, without clock, database or WeChat."""
