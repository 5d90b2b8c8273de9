"""Requests that must not be made twice are not repeated by those who do not know."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.posting.only_once import InDoubt, only_once, watch


class Answers:
    """A server that gives these answers in turn, and counts what it was asked."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.asked = 0

    async def handle(self, request: web.Request) -> web.Response:
        self.asked += 1
        status = self.statuses.pop(0)
        if not status and request.transport is not None:
            request.transport.close()
        return web.Response(status=status or 200)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A session that is watched."""
    trace = aiohttp.TraceConfig()
    watch(trace)
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        yield session


async def ask(session: aiohttp.ClientSession, answers: Answers) -> list[int]:
    """What a caller hears who repeats its request up to three times, until it succeeds."""
    app = web.Application()
    app.router.add_post("/", answers.handle)
    heard: list[int] = []
    async with TestServer(app) as server:
        for _ in range(3):
            try:
                async with session.post(server.make_url("/")) as response:
                    heard.append(response.status)
            except aiohttp.ServerDisconnectedError:
                heard.append(0)
            if heard[-1] == 200:
                break
    return heard


@pytest.mark.parametrize("first", [500, 502, 503, 504, 520, 0])
async def test_after_an_answer_that_leaves_it_open_nothing_is_repeated(
    session: aiohttp.ClientSession, first: int
) -> None:
    answers = Answers(first, 200)
    with pytest.raises(InDoubt), only_once():
        await ask(session, answers)
    assert answers.asked == 1


@pytest.mark.parametrize("first", [400, 404, 429])
async def test_after_a_plain_no_it_may_be_repeated(session: aiohttp.ClientSession, first: int) -> None:
    with only_once():
        assert await ask(session, Answers(first, 200)) == [first, 200]


async def test_outside_such_a_block_everything_may_be_repeated(session: aiohttp.ClientSession) -> None:
    with pytest.raises(InDoubt), only_once():
        await ask(session, Answers(500, 200))
    assert await ask(session, Answers(500, 502, 200)) == [500, 502, 200]
