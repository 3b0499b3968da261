"""Who gets into the voice library, and what is shown of the voices there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dubline.api import voices
from dubline.api.job import Request, prepare
from dubline.api.workshop import Workshop, workshop
from dubline.domain.characters import Character
from dubline.domain.errors import UserError
from dubline.domain.settings import DubSettings, Engines
from dubline.domain.speech import Voice
from dubline.domain.time import Span
from tests.stubbed import KINDS, make_talk, stubs_known

STUB_ENGINES = Engines(**{kind.replace("-", "_"): "stub" for kind in KINDS})


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.setenv("DUBLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(voices, "DubSettings", lambda **more: DubSettings(engines=STUB_ENGINES, **more))
    with stubs_known(), workshop() as opened:
        yield opened


def test_a_recording_of_several_people_is_no_character(shop: Workshop, tmp_path: Path) -> None:
    talk = make_talk(tmp_path / "talk.wav")
    with pytest.raises(UserError) as caught:
        voices.add_from_recording(shop, "Ada", talk, {}, Span.of_seconds(2.0, 14.0))
    assert caught.value.code == "several_voices"
    assert "--start 0:07.900 --end 0:10.500" in caught.value.hint, "on the file's own timeline"
    assert not shop.library.characters()
    added = voices.add_from_recording(shop, "Ada", talk, {}, Span.of_seconds(7.9, 10.5))
    assert added.seconds == pytest.approx(2.6, abs=0.1)


def character(name: str, **spoken: str) -> Character:
    return Character(name=name, encoder="none", print=(1.0,), seconds=9.0, voices=spoken)


@pytest.mark.parametrize(
    ("wish", "code", "hint"),
    [
        ("Ada", "", ""),
        ("ada", "", ""),
        ("Bea", "", ""),
        ("Cid", "voice_unknown", "dubline voices list --language es"),
    ],
)
def test_a_character_may_be_wished_for(
    shop: Workshop, tmp_path: Path, wish: str, code: str, hint: str
) -> None:
    shop.library.put(character("Ada", es="stub:high"))
    shop.library.put(character("Bea"))
    settings = DubSettings(source_language="en", engines=STUB_ENGINES, voices={"S1": wish})
    request = Request(make_talk(tmp_path / "talk.wav"), ("es",), settings)
    if not code:
        assert prepare(request, shop).settings.voices == {"S1": wish}
        return
    with pytest.raises(UserError) as caught:
        prepare(request, shop)
    assert caught.value.code == code and hint in caught.value.hint


def test_nobody_is_two_speakers(shop: Workshop, tmp_path: Path) -> None:
    shop.library.put(character("Ada", es="stub:high"))
    wishes = {"S1": "Ada", "S2": "ada"}
    settings = DubSettings(source_language="en", engines=STUB_ENGINES, voices=wishes)
    request = Request(make_talk(tmp_path / "talk.wav"), ("es",), settings)
    with pytest.raises(UserError, match="both S1 and S2") as caught:
        prepare(request, shop)
    assert caught.value.code == "character_twice"


def test_a_character_is_found_in_large_and_small_letters(shop: Workshop) -> None:
    shop.library.put(character("Ada"))
    found = shop.library.find("ADA")
    assert found and found.name == "Ada" and shop.library.remove("ada")
    assert not shop.library.characters()


@pytest.mark.parametrize("text", ["", " ", "…"])
def test_a_voice_cannot_say_nothing(shop: Workshop, tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError) as caught:
        voices.say(
            shop.registry, voices.find_stock_voice(shop.registry, "stub:low"), text, tmp_path / "a.wav"
        )
    assert caught.value.code == "text_empty"


def test_at_a_glance_there_are_the_best_engines_own_voices() -> None:
    def voice(engine: str, name: str) -> Voice:
        return Voice(engine=engine, name=name, language="es")

    good, mixed, other = voice("good", "ana"), voice("good", "ana~eva"), voice("other", "eva")
    assert voices.at_a_glance([good, mixed, other]) == [good]
    assert voices.at_a_glance([]) == []
    many = [voice("good", str(number)) for number in range(200)]
    assert len(voices.at_a_glance(many)) == voices.GLANCE
