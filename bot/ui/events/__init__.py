"""Cards, panels and forms of events."""
