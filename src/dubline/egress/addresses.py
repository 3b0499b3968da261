"""Which addresses belong to the public internet: those that no registry of special purposes claims."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import closing
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SPECIAL_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            # Public by number, but inside one cloud every machine reaches its host's own service there.
            "168.63.129.16/32",
        ),
    )
)
"""IANA's registry of special IPv4 addresses, the globally reachable entries too: nobody publishes videos there."""

UNICAST_V6 = IPv6Network("2000::/3")
"""The only part of IPv6 from which public addresses are given out. Whatever wraps an IPv4 address (::ffff:0:0/96,
64:ff9b::/96 and its kin) lies outside and is refused with the rest."""

SPECIAL_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments, among them Teredo, benchmarking and ORCHID
            "2001:db8::/32",
            "2002::/16",  # 6to4, which wraps an IPv4 address
            "2620:4f:8000::/48",
            "3fff::/20",
        ),
    )
)


def networks(written: Sequence[str]) -> tuple[Network, ...]:
    return tuple(ip_network(each) for each in written)


def may_be_met(address: Address, allowed: Sequence[Network]) -> bool:
    """Public and not this machine, or in a network the operator named."""
    return any(address in network for network in allowed) or (public(address) and not _our_own(address))


def public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in SPECIAL_V4)
    return address in UNICAST_V6 and not any(address in network for network in SPECIAL_V6)


def _our_own(address: Address) -> bool:
    """A public address of this machine leads to what listens here behind the firewall. Asking the routing table by a
    datagram socket sends nothing."""
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as asking:
        try:
            asking.connect((str(address), 9))
        except OSError:
            return False
        return bool(asking.getsockname()[0] == str(address))
