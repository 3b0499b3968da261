"""What nasty names become (promise M9): the pure half. What the server does with them: test_nasty_uploads.py."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from dubline.service.uploads.names import MOST_BYTES, content_disposition, plain_name, safe_suffix
from tests.service.uploads.nasty import NAMES

QUOTED = re.compile(
    r'attachment; filename="([^"\\%\x00-\x1f\x7f-\uffff]+)"(?:; filename\*=UTF-8\'\'([\w!#$&+.^`|~%-]+))?'
)
"""RFC 6266 with RFC 8187: a quoted plain name, then perhaps the whole one in percent signs."""


def test_there_are_three_hundred_names() -> None:
    assert len(NAMES) == len(set(NAMES)) == 300


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_cannot_climb_break_a_line_or_pass_for_an_option(name: str) -> None:
    plain = plain_name(name)
    assert plain
    assert plain.isprintable()
    assert len(plain.encode()) <= MOST_BYTES
    assert not set(plain) & {"/", "\\"}
    assert plain[0] not in ".- "
    assert plain[-1] not in ". "
    assert plain_name(plain) == plain
    assert re.fullmatch(r"(\.[a-z0-9]{1,9})?", safe_suffix(name))


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_download_name_reads_the_same_for_every_browser(name: str) -> None:
    found = QUOTED.fullmatch(content_disposition(name))
    assert found
    plain, whole = found.groups()
    assert unquote(whole or plain, errors="strict") == plain_name(name)


def test_a_good_name_stays_as_it_is() -> None:
    for name in ("talk.mp4", "Füße.mkv", "映画 (1).mov", "a-b_c.d.webm"):
        assert plain_name(name) == name
    assert content_disposition("talk.mp4") == 'attachment; filename="talk.mp4"'
    assert content_disposition("a b.mp4", inline=True) == 'inline; filename="a b.mp4"'


def test_a_long_name_keeps_its_ending() -> None:
    assert plain_name("é" * 200 + ".mp4").endswith("é.mp4")
    assert safe_suffix("a" * 1000 + ".MP4") == ".mp4"


def test_devices_of_windows_are_no_files() -> None:
    assert [plain_name(name) for name in ("CON", "nul.mp4", "console.mp4")] == [
        "_CON",
        "_nul.mp4",
        "console.mp4",
    ]
