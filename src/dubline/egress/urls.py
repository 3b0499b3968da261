"""A URL read strictly. What two readers could understand in two ways is refused, not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

import idna

from dubline.egress.addresses import Address
from dubline.egress.errors import Refused

LONGEST = 4096
LONGEST_NAME = 253
DEFAULT_PORTS = {"https": 443, "http": 80}

_SHAPE = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_PORT = re.compile(r"[0-9]{1,5}")
_RESERVED = "!$%&'()*+,-./:;=?@_~[]"


@dataclass(frozen=True)
class Place:
    """Where a URL points."""

    scheme: str
    host: str
    """A name in ASCII, or an address without brackets."""
    port: int
    target: str
    """Path and query."""
    literal: Address | None
    """The address, where the URL names one instead of a name."""

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if isinstance(self.literal, IPv6Address) else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    def joined(self, location: str) -> Place:
        """Where a redirect from here leads."""
        if _unclean(location):
            raise Refused
        return read_url(urljoin(self.url, location))


def read_url(url: str) -> Place:
    shape = None if _unclean(url) else _SHAPE.fullmatch(url.partition("#")[0])
    if shape is None:
        raise Refused("This is no web address.")
    scheme = shape["scheme"].lower()
    if scheme not in DEFAULT_PORTS:
        raise Refused("Only web addresses are taken.")
    host, port = _split(shape["authority"])
    literal = _literal(host)
    name = str(literal) if literal is not None else _name(host)
    return Place(
        scheme, name, DEFAULT_PORTS[scheme] if port is None else port, _target(shape["rest"]), literal
    )


def _unclean(url: str) -> bool:
    """Blanks, control characters and backslashes: one reader drops them, another one splits there."""
    return len(url) > LONGEST or any(not c.isprintable() or c.isspace() or c == "\\" for c in url)


def _target(rest: str) -> str:
    path = rest if rest.startswith("/") else f"/{rest}"
    return quote(path, safe=_RESERVED)


def _split(authority: str) -> tuple[str, int | None]:
    """Host and port. No user names: `https://good.example@bad.example/` is a trick older than we are."""
    if "@" in authority or "%" in authority:
        raise Refused
    end = authority.rfind("]") + 1
    host, colon, port = authority[end:].partition(":")
    host = authority[:end] + host
    if not host or (colon and not _PORT.fullmatch(port)) or (end and host != authority[:end]):
        raise Refused
    if port and not 0 < int(port) <= 0xFFFF:  # noqa: PLR2004 - the highest port
        raise Refused
    return host, int(port) if port else None


def _literal(host: str) -> Address | None:
    """An address in its one plain form; a number in any other form (0x7f.1, 017700000001, 2130706433) is refused."""
    if host.startswith("["):
        return _read(IPv6Address, host[1:-1])
    ascii_host = _ascii(host)
    if _NUMBER.fullmatch(ascii_host.rsplit(".", 1)[-1]):
        return _read(IPv4Address, ascii_host)
    return None


def _read(kind: type[IPv4Address] | type[IPv6Address], written: str) -> Address:
    try:
        return kind(written)
    except AddressValueError as error:
        raise Refused from error


def _name(host: str) -> str:
    name = _ascii(host)
    if len(name) > LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise Refused
    return name


def _ascii(host: str) -> str:
    """The name as resolvers know it. Digits and dots of other scripts become plain ones before anybody judges."""
    try:
        mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
        plain = mapped.removesuffix(".").lower()
        return plain if plain.isascii() else idna.encode(plain).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise Refused from error
