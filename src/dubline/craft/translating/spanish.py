"""Spanish that came from Portuguese, which is where English comes from on its way there.

The rules know what Apertium makes of Portuguese, and how Spanish is written.
"""

from __future__ import annotations

import re

_SPOKEN = re.compile(r"\w")

_PORTUGUESE_SPELLINGS: tuple[tuple[str, str], ...] = (
    (r"ções\b", "ciones"),
    (r"ção\b", "ción"),
    (r"sões\b", "siones"),
    (r"são\b", "sión"),
    (r"ões\b", "ones"),
    (r"ão\b", "ón"),
    (r"dades\b", "dades"),
    (r"dade\b", "dad"),
    (r"agens\b", "ajes"),
    (r"agem\b", "aje"),
    (r"ável\b", "able"),
    (r"áveis\b", "ables"),
    (r"ível\b", "ible"),
    (r"íveis\b", "ibles"),
    (r"mento(s?)\b", r"miento\1"),
    (r"eiro(s?)\b", r"ero\1"),
    (r"eira(s?)\b", r"era\1"),
    (r"aria(s?)\b", r"ería\1"),
    (r"ário(s?)\b", r"ario\1"),
    (r"ória(s?)\b", r"oria\1"),
    (r"ência(s?)\b", r"encia\1"),
    (r"ância(s?)\b", r"ancia\1"),
    (r"lh", "j"),
    (r"nh", "ñ"),
    (r"ss", "s"),
    (r"ç(?=[ei])", "c"),
    (r"ç", "z"),
    (r"[âã]", "a"),
    (r"ê", "e"),
    (r"[ôõ]", "o"),
    (r"m\b", "n"),
    (r"ph", "f"),
    (r"qua", "cua"),
)


def from_portuguese(word: str) -> str:
    """How a Portuguese word would be spelled if Spanish had it too, as it often does."""
    for pattern, replacement in _PORTUGUESE_SPELLINGS:
        word = re.sub(pattern, replacement, word)
    return word


_PRONOUN_AFTER = r"(?:que|si|cuando|porque|como|cómo|donde|y|o|pero|pues|entonces|aunque|mientras|,|;|:)"
_KEEPS_PRONOUN = r"(?:mismo|misma|mismos|mismas|también|tampoco|solo|sola|y|o|que|de|con|en|a|sí|todos)\b"

