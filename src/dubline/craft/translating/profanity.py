"""Strong language made mild, for those who wish it.

The source is softened where a mild word is one that translators know, and the translation once more, because a
translator may be ruder than the speaker. What is replaced keeps its capital; endings follow number and gender.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_WORD = re.compile(r"[^\W\d_]{4,}")
"""Shorter words are in many languages at once."""

_WORDS: Mapping[str, str] = {
    "en": r"""
        what the (?:fuck|hell)|what on earth
        who the (?:fuck|hell)|who on earth
        (?:mother)?fucking|damned
        for fuck'?s sake|for heaven's sake
        fuck (?:off|you)|get lost
        fuck (?:this|that|it)|forget it
        fucked up|broken
        fucked|ruined
        (?:mother)?fuckers|idiots
        (?:mother)?fucker|idiot
        fucks?|heck
        bullshit|nonsense
        holy (?:shit|crap)|oh dear
        shitty|awful
        shits?|rubbish
        (?:ass|arse)holes|idiots
        (?:ass|arse)hole|idiot
        dumbass|fool
        sons of bitches|scoundrels
        son of a bitch|scoundrel
        bitches|witches
        bitch|witch
        bastards|scoundrels
        bastard|scoundrel
        dickhead|fool
        cunts?|fool
        pissed off|angry
        damn you|get lost
        goddamn(?:ed)?(?! it\b)|damned
        damn(?! it\b)|damned
        crap|rubbish
    """,
    "es": r"""
        hij(o|a)(s?) de (?:la gran )?puta|desgraciad\1\2
        (?:de )?puta madre|genial
        me cago en (?:la puta|la leche|todo|dios)|caramba
        vete a la mierda|vete a paseo
        (?:a|a la) mierda|al cuerno
        mierdas|porquerías
        mierda|porquería
        put(o|a)(s?)|dichos\1\2
        jodid(o|a)(s?)|dichos\1\2
        joder|caramba
        coño|caramba
        carajo|caramba
        cabr(?:ón|ona)|canalla
        cabron(?:es|as)|canallas
        gilipollas|tonto
        pendej(o|a)(s?)|tont\1\2
        chingad(o|a)(s?)|dichos\1\2
        no mames|no me digas
        cojones|narices
        hostia(?:s)?|caramba
        polla|narices
    """,
    "pt": r"""
        filh(o|a)(s?) da puta|desgraçad\1\2
        puta que pariu|minha nossa
        vai se f[ou]der|vai passear
        vai tomar no cu|vai passear
        foda-se|dane-se
        (?:fodid|fudid)(o|a)(s?)|danad\1\2
        merdas|porcarias
        merda|porcaria
        porra|puxa
        caralho|caramba
        putas|malditas
        puta|maldita
        cacete|caramba
        babaca(s?)|bobo\1
        cuzão|idiota
    """,
    "fr": r"""
        fils de pute|vaurien
        va te faire (?:foutre|enculer)|va te faire voir
        allez vous faire (?:foutre|enculer)|allez vous faire voir
        putain(?: de merde)?|punaise
        (?:bordel de )?merde|mince
        bordel|bazar
        connard(s?)|abruti\1
        connasse(s?)|abrutie\1
        con(s?)|idiot\1
        connerie(s?)|bêtise\1
        salope(s?)|chipie\1
        salaud(s?)|vaurien\1
        enculé(e?)(s?)|abruti\1\2
        foutu(e?)(s?)|fichu\1\2
        foutre|ficher
    """,
    "it": r"""
        figlio di puttana|mascalzone
        figli di puttana|mascalzoni
        vaffanculo|va' a quel paese
        che cazzo|che cavolo
        cazzate|sciocchezze
        cazzata|sciocchezza
        cazzo|cavolo
        stronz(o|a|i|e)|scem\1
        merd(a|e)|porcheri\1
        puttane|streghe
        puttana|strega
        coglione|sciocco
        coglioni|sciocchi
        minchia|caspita
        fottut(o|a|i|e)|dannat\1
        bastard(o|a|i|e)|mascalzone
    """,
}


def softened(text: str, language: str) -> str:
    """The text with mild words for strong ones; unchanged where the language has no list."""
    for pattern, mild in _rules(language):
        text = pattern.sub(lambda match, mild=mild: _cased(match.expand(mild), match[0]), text)  # type: ignore[misc]
    return text


def left(said: str, text: str, source: str, target: str) -> tuple[str, ...]:
    """Strong words of the source that still stand in a translation; a word of both languages is none of them."""
    spoken = {word.lower() for word in _WORD.findall(said)}
    return tuple(
        word
        for word in dict.fromkeys(_WORD.findall(text))
        if word.lower() in spoken and _strong(word, source) and not _strong(word, target)
    )


def _strong(word: str, language: str) -> bool:
    return any(pattern.fullmatch(word) for pattern, _ in _rules(language))


def known(language: str) -> bool:
    return language in _WORDS


def _cased(mild: str, strong: str) -> str:
    if len(strong) > 1 and strong.isupper():
        return mild.upper()
    return mild[:1].upper() + mild[1:] if strong[:1].isupper() else mild


@cache
def _rules(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Longer phrases stand before the words they are made of. The last `|` parts a rule."""
    rules = []
    for line in _WORDS.get(language, "").strip().splitlines():
        pattern, _, mild = line.strip().rpartition("|")
        rules.append((re.compile(rf"(?i)(?<![\w-])(?:{pattern})(?![\w-])"), mild))
    return tuple(rules)
