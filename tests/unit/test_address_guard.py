"""Only public addresses are dialled, however a private one is spelled, named or reached."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.address_guard import is_public
from bot.feeds.reader import FeedError, FeedReader, FeedRefused
from tests.feeds_server import FeedsServer, rss

PUBLIC = ["1.1.1.1", "93.184.216.34", "172.32.0.1", "192.0.1.1", "100.128.0.1", "2606:4700::1111"]
PUBLIC += ["2a00:1450:4001::200e", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]

NOT_PUBLIC = ["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1"]  # noqa: S104
NOT_PUBLIC += ["127.255.255.254"]
NOT_PUBLIC += ["168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.192"]
NOT_PUBLIC += ["192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1"]
NOT_PUBLIC += ["203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"]
NOT_PUBLIC += ["::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "::127.0.0.1"]
NOT_PUBLIC += ["64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::808:808", "100::1", "2001::1", "2001:0:7f00:1::"]
NOT_PUBLIC += ["2001:10::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1", "fc00::1"]
NOT_PUBLIC += ["fd00:ec2::254", "fe80::1", "fe80::1%lo", "2606:4700::1111%eth0", "fec0::1", "ff02::1", "ff0e::1"]
NOT_PUBLIC += ["", "localhost", "2130706433", "127.1", "0177.0.0.1", "1.1.1.1 ", "1.1.1.1/32"]

# `{}` is the port of a listener that must never hear of it.
SPELLINGS = [
    "http://127.0.0.1:{}/",
    "http://127.0.0.2:{}/",
    "http://127.1:{}/",
    "http://127.0.1:{}/",
    "http://0177.0.0.1:{}/",
    "http://0x7f.0.0.1:{}/",
    "http://0x7f000001:{}/",
    "http://017700000001:{}/",
    "http://2130706433:{}/",
    "http://127.000.000.001:{}/",
    "http://0.0.0.0:{}/",
    "http://0:{}/",
    "http://localhost:{}/",
    "http://LOCALHOST:{}/",
    "http://①②⑦.⓪.⓪.①:{}/",
    "http://１２７.０.０.１:{}/",
    "http://127。0。0。1:{}/",
    "http://[::1]:{}/",
    "http://[0:0:0:0:0:0:0:1]:{}/",
    "http://[::]:{}/",
    "http://[::ffff:127.0.0.1]:{}/",
    "http://[::ffff:7f00:1]:{}/",
    "http://[::ffff:0:127.0.0.1]:{}/",
    "http://[::127.0.0.1]:{}/",
    "http://[64:ff9b::7f00:1]:{}/",
    "http://[64:ff9b::127.0.0.1]:{}/",
    "http://[2002:7f00:1::]:{}/",
    "http://[2001:0:7f00:1::]:{}/",
    "http://[fe80::1%25lo]:{}/",
    "http://[::1%25lo]:{}/",
    "http://[fec0::1]:{}/",
    "http://[fd00::1]:{}/",
    "http://[ff02::1]:{}/",
    "http://10.0.0.1:{}/",
    "http://100.64.0.1:{}/",
    "http://169.254.169.254:{}/",
    "http://192.168.1.1:{}/",
    "http://224.0.0.1:{}/",
    "https://127.0.0.1:{}/",
    "https://localhost:{}/",
]
# An address whose port the reader opens and which is not the listener's: so the port rule lets all of them pass.
ELSEWHERE = "192.0.2.1"


class Canary:
    """Counts every connection to one port of the loopback, in both families where the machine has them."""

    def __init__(self) -> None:
        self.connections = 0
        self.port = 0

    async def count(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    bird = Canary()
    servers = [await asyncio.start_server(bird.count, "127.0.0.1", 0)]
    bird.port = servers[0].sockets[0].getsockname()[1]
    with contextlib.suppress(OSError):  # a machine without IPv6
        servers.append(await asyncio.start_server(bird.count, "::1", bird.port))
    yield bird
    for server in servers:
        server.close()
        await server.wait_closed()


def test_public_addresses_are_public() -> None:
    assert [address for address in PUBLIC if not is_public(address)] == []


def test_every_other_kind_of_address_is_not_public() -> None:
    assert [address for address in NOT_PUBLIC if is_public(address)] == []


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_an_ipv4_address_inside_an_ipv6_address_is_judged_as_itself(number: IPv4Address) -> None:
    public = is_public(str(number))
    assert {is_public(f"::ffff:{number}"), is_public(f"64:ff9b::{number}")} == {public}
    assert not public or (number.is_global and not number.is_multicast)


@given(st.integers(0, 2**128 - 1).map(IPv6Address) | st.integers(2**125, 2**126 - 1).map(IPv6Address))
def test_what_python_knows_to_be_private_is_never_public(number: IPv6Address) -> None:
    if not ip_address(number).is_global and number.ipv4_mapped is None:
        assert not is_public(str(number))


async def test_no_spelling_of_a_private_address_is_ever_dialled(canary: Canary) -> None:
    answers = {}
    async with FeedReader(trusted=[(ELSEWHERE, canary.port)]) as reader:
        for spelling in SPELLINGS:
            with pytest.raises(FeedError) as caught:
                await reader.fetch(spelling.format(canary.port))
            answers[spelling] = caught.value
    assert canary.connections == 0
    unguarded = [
        s for s, error in answers.items() if type(error) is FeedError and "is not the address" not in str(error)
    ]
    assert unguarded == []
    assert sum(isinstance(error, FeedRefused) for error in answers.values()) >= 20


async def test_without_the_guard_the_canary_would_have_heard_of_it(canary: Canary) -> None:
    async with FeedReader(allow_private=True) as reader:
        for spelling in SPELLINGS[:1] + SPELLINGS[12:14]:
            with pytest.raises(FeedError):
                await reader.fetch(spelling.format(canary.port))
    assert canary.connections >= 3


async def test_the_refusal_is_the_same_whether_the_port_is_open_or_not(canary: Canary) -> None:
    sentences = set()
    async with FeedReader() as reader:
        for port in (80, 8080, 8443):
            with pytest.raises(FeedRefused) as caught:
                await reader.fetch(f"http://127.0.0.1:{port}/feed")
            sentences.add(str(caught.value).replace(f":{port}", ""))
    assert sentences == {
        "http://127.0.0.1/feed is on a private network, or leads to one, and the bot does not read there. "
        "Give the address of a public feed."
    }


async def test_a_redirect_to_a_private_address_is_refused(canary: Canary) -> None:
    async with FeedsServer() as server:
        targets = [
            f"http://127.0.0.1:{canary.port}/",
            f"http://localhost:{canary.port}/",
            f"http://[::1]:{canary.port}/",
        ]
        targets += [
            "http://169.254.169.254/latest/meta-data/",
            "http://10.0.0.1/",
            "//127.0.0.2/",
            "https://localhost/",
        ]
        trusted = [("127.0.0.1", server.port), (ELSEWHERE, canary.port)]
        async with FeedReader(trusted=trusted) as reader:
            for target in targets:
                url = server.redirect("/moved", target)
                with pytest.raises(FeedRefused):
                    await reader.fetch(url)
            assert (await reader.fetch(server.serve("/feed", rss()))).status == 200
    assert server.hits("/moved") == len(targets)
    assert canary.connections == 0
