"""French and Italian that came from Spanish: what Apertium does again and again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

_Rules = Sequence[tuple[str, str | Callable[[re.Match[str]], str]]]

_VOUS = {
    "doit": "devez", "sait": "savez", "peut": "pouvez", "va": "allez", "a": "avez", "est": "êtes", "veut": "voulez",
    "fait": "faites", "voit": "voyez", "dit": "dites", "prend": "prenez", "met": "mettez", "vient": "venez",
    "tient": "tenez", "croit": "croyez", "avait": "aviez", "était": "étiez", "puisse": "puissiez", "soit": "soyez",
    "pourra": "pourrez", "sera": "serez", "aura": "aurez", "ira": "irez", "pourrait": "pourriez",
}  # fmt: skip
_VOUS_SPEAKS = (
    r"(?i)((?:^|[.!?,;] |\b(?:que|si|quand|et|mais|où|comment|lorsque|comme|peut-être) )vous )(?:il )?"
    r"((?:(?:ne|me|y|en) |n'|m')*)(\w+)"
)


def _vous(found: re.Match[str]) -> str:
    """Spanish addresses politely in the third person, which French does not."""
    verb = found[3].lower()
    if verb in _VOUS:
        return found[1] + found[2] + _VOUS[verb]
    regular = verb.endswith("e") and len(verb) > 4 and not verb.endswith(("même", "que"))
    return found[1] + found[2] + (found[3] + "z" if regular else found[3])


_FRENCH: _Rules = (
    (_VOUS_SPEAKS, _vous),
    (r"\bplus soir\b", "plus tard"),
    (r"\b(vous|nous|tu|je) (?:il|ils) (?=[a-zàâéèêîôû])", r"\1 "),
    (r"\bj'il (?=[a-zàâéèêîôû])", "je "),
    (
        r"\b(ce que|que|lorsque|puisque|jusque) (?=(?:ils?|elles?|on|un|une)\b)",
        lambda found: found[1][:-1] + "'",
    ),
    (r"\bce que (?=(?:est|a|sont|ont|va|peut)\b)", "ce qui "),
    (r"\bqu'il (?=(?:est|a|peut) (?:dedans|dans|en)\b)", "qui "),
    (r"\b(de|d') de\b", r"\1"),
    (r"\bun peu de(?=[.,;!?]|$)", "un peu"),
    (r"\bpeu de(?=[.,;!?]|$)", "peu"),
    (r"\bdedans de la (?=\w)", "dans la "),
    (r"\bdedans du (?=\w)", "dans le "),
    (r"\baussi bien que\b", "comme"),
    (r"(?<=et, )clair(?=,)", "bien sûr"),
    (r"^Clair que\b", "Bien sûr que"),
    (r"^clair que\b", "bien sûr que"),
    (r"\bCelui-ci est\b", "C'est"),
    (r"\bCela est\b", "C'est"),
    (r"\bCeci est\b", "C'est"),
    (r"\bIl est (?=(?:le|la|les|l'|un|une|basiquement)\b)", "C'est "),
)
_ITALIAN: _Rules = (
    (r"\bpiù pomeriggio\b", "più tardi"),
    (r"\b[Ee]st è\b", lambda found: "Questo è" if found[0][0] == "E" else "questo è"),
    (r"(?<=[ ,])chiaro(?=,)", "certo"),
    (r"^Chiaro che\b", "Certo che"),
    (r"^chiaro che\b", "certo che"),
    (r"\bquello un altro\b", "quell'altro"),
    (r"\bgettiamo un'occhiata\b", "diamo un'occhiata"),
    (r"\bquello che sta dentro\b", "quello che c'è dentro"),
)


def _by(rules: _Rules) -> Callable[[str, str], str]:
    compiled = [(re.compile(pattern), right) for pattern, right in rules]

    def repaired(text: str, _: str) -> str:
        for pattern, right in compiled:
            text = pattern.sub(right, text)
        return text

    return repaired


REPAIRS: Mapping[str, Callable[[str, str], str]] = {"fr": _by(_FRENCH), "it": _by(_ITALIAN)}
