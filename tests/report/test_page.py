"""The page: self-contained, safe with hostile texts, readable, and small however long the programme."""

import base64
import hashlib
import re
import shutil
import subprocess
import time
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from dubline.domain.script import Degradation, Script
from dubline.domain.time import ticks
from dubline.report.build import build_report
from dubline.report.html_timeline import timeline
from dubline.report.page import WAVES, drawn_lines, render_html
from tests.report.demo import demo_facts, demo_script, demo_waves

ATTACKS = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "'--></style></script><svg onload=alert(1)>",
    "</title><base href='https://evil.example/'>",
    "\u202egnp.exe\x00\x1b[31m\ud800",
    "javascript:alert(1)//.mp4",
    "https://evil.example/%2e%2e/x.mp4",
    "${7*7}{{7*7}}&lt;b&gt;",
)
VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """What a browser would see: elements, attributes, texts, and whether everything that opens closes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def names(self) -> set[str]:
        return {name for name, _ in self.elements}


@pytest.fixture(scope="module")
def page() -> str:
    script = demo_script()
    return render_html(build_report(script, demo_facts()), demo_waves(script))


@pytest.fixture(scope="module")
def hostile() -> str:
    return render_html(build_report(hostile_script(), hostile_facts()), demo_waves(demo_script()))


def hostile_script() -> Script:
    script = demo_script(title=ATTACKS[0])
    lines = []
    for place, line in enumerate(script.lines):
        attack = ATTACKS[place % len(ATTACKS)]
        check = line.check and line.check.model_copy(update={"heard": attack, "word_error_rate": 0.9})
        fit = line.fit and line.fit.model_copy(update={"reasons": (attack,)})
        changed = {
            "text": attack,
            "source_text": attack,
            "speaker": attack,
            "flags": (attack,),
            "check": check,
            "fit": fit,
        }
        lines.append(line.model_copy(update=changed))
    degradations = tuple(Degradation(code=attack, message=attack) for attack in ATTACKS)
    speakers = tuple(
        speaker.model_copy(update={"id": attack})
        for speaker, attack in zip(script.speakers, ATTACKS, strict=False)
    )
    changed = {"lines": tuple(lines), "degradations": degradations, "speakers": speakers}
    return script.model_copy(update=changed)


def hostile_facts():
    return demo_facts().model_copy(update={"input_name": ATTACKS[1], "output_name": ATTACKS[5]})


def test_hostile_texts_stay_texts(page: str, hostile: str) -> None:
    good, bad = Page(page), Page(hostile)
    assert not bad.open
    assert bad.names() <= good.names() | {"i"}
    assert not [key for _, attributes in bad.elements for key in attributes if key.startswith("on")]
    assert sum(name == "script" for name, _ in bad.elements) == 1
    assert "<script>document.title='owned'</script>" in "".join(bad.texts)
    assert "\x00" not in hostile
    hostile.encode("utf-8")


def test_addresses_stay_beside_the_page(hostile: str) -> None:
    for name, attributes in Page(hostile).elements:
        assert "src" not in attributes
        assert "style" not in attributes
        if name == "a":
            assert re.fullmatch(r"#(line|row)-\d+", attributes["href"] or "")
        for key in ("data-original", "data-dub"):
            if attributes.get(key):
                assert re.fullmatch(r"\./[\w.~%-]+", attributes[key] or "")


def test_nothing_is_requested_and_the_policy_knows_the_script_and_the_style(page: str) -> None:
    assert not re.search(r"url\(|@import|https?://", page)
    parsed = Page(page)
    policy = next(a["content"] for n, a in parsed.elements if n == "meta" and "http-equiv" in a) or ""
    for kind in ("style", "script"):
        body = re.search(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        assert body
        digest = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_it_is_the_same_twice(page: str) -> None:
    script = demo_script()
    assert render_html(build_report(script, demo_facts()), demo_waves(script)) == page


def test_it_has_headings_in_order_and_tables_with_heads(page: str) -> None:
    names = [name for name, _ in Page(page).elements]
    levels = [int(name[1]) for name in names if re.fullmatch(r"h[1-6]", name)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(a.get("scope") in ("col", "row") for n, a in Page(page).elements if n == "th")
    assert all("role" in a or "aria-hidden" in a for n, a in Page(page).elements if n == "svg")
    ids = [a["id"] for _, a in Page(page).elements if "id" in a]
    assert len(ids) == len(set(ids))
    links = {a["href"] for n, a in Page(page).elements if n == "a"}
    assert links <= {f"#{each}" for each in ids}


def test_degradations_are_above_the_figures_and_their_absence_is_said(page: str) -> None:
    assert 0 < page.index("The voice engine gave no sound for one line") < page.index("Key figures")
    script = demo_script().model_copy(update={"degradations": ()})
    whole = render_html(build_report(script, demo_facts()), {})
    assert "Nothing was left out or replaced on the way." in whole


def test_words_heard_that_were_not_meant_are_marked(page: str) -> None:
    assert re.search(r"<mark>fundición</mark>", page)
    assert "<mark>semana</mark>" not in page


def test_five_thousand_hostile_lines_stay_a_small_page() -> None:
    script = long_script(5_000, text="<&'\"日本語" * 60)
    started = time.perf_counter()
    report = build_report(script, demo_facts())
    chosen = drawn_lines(report)
    wave = next(iter(demo_waves(demo_script()).values()))
    html = render_html(report, {line.id: wave for line in script.lines})
    assert len(html.encode()) < 8_000_000
    assert len(chosen) <= WAVES
    assert html.count('class="w-dub"') <= 2 * WAVES
    assert not Page(html).open
    assert time.perf_counter() - started < 30


def test_a_silent_programme_has_a_page_too() -> None:
    script = demo_script().model_copy(update={"lines": (), "speakers": (), "degradations": ()})
    html = render_html(build_report(script, demo_facts()), {})
    assert "Nobody speaks in this programme" in html
    assert not Page(html).open


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(scheme: str) -> None:
    css = files("dubline.report").joinpath("assets/report.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", blocks[0]))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#\w{6})", blocks[1]))
    pairs = [(text, ground) for text in ("ink", "quiet", "dub") for ground in ("ground", "paper")]
    pairs += [(text, "soft") for text in ("ink", "dub")]
    for mark in ("fine", "listen", "wrong"):
        pairs += [(mark, f"{mark}-ground"), ("ink", f"{mark}-ground"), (mark, "paper")]
    for text, ground in pairs:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for bar in ("original", "dub", "bar-wrong"):
        assert contrast(colours[bar], colours["paper"]) >= 3.0, bar


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def long_script(lines: int, text: str) -> Script:
    script = demo_script()
    pattern = script.lines
    made = []
    for place in range(lines):
        line = pattern[place % len(pattern)]
        by = ticks(130.0 * (place // len(pattern)))
        fit = line.fit and line.fit.model_copy(update={"span": line.fit.span.shifted(by)})
        check = line.check and line.check.model_copy(update={"heard": text})
        made.append(
            line.model_copy(
                update={
                    "id": f"L{place:05d}",
                    "span": line.span.shifted(by),
                    "fit": fit,
                    "text": text,
                    "source_text": text,
                    "check": check,
                }
            )
        )
    return script.model_copy(update={"lines": tuple(made)})


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no browser here; apt-get install chromium")
def test_a_browser_runs_the_page_and_no_attack(hostile: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(hostile, encoding="utf-8")
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--enable-logging=stderr",
        "--dump-dom",
    ]
    ran = subprocess.run(
        ["chromium", *flags, f"--user-data-dir={tmp_path / 'profile'}", path.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert 'class="scripted"' in ran.stdout
    assert "<title>owned</title>" not in ran.stdout
    assert "<title>javascript:alert(1)" in ran.stdout
    assert "Content Security Policy" not in ran.stderr


def test_a_row_of_the_timing_chart_names_every_voice_that_speaks_in_it() -> None:
    report = build_report(demo_script(), demo_facts())
    first = report.lines[0]
    other = first.model_copy(update={"voice": "test:another"})
    kept = next(line for line in report.lines if line.speaker == first.speaker and line.id != first.id)
    unheard = kept.model_copy(update={"voice": "test:unheard", "dub": None, "kept_original": True})
    changed = {other.id: other, unheard.id: unheard}
    lines = tuple(changed.get(line.id, line) for line in report.lines)
    page = str(timeline(report.model_copy(update={"lines": lines}), {line.id: "x" for line in lines}))
    assert f"{first.speaker} · test:another, {first.voice}" in page and "test:unheard" not in page
