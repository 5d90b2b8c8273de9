"""Feeds of strangers: found, fetched and read with care, and what of them is new."""
