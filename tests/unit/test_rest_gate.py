"""The gate before Discord's REST API, over real HTTP: what it lets through, holds back and counts."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import discord
import pytest
from aiohttp import web

from bot.posting.rest_gate import FIRST_FEW, LONGEST_RATE_LIMIT, MOST_INVALID, Paused, RestGate

APPLICATION_ID = 99
BOT = {"Authorization": "Bot token"}
FROM_DISCORD = {"Via": "1.1 google"}
TEN_MINUTES = 600.0

Answer = Callable[[], web.Response]


def limited(said: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> Answer:
    """A 429 that says this; from Discord itself, unless other headers are given."""
    body = json.dumps({"message": "You are being rate limited."} | (said or {})).encode()
    sent = FROM_DISCORD if headers is None else headers
    return lambda: web.Response(status=429, body=body, headers=sent, content_type="application/json")


def banned() -> Answer:
    return limited({"retry_after": 1}, headers={})


def status(number: int) -> Answer:
    return lambda: web.Response(status=number)


class Stage:
    """A server whose answers can be chosen by path, and a client that goes through a gate; `clock` can be moved."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}/api/v10"
        self.clock = [1000.0]
        self.gate = RestGate(self.base, a_second=1_000_000, clock=lambda: self.clock[0])
        self.gate.application_id = APPLICATION_ID
        self.client = aiohttp.ClientSession(trace_configs=[self.gate.trace()])

    async def ask(self, path: str, **headers: str) -> int:
        """The status of an answer."""
        async with self.client.post(self.base + path, headers=BOT | headers) as answer:
            return answer.status


class Server:
    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.seen: list[str] = []
        self.hold = asyncio.Event()
        self.hold.set()

    async def serve(self, request: web.BaseRequest) -> web.Response:
        path = request.path.removeprefix("/api/v10")
        self.seen.append(path)
        await self.hold.wait()
        return self.answers.get(path, status(200))()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    yield Server()