_SPANISH: tuple[tuple[str, str], ...] = (
    # "que" after a comparative, "lo que" elsewhere: Portuguese writes both "do que".
    (
        r"\b(más|menos|mayor(?:es)?|menor(?:es)?|mejor(?:es)?|peor(?:es)?)((?: [\w*]+){0,3}?) del que\b",
        r"\1\2 que",
    ),
    (r"\bdel que\b(?= (?:yo |tú |él |ella |nosotros |ellos |usted )?\w)", "de lo que"),
    # The determiner forms Apertium chooses before a word it does not know.
    (r"\blo (?=\*)", "el "),
    (r"\b(en|de|a|para|por|con|sobre) lo (?=(?-i:[*]?[A-ZÁÉÍÓÚÑ]))", r"\1 "),
    (r"\buno (?=\*|[a-záéíóúñ]+(?:o|or|e|l|n)\b)", "un "),
    (r"\balguno (?=\*)", "algo de "),
    (r"\bal largo de\b", "a lo largo de"),
    (r"\bnuevamente\b", "de nuevo"),
    (r"\bes claro que\b", "claro que"),
    (r"\btal vez sea eso que\b", "tal vez sea eso lo que"),
    (r"\bpor cuenta de\b", "a causa de"),
    (r"\ben frente de\b", "delante de"),
    (r"\buna mirada(?= (?:en|a|al|de|para)\b|[,.]|$)", "un vistazo"),
    (r"\bvistazo en\b", "vistazo a"),
    (r"\btenemos (?=un vistazo)", "echamos "),
    (r"\btodas las informaciones\b", "toda la información"),
    (r"\blas informaciones\b", "la información"),
    (r"\bun de (?=los\b)", "uno de "),
    (r"\bequipamiento\b", "equipo"),
    (r"\ben el tope\b", "encima"),
    (r"\btoda la gente\b", "todo el mundo"),
    (r"\bmedio que\b ?", ""),
    (r"\bgustaría de (?=\w+r\b)", "gustaría "),
    (r"\b(gust[aáo]\w*) de (?=\w)", r"\1 "),
    (r"\bla gente va\b", "vamos"),
    (r"\b(una?) (?:a )?(?:el|la) (?=\*?\w)", r"\1 "),
    (r"\b(mir\w+) para (?=(?:lo|el|la|los|las|un|una|est[aeo]s?|es[aeo]s?)\b)", r"\1 "),
    (r"\b(est\w+|soy|son|somos) pront([oa]s?)\b", r"\1 list\2"),
    (r"\bacab(?:ó) de (?=\w+[aeií]r)", "acaba de "),
    (r"\bacabaron de (?=\w+[aeií]r)", "acaban de "),
    (r"\bacabé de (?=\w+[aeií]r)", "acabo de "),
    (r"\ben ((?:el|la) \w+ (?:pasad[oa]|próxim[oa]|siguiente))\b", r"\1"),
    (r"\bmás próxim([oa]s?)\b", r"más cercan\1"),
    (r"\b(sé|sab\w+) como\b", r"\1 cómo"),
    (r"\b(sé|sab\w+) lo que (?=\w)", r"\1 qué "),
    (r"\blo que está dentro\b", "lo que hay dentro"),
    (r"(?<!más )(?<!vamos )\ballá\b(?! vamos)", "allí"),
    (r"\boferta (?=un)", "ofrece "),
    (r"\bofertó\b", "ofreció"),
    (r"\bofertar\b", "ofrecer"),
    (r"\bde el\b(?! que)", "del"),
    (r"\ba el\b", "al"),
    (r"\by (?=\*?h?i(?![aeou]))", "e "),
    (r"\bo (?=\*?h?o)", "u "),
    (r"\b[Oo]k\b(?=[,.!?]|$)", "vale"),
)

_SUBJECT = re.compile(
    rf"(?i)(^|[.!?¿¡]\s*|\b{_PRONOUN_AFTER}\s)(?:yo|nosotros|nosotras|usted|ustedes)\s(?!{_KEEPS_PRONOUN})(?=[*]?\w)"
)
_BARE_SUBJECT = re.compile(rf"(?i)(?<=[a-záéíóúñ] )(?:yo|nosotros)\s(?!{_KEEPS_PRONOUN})(?=[*]?\w)")
_THEY = re.compile(
    rf"(?i)(\b(?:que|si|cuando|porque|y|pero)\s)(?:ellos|ellas)\s(?!{_KEEPS_PRONOUN})(?=[*]?\w)"
)


_FALSE_FRIENDS = (
    (r"\bcool\b", r"\blegal(es)?\b", r"genial\1"),
    (r"\b(?:grass|lawn)\b", r"\bgramos?\b", "hierba"),
    (r"\b(?:get out|go out|come out|leave|exit)\b", r"\bfalda\b", "sal"),
    (r"\bremov", r"\bremoviendo\b", "quitando"),
    (r"\bremov", r"\bremovemos\b", "quitamos"),
    (r"\bremov", r"\bremovamos\b", "quitemos"),
    (r"\bremov", r"\bremover\b", "quitar"),
    (r"\bremov", r"\bremovid([oa]s?)\b", r"quitad\1"),
    (r"\bremov", r"\bremueve(n?)\b", r"quita\1"),
    (r"\bremov", r"\bremovió\b", "quitó"),
    (r"(?i)\b(?:think|thought|believe|guess)", r"\bhallo\b", "creo"),
    (r"(?i)\b(?:think|thought|believe|guess)", r"\bhalla(s?|n?)\b", r"cree\1"),
    (r"(?i)\b(?:think|thought|believe|guess)", r"\bhallamos\b", "creemos"),
    (r"(?i)\b(?:his|her|their)\b", r"\b(?:el|la) (\w+) de (?:él|ella|ellos|ellas)\b", r"su \1"),
    (r"(?i)\b(?:his|her|their)\b", r"\b(?:los|las) (\w+) de (?:él|ella|ellos|ellas)\b", r"sus \1"),
    (r"(?:^|[.!?] )So\b(?!,)", r"((?:^|[.!?] ))Entonces,? (?=\w)", r"\1Así que "),
)
"""What was said, what became of it by way of Portuguese, what it means."""


