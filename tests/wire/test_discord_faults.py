"""How our fake Discord misbehaves, and what discord.py makes of it; our outbox has to see to the rest."""

from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.wire.discord_server import DiscordServer
from tests.wire.faults import CLOUDFLARE, NETWORK, SERVER, Fault
from tests.wire.payloads import Payload
from tests.wire.people import Person
from tests.wire.redirected import logged_in
from tests.wire.requests import Request

POSTS = "POST /channels/*/messages"

TOLD = [  # what one `send` makes of one fault: the exception and its words
    ("reset", aiohttp.ClientOSError, "reset by peer"),
    ("fin", aiohttp.ServerDisconnectedError, "Server disconnected"),
    ("503", discord.DiscordServerError, "503"),
    ("520", discord.DiscordServerError, "520"),
    ("401", discord.HTTPException, "401 Unauthorized"),
    (CLOUDFLARE, discord.HTTPException, "429 Too Many Requests"),
    ("10003", discord.NotFound, "error code: 10003"),
    ("50013", discord.Forbidden, "error code: 50013"),
    ("240000", discord.HTTPException, "error code: 240000"),
]
WAITED_OUT = ["500", "502", "504", "429", "429 global", "429 shared", "slow"]


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def client(server: DiscordServer) -> AsyncIterator[discord.Client]:
    async with logged_in(server) as client:
        yield client


@pytest.fixture
def general(server: DiscordServer) -> Payload:
    return server.add_channel("general")


@pytest.fixture
def channel(client: discord.Client, general: Payload) -> discord.PartialMessageable:
    return client.get_partial_messageable(int(general["id"]))


@pytest.mark.parametrize("apply", [True, False])
@pytest.mark.parametrize(("way", "error", "told"), TOLD)
async def test_what_is_told_at_once(
    server: DiscordServer,
    channel: discord.PartialMessageable,
    general: Payload,
    way: str,
    error: type[Exception],
    told: str,
    apply: bool,
) -> None:
    fault = server.misbehave(POSTS, way, apply=apply)
    with pytest.raises(error, match=told):
        await channel.send("story")
    assert (len(fault.struck), len(server.messages(general))) == (1, int(apply))


@pytest.mark.parametrize("way", WAITED_OUT)
async def test_what_is_waited_out(
    server: DiscordServer, channel: discord.PartialMessageable, general: Payload, way: str
) -> None:
    fault = server.misbehave(POSTS, way, seconds=0.2)
    await channel.send("story")
    posts = [request for request in server.requests if request.method == "POST"]
    assert posts == fault.struck * (1 if way == "slow" else 2)
    assert len(server.messages(general)) == 1


async def test_a_wait_that_is_too_long_is_told(server: DiscordServer, channel: discord.PartialMessageable) -> None:
    server.misbehave(POSTS, "429", seconds=600)
    with pytest.raises(discord.RateLimited) as raised:
        await channel.send("story")
    assert raised.value.retry_after == 600


async def test_a_nonce_posts_once_while_it_is_known(
    server: DiscordServer, channel: discord.PartialMessageable, general: Payload
) -> None:
    first, again = await channel.send("story", nonce=7), await channel.send("story", nonce=7)
    assert (first.id, len(server.messages(general))) == (again.id, 1)
    server.written.nonce_window = 0
    await channel.send("story", nonce=7)
    assert len(server.messages(general)) == 2


async def test_a_nonce_whose_message_was_deleted_posts_nothing(
    server: DiscordServer, channel: discord.PartialMessageable, general: Payload
) -> None:
    await (await channel.send("story", nonce=7)).delete()
    with pytest.raises(discord.NotFound, match="10008"):
        await channel.send("story", nonce=7)
    assert server.messages(general) == []


def drawn(fault: Fault) -> list[tuple[str, bool]]:
    """What becomes of a thousand requests."""
    requests = (Request("POST", f"/channels/{number}/messages", {}) for number in range(1000))
    return [fault.strike(request) for request in requests if fault.concerns(request)]


async def test_faults_by_rate_are_drawn_from_the_seed(server: DiscordServer) -> None:
    first, same, other = (
        drawn(server.misbehave(POSTS, *NETWORK, *SERVER, times=None, share=0.1, apply=None, seed=seed))
        for seed in (1, 1, 2)
    )
    assert first == same != other
    assert 70 < len(first) < 130
    assert {way for way, _ in first} == {*NETWORK, *SERVER}
    assert 0.3 < sum(applied for _, applied in first) / len(first) < 0.7


async def test_a_fault_ends_after_its_times_or_when_told(server: DiscordServer) -> None:
    assert len(drawn(server.misbehave(POSTS, "503", times=3))) == 3
    always = server.misbehave("* /channels/*", "503", times=None)
    assert len(drawn(always)) == 1000
    always.end()
    assert drawn(always) == drawn(server.misbehave("GET *", "503", times=None)) == []


async def test_a_revoked_token_is_worth_nothing(server: DiscordServer, channel: discord.PartialMessageable) -> None:
    server.revoke_token()
    with pytest.raises(discord.HTTPException, match="401"):
        await channel.send("story")


async def test_a_share_of_what_happens_is_told_twice(server: DiscordServer, general: Payload) -> None:
    server.gateway.repeats, ada = 0.2, Person(server, "Ada", 12)
    for _ in range(1000):
        await ada.say(general, "Hello")
    assert 1150 < server.gateway.events < 1250
