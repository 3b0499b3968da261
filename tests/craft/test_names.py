"""Names are not translated, whatever they mean in the language in between."""

from __future__ import annotations

from dubline.craft.translating import names


def test_only_what_the_speaker_wrote_large_in_mid_sentence_is_a_name() -> None:
    source, pivot = "My name is Jordi Mas, I am English.", "Meu nome é Jordi Mas, eu sou inglês."
    assert names.names(source, pivot) == ("Jordi", "Mas")
    assert names.names("Barcelona is big.", "Barcelona é grande.") == ()


def test_a_name_is_lost_when_it_is_gone_not_when_it_has_another_accent() -> None:
    assert names.lost(("Mas",), "Me llamo Jordi Pero.")
    assert not names.lost(("Paris",), "Vivo en París.")
    assert not names.lost((), "Hola.")


def test_stand_ins_travel_and_come_back_also_when_marked_unknown() -> None:
    found = ("Jordi", "Mas")
    away = names.protected("Jordi Mas fala, mas Jordi cala.", found)
    assert away == "Xq900 Xq901 fala, mas Xq900 cala."
    assert names.restored(away.replace("Xq901", "*Xq901"), found) == "Jordi Mas fala, mas Jordi cala."


def test_a_word_with_a_capital_after_a_title_is_a_name() -> None:
    said = (
        "Dr. Miller met Mrs O'Brien-Stone and Professor Ada Green's dog, sir. The Baker is no Mr. and I know."
    )
    assert names.titled(said) == ("Miller", "O'Brien-Stone", "Ada", "Green")
    away = names.protected(said, names.titled(said), names.FIRST_TITLED)
    assert away.startswith("Dr. Xq950 met Mrs Xq951 and Professor Xq952 Xq953's dog")
    assert names.restored(away, names.titled(said), names.FIRST_TITLED) == said
    assert not names.lost(("O'Brien",), "La Sra. O'Brien.")
