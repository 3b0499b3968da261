"""Web addresses that must never be met: every special range, and every trick to write one past a filter."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

SPECIAL_V4 = (
    "0.0.0.0", "0.0.0.1", "0.255.255.255", "10.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1",
    "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.255", "169.254.0.1",
    "169.254.169.254", "169.254.170.2", "169.254.255.255", "172.16.0.1", "172.17.0.1", "172.31.255.255", "192.0.0.1",
    "192.0.0.8", "192.0.0.9", "192.0.0.10", "192.0.0.170", "192.0.0.171", "192.0.0.192", "192.0.0.255", "192.0.2.1",
    "192.0.2.255", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.88.99.2", "192.168.0.1", "192.168.1.1",
    "192.168.255.255", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "224.0.0.251", "232.1.1.1", "233.252.0.1", "239.255.255.250", "240.0.0.1", "250.1.2.3", "255.255.255.254",
    "255.255.255.255", "168.63.129.16",
)  # fmt: skip

SPECIAL_V6 = (
    "::", "::1", "::2", "::127.0.0.1", "::10.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::ffff:192.168.0.1", "::ffff:8.8.8.8", "0:0:0:0:0:ffff:127.0.0.1",
    "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::8.8.8.8", "64:ff9b:1::1",
    "64:ff9b:1::7f00:1", "100::1", "100:0:0:1::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:1::1",
    "2001:1::2", "2001:1::3", "2001:2::1", "2001:3::1", "2001:4:112::1", "2001:10::1", "2001:20::1", "2001:30::1",
    "2001:1ff:ffff::1", "2001:db8::1", "2001:db8:ffff::1", "2002::1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2002:c0a8:101::1", "2620:4f:8000::1", "3fff::1", "3fff:fff::1", "5f00::1", "4000::1", "8000::1", "fc00::1",
    "fd00::1", "fd00:ec2::254", "fdff:ffff::1", "fe80::1", "fe80::a9fe:a9fe", "febf::1", "fec0::1", "ff01::1",
    "ff02::1", "ff02::2", "ff05::2", "ff0e::1", "ffff::1", "0:0:0:0:0:0:0:1",
    "0000:0000:0000:0000:0000:0000:0000:0001", "1::", "1fff::1",
)  # fmt: skip

TARGETS = ("127.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.1.1", "0.0.0.0")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
BOLD = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
SUPER = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

WRITTEN_ODDLY = (
    "https://127.1/", "https://127.0.1/", "https://0/", "https://0x0/", "https://00/", "https://0x/", "https://1/",
    "https://10.1/", "https://192.168.257/", "https://0x7f.1/", "https://0x7F.0x0.0x0.0x1/", "https://127.0.0.0x1/",
    "https://127.0.0.01/", "https://0127.0.0.1/", "https://127.0.0.1.5/", "https://127.0.0.256/", "https://256.1/",
    "https://4294967296/", "https://0x100000000/", "https://99999999999/", "https://1.2.3/", "https://1.2.3.4.5/",
    "https://127.0.0.1../", "https://.127.0.0.1/", "https://127..0.0.1/", "https://./", "https://../", "https://a..b/",
    "https://127。0。0。1/", "https://127．0．0．1/", "https://127｡0｡0｡1/", "https://[::1", "https://::1/",
    "https://[::1]x/", "https://x[::1]/", "https://[[::1]]/", "https://[]/", "https://[127.0.0.1]/",
    "https://[::1%eth0]/", "https://[fe80::1%25eth0]/", "https://[fe80::1%25lo]/", "https://[::ffff:127.1]/",
    "https://[v1.fe80]/", "https://[::1]:0/", "https://[0:0:0:0:0:0:0:0:1]/", "https://１２７.1/",
)  # fmt: skip

NAMES = (
    "https://localhost/", "https://localhost./", "https://LOCALHOST/", "https://ｌocalhost/", "https://ⓛocalhost/",
    "https://localhost.localdomain/", "https://ip6-localhost/", "https://loop%62ack/", "https://%6c%6f/",
    "https://metadata.google.internal/", "https://metadata/", "https://instance-data/", "https://kubernetes.default/",
    "https://host.docker.internal/", "https://127.0.0.1.nip.example/", "https://lo-cal.example/", "https://-a.example/",
    "https://a-.example/", f"https://{'a' * 64}.example/", f"https://{'a.' * 140}example/", "https://a b/",
    "https://ex ample/", "https://exa℀mple/", "https://a／b.example/", "https://localhost:443/",
)  # fmt: skip

TRICKS = (
    "https://good.example@127.0.0.1/", "https://127.0.0.1@good.example/", "https://a:b@127.0.0.1/", "https://@127.0.0.1/",
    "https://good.example%40127.0.0.1/", "https://127.0.0.1%2f@good.example/", "https://good.example\\@127.0.0.1/",
    "https://127.0.0.1\\.good.example/", "https://127.0.0.1\t/", "https://127.0.0.1\n/", "https://127.0.0.1\r\nHost:a/",
    "https://127.0.0.1\x00.good.example/", "https://good.example:443@127.0.0.1:443/", "https://127.0.0.1%00/",
    "https://127.0.0.1%20/", "https://127.0.0.1:443:443/", "https://127.0.0.1:/", "https://127.0.0.1:99999/",
    "https://127.0.0.1:-1/", "https://127.0.0.1:4４3/", "https://127.0.0.1:0x1bb/", "https://127.0.0.1: 443/",
    "https:/127.0.0.1/", "https:127.0.0.1", "https:///127.0.0.1/", "https:////127.0.0.1/", "//127.0.0.1/",
    "https://127.0.0.1", "https://127.0.0.1?a", "https://127.0.0.1#a", "https://127.0.0.1#@good.example/",
    "https://127.0.0.1?@good.example/", "https://[::1]#@good.example/", "https://\u202e127.0.0.1/",
    "https://127.0.0.1\u200b/", "https://127.0.0.\u00ad1/", " https://127.0.0.1/", "https://127.0.0.1/ ",
    "https://", "https://?", "https://#", "https://:443/", "https://@/", "", "127.0.0.1", "localhost",
)  # fmt: skip

SCHEMES = (
    "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "FILE:///etc/passwd", "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stat", "ftp://127.0.0.1/", "sftp://127.0.0.1/", "tftp://127.0.0.1/a", "ldap://127.0.0.1/",
    "jar:https://127.0.0.1!/a", "data:text/html,a", "javascript:alert(1)", "ws://127.0.0.1/", "rtsp://127.0.0.1/",
    "rtmp://127.0.0.1/", "concat:a|b", "pipe:0", "unix:/run/docker.sock", "http+unix://%2Frun%2Fdocker.sock/",
    "blob:https://127.0.0.1/", "view-source:https://127.0.0.1/", "httpss://127.0.0.1/", "h\u0442tps://127.0.0.1/",
)  # fmt: skip


def forbidden() -> tuple[str, ...]:
    return tuple(dict.fromkeys(_all()))


def _all() -> Iterator[str]:
    yield from (f"https://{address}/a.mp4" for address in SPECIAL_V4)
    yield from (f"https://[{address}]/a.mp4" for address in SPECIAL_V6)
    for target in TARGETS:
        yield from _as_numbers(IPv4Address(target))
        for script in (CIRCLED, WIDE, BOLD, ARABIC, SUPER):
            yield f"https://{target.translate(script)}/"
        yield f"https://{target}./"
        yield f"https://[{IPv6Address(f'::ffff:{target}').exploded}]/"
    for group in (WRITTEN_ODDLY, NAMES, TRICKS, SCHEMES):
        yield from group


def _as_numbers(address: IPv4Address) -> Iterator[str]:
    first, second, third, last = address.packed
    for written in (
        f"{int(address)}",
        f"0x{int(address):x}",
        f"0{int(address):o}",
        f"{first:#x}.{second:#x}.{third:#x}.{last:#x}",
        f"0{first:o}.0{second:o}.0{third:o}.0{last:o}",
        f"{first}.{second}.{third * 256 + last}",
        f"{first}.{second * 65536 + third * 256 + last}",
    ):
        yield f"https://{written}/"
