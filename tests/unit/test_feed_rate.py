"""The benchmark of feeds runs and reports; what it reports of so few feeds means nothing."""

import sys

import pytest

from bench.feed_rate import PEER, measure
from bench.figures import OURS


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the loopback is one address")
async def test_few_feeds_are_read_and_counted(sqlite_url: str) -> None:
    said: list[str] = []
    figures = await measure(sqlite_url, 1, said.append, feeds=25, hosts=5, peers_feeds=3)
    assert [(figure.subject, figure.figure, figure.unit) for figure in figures] == [
        (subject, figure, unit)
        for subject in (OURS, PEER)
        for figure, unit in (("feeds a minute", "count"), ("pause p99", "ms"), ("pause max", "ms"))
    ]
    assert all(figure.value > 0 for figure in figures if figure.unit == "count")
    assert len(said) == 2
