"""Partnerships put right, by servers and by the operator."""
