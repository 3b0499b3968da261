"""Real yt-dlp against pages that point inward, and against honest ones (S4)."""

from __future__ import annotations

import functools
import http.server
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dubline.domain.errors import Cancelled, Unavailable, UserError
from dubline.egress import Egress, Policy
from dubline.egress.addresses import networks
from dubline.imports import plain, site
from dubline.imports.errand import Errand, Fetched
from dubline.imports.fetch import fetch
from dubline.media.probe import probe
from tests.egress.attackers import Attacker, leads_to, says, silent
from tests.stubbed import make_film, make_talk


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(make_talk(tmp_path_factory.mktemp("film") / "talk.wav"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pages"
    made.mkdir()
    return made


@pytest.fixture
def outside(folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def inside(film: Path) -> Iterator[Attacker]:
    """The canary: nobody may ever come here."""
    with Attacker(says("200 OK", film.read_bytes(), Content_Type="video/mp4"), "127.0.0.2") as server:
        yield server


@pytest.fixture
def errand(tmp_path: Path, outside: str, inside: Attacker) -> Callable[..., Errand]:
    (tmp_path / "import").mkdir()

    def make(url: str, *ports: int, proxy: str = "", **others: Any) -> Errand:
        policy = Policy(
            schemes=frozenset({"http", "https"}),
            ports=frozenset({80, 443, int(outside.rsplit(":", 1)[1]), inside.port, *ports}),
            allowed=networks(["127.0.0.1/32"]),
            answer_seconds=3.0,
            even_failures=False,
            proxy=proxy,
        )
        usual: dict[str, Any] = {
            "egress": Egress(policy, lambda _: ["127.0.0.2"]),
            "most_bytes": 50 << 20,
            "most_seconds": 60.0,
            "least_free": 0,
            "report": lambda done, total: None,
            "stop": lambda: False,
            "generic": True,
        }
        return Errand(url=url, folder=tmp_path / "import", **{**usual, **others})

    return make


def ffmpeg(film: Path, *arguments: str | Path) -> None:
    command = ["ffmpeg", "-y", "-v", "error", "-i", film, *arguments]
    subprocess.run([str(each) for each in command], check=True, timeout=60)


def seconds_of(fetched: Fetched) -> float:
    return probe(fetched.path).duration / 48_000


def test_a_video_in_a_page_is_found(
    folder: Path, outside: str, film: Path, errand: Callable[..., Errand]
) -> None:
    ffmpeg(film, "-c:v", "copy", "-c:a", "aac", folder / "talk.mp4")
    (folder / "page.html").write_text(
        '<html><head><title>A talk</title></head><body><video src="talk.mp4"></video></body></html>'
    )
    told: list[int] = []
    fetched = fetch(errand(f"{outside}/page.html", report=lambda done, _: told.append(done)))
    assert seconds_of(fetched) == pytest.approx(14, abs=0.2)
    assert fetched.name.endswith(".mp4")
    assert told[-1] > 0


def test_a_playlist_of_pieces_is_fetched_natively(
    folder: Path, outside: str, film: Path, errand: Callable[..., Errand]
) -> None:
    ffmpeg(
        film,
        "-c:v",
        "copy",
        "-c:a",
        "aac",
        "-f",
        "hls",
        "-hls_time",
        "4",
        "-hls_list_size",
        "0",
        folder / "a.m3u8",
    )
    assert seconds_of(fetch(errand(f"{outside}/a.m3u8"))) == pytest.approx(14, abs=0.3)


def test_picture_and_sound_of_their_own_are_joined(
    folder: Path, outside: str, film: Path, errand: Callable[..., Errand]
) -> None:
    ffmpeg(film, "-c:v", "copy", "-c:a", "aac", "-f", "dash", folder / "a.mpd")
    fetched = fetch(errand(f"{outside}/a.mpd"))
    facts = probe(fetched.path)
    assert (len(facts.video), len(facts.audio), facts.container) == (1, 1, "mkv")
    assert seconds_of(fetched) == pytest.approx(14, abs=0.3)


INWARD_PAGES = {
    "video.html": '<html><video src="{inside}/a.mp4"></video></html>',
    "source.html": '<html><video><source src="{inside}/a.mp4" type="video/mp4"></video></html>',
    "embed.html": '<html><iframe src="{inside}/embed.html"></iframe><embed src="{inside}/a.swf"></html>',
    "og.html": '<html><head><meta property="og:video" content="{inside}/a.mp4"></head></html>',
    "twitter.html": '<html><head><meta name="twitter:player" content="{inside}/a"></head></html>',
    "refresh.html": '<html><head><meta http-equiv="refresh" content="0; url={inside}/a.mp4"></head></html>',
    "jw.html": '<script>jwplayer("a").setup({{"file": "{inside}/a.mp4"}});</script>',
    "flow.html": "<script>flowplayer('a', {{clip: {{url: '{inside}/a.mp4'}}}})</script>",
    "ld.html": '<script type="application/ld+json">{{"@type":"VideoObject","contentUrl":"{inside}/a.mp4"}}</script>',
    "metadata.html": '<html><video src="http://169.254.169.254/latest/meta-data/a.mp4"></video></html>',
    "local.html": '<html><video src="http://localhost:{port}/a.mp4"></video><a href="{inside}/a.mp4">a</a></html>',
    "decimal.html": '<html><video src="http://2130706434:{port}/a.mp4"></video></html>',
    "mapped.html": '<html><video src="http://[::ffff:127.0.0.2]:{port}/a.mp4"></video></html>',
    "file.html": '<html><video src="file:///etc/passwd"></video></html>',
    "master.m3u8": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{inside}/a.m3u8\n",
    "pieces.m3u8": "#EXTM3U\n#EXTINF:4,\n{inside}/a.ts\n#EXT-X-ENDLIST\n",
    "named.m3u8": "#EXTM3U\n#EXTINF:4,\nhttp://inside.example:{port}/a.ts\n#EXT-X-ENDLIST\n",
    "file.m3u8": "#EXTM3U\n#EXTINF:4,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "key.m3u8": '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{inside}/key"\n#EXTINF:4,\na.ts\n#EXT-X-ENDLIST\n',
    "map.m3u8": '#EXTM3U\n#EXT-X-MAP:URI="{inside}/a.mp4"\n#EXTINF:4,\n{inside}/a.ts\n#EXT-X-ENDLIST\n',
    "sound.m3u8": '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="{inside}/a.m3u8"\n'
    '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"\n{inside}/b.m3u8\n',
    "base.mpd": '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT4S">'
    "<BaseURL>{inside}/</BaseURL><Period><AdaptationSet mimeType='video/mp4'><Representation id='1' "
    "bandwidth='1'><BaseURL>a.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "feed.rss": "<rss><channel><item><link>{inside}/a.mp4</link>"
    '<enclosure url="{inside}/a.mp4" type="video/mp4"/></item></channel></rss>',
    "list.xspf": '<playlist xmlns="http://xspf.org/ns/0/"><trackList><track><location>{inside}/a.mp4</location>'
    "</track></trackList></playlist>",
    "manifest.f4m": '<manifest xmlns="http://ns.adobe.com/f4m/1.0"><media url="{inside}/a" bitrate="1"/></manifest>',
    "talk.smil": '<smil><body><video src="{inside}/a.mp4"/></body></smil>',
}


QUICK = ("video.html", "refresh.html", "master.m3u8", "key.m3u8", "base.mpd")
"""One of each kind; yt-dlp takes seconds to start, so the others are for the night."""


@pytest.mark.parametrize(
    "page",
    [each if each in QUICK else pytest.param(each, marks=pytest.mark.nightly) for each in INWARD_PAGES],
)
def test_no_page_leads_inside(
    page: str, folder: Path, outside: str, inside: Attacker, errand: Callable[..., Errand]
) -> None:
    there = f"http://127.0.0.2:{inside.port}"
    (folder / page).write_text(INWARD_PAGES[page].format(inside=there, port=inside.port))
    with pytest.raises((UserError, Unavailable)) as refused:
        fetch(errand(f"{outside}/{page}"))
    assert inside.visits == 0
    assert refused.value.code in ("address_refused", "import_failed", "import_unsupported")
    assert "127" not in str(refused.value) and "169" not in str(refused.value)


@pytest.mark.parametrize("hops", [1, 2])
def test_no_redirect_leads_inside(hops: int, inside: Attacker, errand: Callable[..., Errand]) -> None:
    with Attacker(leads_to(inside.url(host="127.0.0.2"))) as last, Attacker(leads_to(last.url())) as first:
        start = first if hops == 2 else last
        with pytest.raises(UserError) as refused:
            fetch(errand(start.url("/a"), first.port, last.port))
    assert inside.visits == 0
    assert refused.value.code == "address_refused"


def test_several_videos_are_not_one(folder: Path, outside: str, errand: Callable[..., Errand]) -> None:
    (folder / "list.html").write_text(
        f'<html><video src="{outside}/a.mp4"></video><video src="{outside}/b.mp4"></video></html>'
    )
    with pytest.raises(UserError) as refused:
        fetch(errand(f"{outside}/list.html"))
    assert refused.value.code == "import_unsupported"


def test_pages_of_unknown_sites_are_not_searched_unless_allowed(
    folder: Path, outside: str, errand: Callable[..., Errand]
) -> None:
    (folder / "page.html").write_text('<html><video src="talk.mp4"></video></html>')
    asked = errand(f"{outside}/page.html", generic=False)
    assert site.fetch(asked) is None
    assert plain.fetch(asked).path.read_bytes().startswith(b"<html>")


def test_a_known_site_is_known(errand: Callable[..., Errand]) -> None:
    """Its name leads inside here, so the gate refuses; what matters is that yt-dlp was asked at all."""
    with pytest.raises(UserError) as refused:
        site.fetch(errand("https://www.youtube.com/watch?v=BaW_jenozKc", generic=False))
    assert refused.value.code == "address_refused"


def test_nothing_goes_around_a_proxy_that_is_down(
    outside: str, inside: Attacker, errand: Callable[..., Errand]
) -> None:
    with pytest.raises(Unavailable) as refused:
        fetch(errand(f"{outside}/a", proxy="http://127.0.0.1:9"))
    assert refused.value.code == "import_unavailable"


def test_too_much_is_cut(folder: Path, outside: str, errand: Callable[..., Errand], tmp_path: Path) -> None:
    (folder / "big").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(8 << 20))
    with pytest.raises(UserError) as refused:
        fetch(errand(f"{outside}/big", most_bytes=1 << 20))
    assert refused.value.code == "import_too_large"
    assert sum(each.stat().st_size for each in tmp_path.rglob("import/**/*") if each.is_file()) <= 2 << 20


def test_a_fetch_stops_when_somebody_asks(errand: Callable[..., Errand]) -> None:
    asked = threading.Event()
    with Attacker(silent) as quiet:
        threading.Thread(
            target=lambda: (wait_for(lambda: quiet.visits > 0), asked.set()), daemon=True
        ).start()
        with pytest.raises(Cancelled):
            fetch(errand(quiet.url("/a"), quiet.port, stop=asked.is_set))


def wait_for(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.02)