def repaired(text: str, source: str) -> str:
    """Spanish that came by way of Portuguese, with what English said still in sight."""
    capital = text[:1].isupper()
    for pattern, replacement in _SPANISH:
        text = re.sub(pattern, replacement, text, flags=re.IGNORECASE)
    for said, became, means in _FALSE_FRIENDS:
        if re.search(said, source):
            text = re.sub(became, means, text)
    if re.search(r"(?i)\bthis\b", source) and not re.search(r"(?i)\bthat\b|\bthat's\b", source):
        text = re.sub(r"\beso\b", "esto", re.sub(r"\bEso\b", "Esto", text))
    return _capitals(text, capital)


def without_pronouns(text: str) -> str:
    """Spanish verbs say who acts; a pronoun with every one of them is Portuguese."""
    capital = text[:1].isupper()
    return _capitals(_THEY.sub(r"\1", _BARE_SUBJECT.sub("", _SUBJECT.sub(r"\1", text))), capital)


def _capitals(text: str, first: bool) -> str:
    text = text[:1].upper() + text[1:] if first else text
    return re.sub(r"(?<=[.!?] )[a-záéíóúñ]", lambda match: match.group().upper(), text)


_CLAUSE = re.compile(r"[^.!?…]*[.!?…]+[\"”»]*|[^.!?…]+$")
_TAG = re.compile(r"(?i),?\s+((?:no|verdad|vale|eh|cierto|de acuerdo)\s*\?)$")
_LEAD = re.compile(
    r"^(\s*)((?:(?:y|pero|entonces|así que|bueno|bien|vale|sí|no|oye|mira|hola|señor\w*)\s*,\s*)*)(.*)$",
    re.IGNORECASE | re.DOTALL,
)


def opened(text: str) -> str:
    """Spanish questions and exclamations with the mark they begin with."""
    return "".join(_open_clause(clause) for clause in _CLAUSE.findall(text))


def _open_clause(clause: str) -> str:
    ends = clause.rstrip('"”» ')
    for closing, opening in (("?", "¿"), ("!", "¡")):
        if not ends.endswith(closing) or opening in clause or not _SPOKEN.search(clause):
            continue
        if tag := _TAG.search(ends):
            return clause[: tag.start()] + f", {opening}{tag.group(1)}" + clause[len(ends) :]
        lead = _LEAD.match(clause)
        if lead is None or not _SPOKEN.search(lead.group(3)):
            return re.sub(r"^(\s*)", rf"\1{opening}", clause, count=1)
        return f"{lead.group(1)}{lead.group(2)}{opening}{lead.group(3)}"
    return clause


_ASKING = re.compile(
    r"(?i)(¿(?:y |pero |entonces )?)(lo que|que|quien|quienes|como|cuando|donde|cual|cuales|cuant[oa]s?)\b"
)
_ASKED = {"lo que": "qué", "que": "qué", "quien": "quién", "quienes": "quiénes", "como": "cómo", "cuando": "cuándo",
          "donde": "dónde", "cual": "cuál", "cuales": "cuáles"}  # fmt: skip


def asked(text: str) -> str:
    """Spanish question words carry an accent: ¿Como? is "as?", ¿Cómo? is "how?"."""

    def accented(match: re.Match[str]) -> str:
        word = match[2].lower()
        right = _ASKED.get(word) or word.replace("cuant", "cuánt")
        return match[1] + (right.capitalize() if match[2][0].isupper() else right)

    return _ASKING.sub(accented, text)
