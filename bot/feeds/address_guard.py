"""Which addresses on the network are public, asked at the moment a connection is made.

A check of the name or of the URL is not enough: a name resolves to what its owner likes, changes between two
look-ups, and a redirect leads elsewhere. The socket factory sees the address about to be dialled, on every hop.
"""

import socket
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

# Written out rather than left to `is_global`, whose answers differ between Python versions.
# https://www.iana.org/assignments/iana-ipv4-special-registry/
NOT_PUBLIC_IPV4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's own control address, public by its number only
        "169.254.0.0/16",  # link-local, the metadata of clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that is handed out so far; everything else is refused
# https://www.iana.org/assignments/iana-ipv6-special-registry/
NOT_PUBLIC_IPV6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocols, among them Teredo, which tunnels to any IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: holds any IPv4 address, and is no longer in use
        "3fff::/20",  # documentation
    )
)
NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefused(OSError):
    """The address about to be dialled is not public.

    The text never varies: aiohttp reports the failures of a name with several addresses as one error of this class
    only if all say the same.
    """

    def __init__(self) -> None:
        super().__init__("the address is not public")


def is_public(address: str) -> bool:
    """Whether this numeric IPv4 or IPv6 address belongs to the public internet; anything unclear does not."""
    if "%" in address:  # a zone: such an address means something on one link only
        return False
    try:
        number = ip_address(address)
    except ValueError:
        return False
    if isinstance(number, IPv6Address):
        inner = _ipv4_within(number)
        if inner is None:
            return number in GLOBAL_UNICAST and not any(number in block for block in NOT_PUBLIC_IPV6)
        number = inner
    return not any(number in block for block in NOT_PUBLIC_IPV4)


def guarded_sockets(trusted: Collection[tuple[str, int]] = ()) -> Callable[[tuple[Any, ...]], socket.socket]:
    """A `socket_factory` for aiohttp: AddressRefused for what is neither public nor a trusted address and port."""

    def open_socket(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, (address, port, *_) = info
        if not is_public(address) and (address, port) not in trusted:
            raise AddressRefused
        return socket.socket(family, kind, protocol)

    return open_socket


def _ipv4_within(number: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a connection to an IPv4-mapped or NAT64 address really reaches."""
    if number in NAT64:
        return IPv4Address(int(number) & 0xFFFF_FFFF)
    return number.ipv4_mapped
