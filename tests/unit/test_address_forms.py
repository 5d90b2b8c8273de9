"""Every form of an address that is not public, three ways to it, and nobody there ever hears of the bot.

Directly, by a redirect, and by a name that is public at the first look-up and not at the next. Canaries listen on the
loopback in both families and count connections.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_address

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import FeedError
from bot.feeds.reader import FeedReader, FeedRefused
from tests.feeds_server import FeedsServer, rss

# What is written in the place of the host. Most machines read these as addresses of their own, where a canary sits.
LOOPBACK = [
    *("127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "0x7f.1"),
    *("0x7f000001", "0X7F000001", "017700000001", "2130706433", "0000000177.0.0.1", "127.000.000.001", "127.0.0.1."),
    *("0.0.0.0", "0", "0x0", "00000000", "localhost", "LOCALHOST", "localhost.", "ip6-localhost"),  # noqa: S104
    *("①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "127．0．0．1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "١٢٧.٠.٠.١", "%31%32%37.0.0.1"),
    *("[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::0.0.0.1]", "[::]", "[::1%25lo]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:127.0.0.2]"),
]
# They hold the loopback's address, and a network that knows of tunnels may lead there.
TUNNELS = [
    *("[::ffff:0:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]"),
    *("[2002:7f00:1::]", "[2001:0:7f00:1::]"),
]
ELSEWHERE = [
    *("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.255", "100.64.0.1"),
    *("100.127.255.254", "169.254.169.254", "169.254.0.1", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "2852039166"),
    *("0xa9fea9fe", "0251.0376.0251.0376", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]"),
    *(
        "[ff02::1]",
        "[ff0e::1]",
        "[100::1]",
        "[2001:db8::1]",
        "[2001:10::1]",
        "[3fff::1]",
        "[5f00::1]",
        "[2002:a00:1::]",
    ),
    *("[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[2001:0:a9fe:a9fe::]"),
]
FORMS = LOOPBACK + TUNNELS + ELSEWHERE
MACHINE_MAY_NOT_KNOW = {"localhost.", "ip6-localhost", "١٢٧.٠.٠.١"}  # names: what they mean is its own affair


ALLOWED = {"FeedRefused", "no address"}
NOT_THE_CANARYS = "192.0.2.77"  # trusted, so that the rule for ports lets the canary's port pass


def is_number(form: str) -> bool:
    """Whether the form is an address as resolvers answer it, not a way to write one."""
    try:
        ip_address(form)
    except ValueError:
        return False
    return True


NUMBERS = [number for form in FORMS if is_number(number := form.strip("[]").replace("%25", "%"))]


class Canary:
    """Counts every connection to one port of the loopback, in both families."""

    def __init__(self) -> None:
        self.connections = 0
        self.port = 0

    async def count(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        writer.close()


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    bird = Canary()
    servers = [await asyncio.start_server(bird.count, "0.0.0.0", 0)]  # noqa: S104 - all addresses of the loopback
    bird.port = servers[0].sockets[0].getsockname()[1]
    with contextlib.suppress(OSError):  # a machine without IPv6
        servers.append(await asyncio.start_server(bird.count, "::1", bird.port))
    yield bird
    for server in servers:
        server.close()
        await server.wait_closed()


class TwoFaced(AbstractResolver):
    """Answers the first question with one address and every later one with another."""

    def __init__(self, first: str, later: str) -> None:
        self.first, self.later = first, later
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        address = self.first if self.asked == 1 else self.later
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is held."""


async def answer(reader: FeedReader, url: str) -> str:
    """What the reader makes of an address: why it was not read, or "read"."""
    try:
        await reader.fetch(url)
    except FeedError as error:
        sentences = {"is not the address of a feed": "no address", "cannot be reached": "unknown"}
        return next((short for words, short in sentences.items() if words in str(error)), type(error).__name__)
    return "read"


def test_there_are_enough_forms() -> None:
    assert len(set(FORMS)) == len(FORMS) >= 60
    assert len(NUMBERS) >= 40


