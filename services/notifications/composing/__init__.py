"""From an event to inbox items and deliveries."""
