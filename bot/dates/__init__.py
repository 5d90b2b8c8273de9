"""Dates, times and zones as people write them (pure)."""
