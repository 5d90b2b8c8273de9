"""The picture of a city and the ways to its partners."""
