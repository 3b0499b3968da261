"""How the listener is addressed, as far as rules can tell.

Portuguese, by way of which English comes to Spanish, addresses everybody as "você", and Spanish makes "usted" of
it. Where the speaker said "you", the familiar form follows by rules: a verb after "usted" gets its ending, "su"
becomes "tu". The other way round is not sure, and neither is any of it in other languages; there it is only
checked, and a doubt is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dubline.domain.choices import Formality

_YOU = re.compile(r"(?i)\b(?:you|your|yours|yourself|yourselves)\b")
_SOMEBODY_ELSE = re.compile(r"(?i)\b(?:he|she|they|him|her|hers|his|them|their|theirs|its)\b")

_BEFORE_VERB = r"(?:(?:no|ya|también|siempre|nunca|realmente|solo|sólo|se|me|lo|la|le|les|nos|los|las)\s+)*"
_SUBJECT = re.compile(
    rf"(?i)(?<![\w*])(?<!para )(?<!con )(?<!de )(?<!a )(?<!por )usted\s+({_BEFORE_VERB})(\w+)"
)
_AFTER_VERB = re.compile(r"(?i)(?<![\w*])(\w+)\s+usted(?!\w)")
_AFTER_PREPOSITION = (
    (re.compile(r"(?i)\bcon usted\b"), "contigo"),
    (re.compile(r"(?i)\b(a|para|de|por|en|sobre|sin) usted\b"), r"\1 ti"),
)
_PRETERITES = re.compile(
    r"(?i)(?:tuv|estuv|pud|pus|sup|quis|vin|hiz|dij|traj|anduv|hub|cup|produj|condujo|conduj|introduj)o$"
)
_IRREGULAR = {"es": "eres", "fue": "fuiste", "dio": "diste", "vio": "viste", "ha": "has", "era": "eras"}


def addressed(source: str) -> bool:
    """Whether English speaks to somebody."""
    return _YOU.search(source) is not None


def familiar_spanish(text: str, source: str) -> str:
    """Spanish that says tú where English says you, as far as "usted" or "su" shows where."""
    text = _commands(text, source)
    if not addressed(source):
        return text
    capital = text[:1].isupper()
    for pattern, familiar in _AFTER_PREPOSITION:
        text = pattern.sub(familiar, text)
    text = _SUBJECT.sub(_familiar_after, text)
    text = _AFTER_VERB.sub(_familiar_before, text)
    if not _SOMEBODY_ELSE.search(source):
        text = re.sub(
            r"\b([Ss])u(s?)\b", lambda match: ("T" if match[1] == "S" else "t") + "u" + match[2], text
        )
        text = re.sub(r"\ble(?= [a-záéíóú]+)", "te", text)
    return text[:1].upper() + text[1:] if capital else text


_COMMAND = re.compile(
    r"(?i)^(?:(?:so|and|but|now|just|please|okay|ok|then|well|also|first)[, ]+)*(?:don't|do not|let|"
    r"look|take|come|go|try|make|put|tell|give|wait|stop|see|use|open|close|turn|click|press|remember|imagine|think|"
    r"watch|listen|check|keep|follow|ask|call|write|read|buy|find|bring|leave|move|hold|pull|push|start|show|say|get|"
    r"choose|pick|join|visit|subscribe|learn|add|mix|cut|cook|eat|drink|run|walk|sit|stand|enjoy)\b"
)
_LEAD = r"^(\W*(?:(?:así que|entonces|y|pero|ahora|por favor|vale|bueno|luego|primero|también),? )*)"
_DO = re.compile(_LEAD + r"(\w+)", re.IGNORECASE)
_DO_NOT = re.compile(_LEAD + r"((?:no|nunca) )((?:(?:se|lo|la|los|las|me|le|les|nos) )*)(\w+)", re.IGNORECASE)
_SPECIAL_COMMANDS = {
    "venga": "ven", "vaya": "ve", "haga": "haz", "diga": "di", "ponga": "pon", "tenga": "ten", "salga": "sal",
    "vea": "ve", "siga": "sigue", "pida": "pide", "elija": "elige", "coja": "coge", "oiga": "oye", "traiga": "trae",
    "empiece": "empieza", "haz": "haz", "vuelva": "vuelve", "abra": "abre", "escriba": "escribe", "lea": "lee",
    "coma": "come", "beba": "bebe", "corra": "corre", "aprenda": "aprende", "corte": "corta", "mueva": "mueve",
    "cruce": "cruza", "comience": "comienza", "alcance": "alcanza",
}  # fmt: skip
_NOT_VERBS = "siempre entre sobre desde donde este ese parte nadie tarde grande fue durante"
_NO_COMMANDS = frozenset(_NOT_VERBS.split())
_FORMAL_ENDINGS = (("que", "ca"), ("gue", "ga"), ("e", "a"))
"""Of verbs in -ar; those of the others are too much like the indicative of verbs in -ar."""


def _commands(text: str, source: str) -> str:
    """Each sentence that is a command in English, in the familiar form."""
    sentences, said = _sentences(text), _sentences(source)
    if len(sentences) != len(said):
        return text
    return "".join(
        _command(sentence) if _COMMAND.match(spoken.strip()) else sentence
        for sentence, spoken in zip(sentences, said, strict=True)
    )


def _sentences(text: str) -> list[str]:
    return re.findall(r"[^.!?]+(?:[.!?]+\s*|$)", text)


def _command(sentence: str) -> str:
    if _DO_NOT.match(sentence):
        return _DO_NOT.sub(_familiar_ban, sentence, count=1)
    return _DO.sub(lambda match: match[1] + _cased(_familiar_command(match[2]), match[2]), sentence, count=1)


def _familiar_ban(match: re.Match[str]) -> str:
    verb = match[4] + "s" if match[4].endswith(("a", "e")) else match[4]
    return match[1] + match[2] + re.sub(r"\bse\b", "te", match[3]) + verb


def _familiar_command(verb: str) -> str:
    lower = verb.lower()
    if lower in _SPECIAL_COMMANDS:
        return _SPECIAL_COMMANDS[lower]
    if lower in _NO_COMMANDS or lower.endswith("ce"):
        return lower
    for formal, familiar in _FORMAL_ENDINGS:
        if lower.endswith(formal) and len(lower) > len(formal) + 1:
            return lower[: -len(formal)] + familiar
    return lower


def _cased(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def _familiar_after(match: re.Match[str]) -> str:
    if match[2].lower().startswith("gust"):
        before = re.sub(r"(?i)\b(?:se|le|lo|la|te) ", "", match[1])
        return f"{before}te {match[2].lower()}"
    verb = second_person(match[2])
    if verb is None:
        return match[0]
    return re.sub(r"(?i)\bse\b", "te", match[1]) + verb


def _familiar_before(match: re.Match[str]) -> str:
    """ "¿Está usted?" asks a person; "veo usted" sees one."""
    verb = match[1]
    if verb.endswith("o") and not _PRETERITES.search(verb):
        return f"te {verb.lower()}"
    return second_person(verb) or match[0]


def second_person(verb: str) -> str | None:
    """The tú form of a third person singular; none for what cannot be one."""
    lower = verb.lower()
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    if _PRETERITES.search(verb):
        return "hiciste" if lower == "hizo" else verb[:-1] + "iste"
    if lower.endswith("ió"):
        return verb[:-1] + "ste"
    if lower.endswith("ó"):
        return verb[:-1] + "aste"
    return verb + "s" if lower[-1] in "aeáé" else None


_FAMILIAR: Mapping[str, str] = {
    "es": r"tú|te|ti|contigo|tus?|tuy[oa]s?|vosotros|os|vuestr[oa]s?|\w+(?:[aeá]s|ste)",
    "fr": r"tu|te|t|toi|ton|ta|tes",
    "it": r"tu|ti|te|tu[oae]|tuoi",
    "pt": r"você|vocês|seus?|suas?|te|lhe|tu|teus?|tuas?|se",
}
_POLITE: Mapping[str, str] = {
    "es": r"usted|ustedes|sus?|le|les|se|\w+[aeóá]n?",
    "fr": r"vous|votre|vos",
    "it": r"lei|le|la|su[oae]|suoi",
    "pt": r"senhora?s?",
}
_SURE_FAMILIAR: Mapping[str, str] = {
    **_FAMILIAR,
    "es": r"tú|te|ti|contigo|tus?|vosotros|os|vuestr[oa]s?|eres",
    "pt": r"você|vocês|tu|teus?|tuas?",
}
"""What polite speech never has."""


def unsure(source: str, text: str, target: str, wish: Formality) -> bool:
    """Whether somebody is addressed and the text does not show the wished form, or shows the other one."""
    if wish is Formality.AUTO or not addressed(source):
        return False
    wished = _FAMILIAR if wish is Formality.INFORMAL else _POLITE
    if not _has(text, wished.get(target, "")):
        return True
    return wish is Formality.FORMAL and _has(text, _SURE_FAMILIAR[target])


def _has(text: str, words: str) -> bool:
    return bool(words) and re.search(rf"(?i)(?<!\w)(?:{words})(?!\w)", text) is not None