@pytest.fixture
async def stage(server: Server) -> AsyncIterator[Stage]:
    runner = web.ServerRunner(web.Server(server.serve), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stage = Stage(runner.addresses[0][1])
    yield stage
    await stage.client.close()
    server.hold.set()
    await runner.cleanup()


async def until(server: Server, requests: int) -> None:
    """So many requests have come."""
    async with asyncio.timeout(5):
        while len(server.seen) < requests:  # noqa: ASYNC110 - what the server has seen is no event
            await asyncio.sleep(0.01)


async def test_everything_passes_while_all_is_well(stage: Stage, server: Server) -> None:
    answers = await asyncio.gather(*(stage.ask(f"/channels/{number}/messages") for number in range(10)))
    assert (answers, len(server.seen), stage.gate.paused_for()) == ([200] * 10, 10, 0)


async def test_a_ban_by_cloudflare_stops_everything_but_answers_to_interactions(stage: Stage, server: Server) -> None:
    server.answers["/channels/1/messages"] = banned()
    assert await stage.ask("/channels/1/messages") == 429
    assert stage.gate.paused_for() == TEN_MINUTES
    with pytest.raises(Paused) as refused:
        await stage.ask("/channels/2/messages")
    assert refused.value.retry_after == TEN_MINUTES
    assert await stage.ask("/interactions/7/token/callback") == 200
    assert await stage.ask(f"/webhooks/{APPLICATION_ID}/token/messages/@original") == 200
    with pytest.raises(Paused):
        await stage.ask("/webhooks/12345/token")  # of a channel
    assert server.seen == [
        "/channels/1/messages",
        "/interactions/7/token/callback",
        f"/webhooks/{APPLICATION_ID}/token/messages/@original",
    ]


async def test_a_page_in_place_of_json_is_a_ban_too(stage: Stage, server: Server) -> None:
    server.answers["/channels/1"] = lambda: web.Response(status=429, text="<html>", headers=FROM_DISCORD)
    await stage.ask("/channels/1")
    assert stage.gate.paused_for() == TEN_MINUTES


async def test_a_ban_met_by_an_answer_to_an_interaction_stops_the_rest(stage: Stage, server: Server) -> None:
    server.answers["/interactions/7/token/callback"] = banned()
    await stage.ask("/interactions/7/token/callback")
    assert stage.gate.paused_for() == TEN_MINUTES


async def test_bans_in_a_row_last_longer_each_time_until_a_request_succeeds(stage: Stage, server: Server) -> None:
    server.answers["/banned"] = banned()
    pauses = []
    for path in ("/banned", "/banned", "/banned", "/banned", "/banned", "/good", "/banned"):
        stage.clock[0] += stage.gate.paused_for()
        await stage.ask(path)
        pauses.append(stage.gate.paused_for() / 60)
    assert pauses == [10, 20, 40, 80, 120, 0, 10]


async def test_a_ban_that_many_requests_meet_at_once_is_one_ban(stage: Stage, server: Server) -> None:
    server.answers["/banned"] = banned()
    server.hold.clear()
    asked = [asyncio.create_task(stage.ask("/banned")) for _ in range(FIRST_FEW)]
    await until(server, FIRST_FEW)
    server.hold.set()
    await asyncio.gather(*asked)
    assert stage.gate.paused_for() == TEN_MINUTES


async def test_good_answers_to_what_was_asked_before_a_ban_do_not_make_it_shorter(stage: Stage, server: Server) -> None:
    server.answers["/banned"] = banned()
    server.hold.clear()
    asked = [asyncio.create_task(stage.ask(path)) for path in ("/banned", "/good")]
    await until(server, 2)
    server.hold.set()
    await asyncio.gather(*asked)
    stage.clock[0] += stage.gate.paused_for()
    await stage.ask("/banned")
    assert stage.gate.paused_for() == 2 * TEN_MINUTES


async def test_a_limit_of_the_whole_bot_holds_everything_back_for_as_long_as_asked(
    stage: Stage, server: Server
) -> None:
    server.answers["/channels/1"] = limited({"global": True, "retry_after": 0.4})
    await stage.ask("/channels/1")
    assert stage.gate.paused_for() == pytest.approx(0.4)
    waiting = asyncio.create_task(stage.ask("/channels/2"))
    assert await stage.ask("/interactions/7/token/callback") == 200
    await asyncio.sleep(0.1)
    assert server.seen == ["/channels/1", "/interactions/7/token/callback"]
    stage.clock[0] += 0.4
    assert await waiting == 200


async def test_a_long_limit_of_the_whole_bot_is_not_waited_for_at_the_gate(stage: Stage, server: Server) -> None:
    server.answers["/channels/1"] = limited({"global": True, "retry_after": 600})
    await stage.ask("/channels/1")
    with pytest.raises(Paused) as refused:
        await stage.ask("/channels/2")
    assert (refused.value.retry_after, len(server.seen)) == (600, 1)


async def test_limits_of_one_route_or_of_what_many_share_concern_nobody_else(stage: Stage, server: Server) -> None:
    server.answers["/channels/1"] = limited({"retry_after": 5})
    server.answers["/channels/2"] = limited({"retry_after": 5}, FROM_DISCORD | {"X-RateLimit-Scope": "shared"})
    await stage.ask("/channels/1")
    await stage.ask("/channels/2")
    assert (await stage.ask("/channels/3"), stage.gate.paused_for()) == (200, 0)
    assert stage.gate.invalid_requests() == 1  # the shared one does not count


async def test_a_long_limit_of_a_webhook_is_not_waited_for_by_the_library(stage: Stage, server: Server) -> None:
    for path, seconds in (("/webhooks/12345/token", LONGEST_RATE_LIMIT + 1), ("/webhooks/678/token", 5)):
        server.answers[path] = limited({"retry_after": seconds})
    with pytest.raises(discord.RateLimited) as refused:
        await stage.ask("/webhooks/12345/token")
    assert refused.value.retry_after == LONGEST_RATE_LIMIT + 1
    assert await stage.ask("/webhooks/678/token") == 429  # short ones the library waits out
    answers = await asyncio.gather(*(stage.ask(f"/channels/{number}") for number in range(10)))
    assert (answers, stage.gate.invalid_requests()) == ([200] * 10, 2)


async def test_after_a_refused_token_nothing_is_asked_any_more(stage: Stage, server: Server) -> None:
    server.answers["/channels/1"] = status(401)
    assert not stage.gate.token_refused.is_set()
    await stage.ask("/channels/1")
    assert stage.gate.token_refused.is_set()
    with pytest.raises(Paused):
        await stage.ask("/channels/2")
    assert server.seen == ["/channels/1"]


async def test_few_requests_are_made_before_it_is_known_that_the_token_is_good(stage: Stage, server: Server) -> None:
    server.hold.clear()
    asked = [asyncio.create_task(stage.ask(f"/channels/{number}")) for number in range(12)]
    await until(server, FIRST_FEW)
    await asyncio.sleep(0.1)
    assert len(server.seen) == FIRST_FEW
    for path in server.seen:
        server.answers[path] = status(401)
    server.hold.set()
    ended = await asyncio.gather(*asked, return_exceptions=True)
    assert [end for end in ended if end == 401] == [401] * FIRST_FEW
    assert sum(isinstance(end, Paused) for end in ended) == 8
    assert len(server.seen) == FIRST_FEW


async def test_once_an_answer_has_come_the_others_follow(stage: Stage, server: Server) -> None:
    await stage.ask("/users/@me")
    server.hold.clear()
    asked = [asyncio.create_task(stage.ask(f"/channels/{number}")) for number in range(12)]
    await until(server, 13)
    server.hold.set()
    assert await asyncio.gather(*asked) == [200] * 12


async def test_a_webhook_that_is_gone_says_nothing_about_the_token(stage: Stage, server: Server) -> None:
    server.answers["/webhooks/12345/token"] = status(401)
    async with stage.client.post(f"{stage.base}/webhooks/12345/token") as answer:
        assert answer.status == 401
    assert (stage.gate.token_refused.is_set(), stage.gate.invalid_requests()) == (False, 1)


async def test_requests_that_discord_counts_as_invalid_are_counted_and_stop_us_long_before_it_would(
    stage: Stage, server: Server
) -> None:
    server.answers["/channels/1"] = status(403)
    for _ in range(3):
        await stage.ask("/channels/1")
    await stage.ask("/channels/2")
    assert stage.gate.invalid_requests() == 3
    stage.clock[0] += TEN_MINUTES
    assert stage.gate.invalid_requests() == 0
    for _ in range(MOST_INVALID):
        assert stage.gate.paused_for() == 0
        await stage.ask("/channels/1")
    assert stage.gate.paused_for() == TEN_MINUTES


async def test_who_was_refused_at_the_gate_knows_whether_discord_can_have_heard_of_it(
    stage: Stage, server: Server
) -> None:
    server.answers["/channels/1"] = banned()

    async def twice() -> bool:
        await stage.ask("/channels/1")
        with pytest.raises(Paused) as refused:
            await stage.ask("/channels/1")
        return refused.value.untouched

    async def once() -> bool:
        with pytest.raises(Paused) as refused:
            await stage.ask("/channels/2")
        return refused.value.untouched

    assert (await asyncio.create_task(twice()), await asyncio.create_task(once())) == (False, True)


async def test_connections_that_fail_do_not_count_as_requests_under_way(stage: Stage, server: Server) -> None:
    for _ in range(2 * FIRST_FEW):
        with pytest.raises(aiohttp.ClientError):
            await stage.client.post(stage.base, headers=BOT, proxy="http://127.0.0.1:9")
    cancelled = asyncio.create_task(stage.ask("/channels/1"))
    server.hold.clear()
    await until(server, 1)
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    server.hold.set()
    async with asyncio.timeout(5):
        assert await asyncio.gather(*(stage.ask("/channels/2") for _ in range(FIRST_FEW))) == [200] * FIRST_FEW


async def test_the_gateway_and_pictures_are_no_business_of_the_gate(stage: Stage, server: Server) -> None:
    server.answers["/api/v9/cdn"] = banned()
    async with stage.client.get(stage.base.replace("v10", "v9") + "/cdn") as answer:
        assert answer.status == 429
    assert stage.gate.paused_for() == 0


async def test_the_pace_is_kept_over_all_routes_but_not_for_interactions(server: Server) -> None:
    runner = web.ServerRunner(web.Server(server.serve), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10"
    gate = RestGate(base, a_second=20)
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession(trace_configs=[gate.trace()]) as client:

        async def timed(path: str) -> float:
            started = loop.time()
            async with client.post(base + path, headers=BOT):
                return loop.time() - started

        paced, free = await asyncio.gather(
            asyncio.gather(*(timed(f"/channels/{number}") for number in range(10))),
            asyncio.gather(*(timed("/interactions/7/token/callback") for _ in range(10))),
        )
    await runner.cleanup()
    assert 9 / 20 <= max(paced) < 1.5
    assert max(free) < 0.3
