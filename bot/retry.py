"""How long to wait before something that failed is tried again. Pure."""

from datetime import timedelta

MOST_DOUBLINGS = 12  # enough to reach any longest wait of ours


def wait_after(failures: int, first: timedelta, last: timedelta) -> timedelta:
    """The wait after so many failures in a row, from 1: `first`, then twice as long each time, at most `last`."""
    return min(first * (1 << min(failures - 1, MOST_DOUBLINGS)), last)
