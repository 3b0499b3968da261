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