@pytest.mark.parametrize("form", FORMS)
async def test_f16_an_address_that_is_not_public_is_not_dialled(canary: Canary, form: str) -> None:
    async with FeedReader(trusted=[(NOT_THE_CANARYS, canary.port)], timeout=5) as reader:
        answers = {await answer(reader, f"{scheme}://{form}:{canary.port}/feed") for scheme in ("http", "https")}
    assert canary.connections == 0
    assert answers <= ALLOWED | ({"unknown"} if form in MACHINE_MAY_NOT_KNOW else set())


@pytest.mark.parametrize("form", FORMS)
async def test_f16_a_redirect_to_an_address_that_is_not_public_is_not_followed(canary: Canary, form: str) -> None:
    async with FeedsServer() as server:
        trusted = [("127.0.0.1", server.port), (NOT_THE_CANARYS, canary.port)]
        async with FeedReader(trusted=trusted, timeout=5) as reader:
            way = server.redirect("/moved", f"http://{form}:{canary.port}/feed")
            first = server.redirect("/first", "/moved", status=308)
            answers = {await answer(reader, url) for url in (way, first)}
        assert server.hits("/moved") == 2
    assert canary.connections == 0
    assert answers <= ALLOWED | ({"unknown"} if form in MACHINE_MAY_NOT_KNOW else set())


@pytest.mark.parametrize("number", NUMBERS)
async def test_f16_a_name_that_changes_its_address_is_not_followed_there(canary: Canary, number: str) -> None:
    """The first look-up brings a server that may be read; the second, of a redirect or the next day, does not."""
    async with FeedsServer() as server:
        names = TwoFaced("127.0.0.1", number)
        trusted = [("127.0.0.1", server.port), (NOT_THE_CANARYS, canary.port)]
        async with FeedReader(trusted=trusted, timeout=5, resolver=names) as reader:
            server.redirect("/moved", f"http://rebind.example:{canary.port}/feed")
            server.serve("/feed", rss())
            by_redirect = await answer(reader, f"http://rebind.example:{server.port}/moved")
            names.asked = 0
            read = await answer(reader, f"http://rebind.example:{server.port}/feed")
            next_day = await answer(reader, f"http://rebind.example:{canary.port}/feed")
    assert canary.connections == 0
    assert (by_redirect, read, next_day) == ("FeedRefused", "read", "FeedRefused")


async def test_f16_a_name_with_a_public_and_a_private_address_reaches_no_canary(canary: Canary) -> None:
    class Both(TwoFaced):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            return [*await super().resolve(host, port, family), *await super().resolve(host, port, family)]

    async with FeedReader(trusted=[(NOT_THE_CANARYS, canary.port)], resolver=Both("::1", "127.0.0.1")) as reader:
        with pytest.raises(FeedRefused):
            await reader.fetch(f"http://rebind.example:{canary.port}/feed")
    assert canary.connections == 0


async def test_f16_without_the_guard_the_canaries_hear_of_it(canary: Canary) -> None:
    """The control: the forms do lead to the canaries, in all three ways."""
    heard = {}
    async with FeedsServer() as server, FeedReader(allow_private=True, timeout=5) as reader:
        for form in LOOPBACK:
            before = canary.connections
            await answer(reader, f"http://{form}:{canary.port}/feed")
            direct = canary.connections
            await answer(reader, server.redirect("/moved", f"http://{form}:{canary.port}/feed"))
            heard[form] = (direct - before, canary.connections - direct)
    assert [form for form, counts in heard.items() if counts not in ((0, 0), (1, 1))] == []
    assert sum(counts == (1, 1) for counts in heard.values()) >= 20
    async with FeedReader(allow_private=True, resolver=TwoFaced("127.0.0.1", "::1")) as reader:
        before = canary.connections
        for _ in range(2):
            await answer(reader, f"http://rebind.example:{canary.port}/feed")
    assert canary.connections == before + 2
