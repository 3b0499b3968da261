"""How the listener is addressed, in the one language where rules know."""

from __future__ import annotations

import pytest

from dubline.craft.translating.address import familiar_spanish, second_person, unsure
from dubline.domain.choices import Formality


@pytest.mark.parametrize(
    ("text", "source", "familiar"),
    [
        ("Si usted no sabe lo que es.", "If you don't know what it is.", "Si no sabes lo que es."),
        ("¿Cómo está usted?", "How are you?", "¿Cómo estás?"),
        ("Veo usted pronto.", "I see you soon.", "Te veo pronto."),
        ("Es para usted y su perro.", "It is for you and your dog.", "Es para ti y tu perro."),
        ("Usted vio su perro.", "You saw his dog.", "Viste su perro."),
        ("Le da una idea.", "He gives you an idea.", "Le da una idea."),
        ("Si usted le gusta.", "If you like it.", "Si te gusta."),
        ("Usted se fue.", "You left.", "Te fuiste."),
        ("Ella sabe.", "She knows.", "Ella sabe."),
        ("Mire esto. Él mira.", "Look at this. He looks.", "Mira esto. Él mira."),
        ("No se mate.", "Don't kill yourself.", "No te mates."),
        ("Siempre mire.", "I always look.", "Siempre mire."),
    ],
)
def test_you_becomes_tu_where_it_shows(text: str, source: str, familiar: str) -> None:
    assert familiar_spanish(text, source) == familiar


@pytest.mark.parametrize(
    ("third", "second"),
    [("es", "eres"), ("va", "vas"), ("habló", "hablaste"), ("comió", "comiste"), ("hizo", "hiciste"),
     ("será", "serás"), ("tuvo", "tuviste"), ("casas", None), ("amor", None)],
)  # fmt: skip
def test_second_persons(third: str, second: str | None) -> None:
    assert second_person(third) == second


def test_a_doubt_is_told_only_where_somebody_is_addressed_and_a_wish_was_made() -> None:
    assert not unsure("You know.", "Sabe.", "es", Formality.AUTO)
    assert not unsure("I know.", "Lo sé.", "es", Formality.FORMAL)
    assert not unsure("You know.", "Sabes.", "es", Formality.INFORMAL)
    assert unsure("I see you.", "Te veo.", "es", Formality.FORMAL)
    assert unsure("You know.", "Vous savez.", "fr", Formality.INFORMAL)
    assert not unsure("You know.", "Vous savez.", "fr", Formality.FORMAL)
    assert unsure("You know.", "Você sabe.", "pt", Formality.FORMAL)
    assert unsure("You know.", "知っています。", "ja", Formality.FORMAL)
