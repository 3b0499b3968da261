"""Characters come back from the library as they went in."""

from __future__ import annotations

from pathlib import Path

from dubline.domain.characters import Character
from dubline.domain.speech import Gender, Traits
from dubline.storage.library import FILE, Library

TRAITS = Traits(gender=Gender.FEMALE, confidence=0.9, pitch=201.5)


def ada(**changes: object) -> Character:
    made = Character(name="Ada", traits=TRAITS, encoder="ge2e@1", print=(0.5, -0.25), seconds=12.5)
    return made.model_copy(update=changes)


def test_what_goes_in_comes_out_also_for_the_next_process(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.put(ada(voices={"es": "kokoro:ef_dora", "pt-BR": "kokoro:pf_dora"}))
    library.put(ada(name="Bo"))
    library.close()
    assert [one.name for one in Library(tmp_path).characters()] == ["Ada", "Bo"]
    assert Library(tmp_path).find("Ada") == ada(voices={"es": "kokoro:ef_dora", "pt-BR": "kokoro:pf_dora"})


def test_the_same_name_is_replaced_with_its_voices(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.put(ada(voices={"es": "kokoro:ef_dora"}))
    library.put(ada(voices={"it": "kokoro:if_sara"}))
    assert library.characters() == (ada(voices={"it": "kokoro:if_sara"}),)


def test_who_is_removed_is_gone_and_nobody_else(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.put(ada(voices={"es": "kokoro:ef_dora"}))
    library.put(ada(name="Bo"))
    assert library.remove("Ada") and not library.remove("Ada")
    library.put(ada())
    assert library.characters() == (ada(), ada(name="Bo"))


def test_a_library_nobody_uses_leaves_no_trace(tmp_path: Path) -> None:
    library = Library(tmp_path)
    assert library.characters() == () and library.find("Ada") is None and not library.remove("Ada")
    assert not (tmp_path / FILE).exists()


def test_any_dialect_will_do_where_that_one_is_not_known() -> None:
    somebody = ada(voices={"pt-BR": "kokoro:pf_dora"})
    assert somebody.voice_for("pt") == "kokoro:pf_dora"
    assert somebody.voice_for("es") is None
