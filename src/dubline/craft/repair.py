"""What a translation by way of another language needs afterwards, as rules on text.

Words nobody could translate are marked with a leading `*`; a mark is never spoken. The rules for Spanish know
what Apertium makes of Portuguese, which is where English comes from on its way to Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_MARKED = re.compile(r"\*(?=\w)([\w’'-]*\w)")
_STRAY_MARK = re.compile(r"\*+(?=\w)|(?<=\w)\*+")
_FILLER = re.compile(r"(?i)(?<![\w'-])(?:u+h+m*|u+m+|e+r+m*|h*m{2,})\b[,.…~]*(?:\s+|$)|\s*~\s*")
_LOWER_FILLER = re.compile(r"(?<=\w )(?:ah|oh|eh) (?=\w)")
_STUTTER = re.compile(
    r"(?i)\b(a|an|and|the|to|of|in|on|is|it|it's|that's|i|i'm|we|you|they|he|she|but|so|or|with|for|my|your)"
    r"(?:[,…]? \1\b)+"
)
_HESITATION = re.compile(r"(?i)u+h+m*|u+m+|e+r+m*|h*m{2,}|a+h+|o+h+|a+r+g+h+")
_SPOKEN = re.compile(r"\w")
_LAST_MARK = re.compile(r"[.!?…]+[\"'”’»)]*$")


def spoken(text: str) -> bool:
    """Whether there is anything to say."""
    return bool(_SPOKEN.search(text))


def translatable(text: str) -> bool:
    """Whether there is more than hesitation in it: "um" is a number in Portuguese."""
    return any(not _HESITATION.fullmatch(word) for word in re.findall(r"\w+", text))


def bare(text: str) -> str:
    """A word or phrase without the punctuation around it."""
    return text.strip(" .,;:!?¿¡…\"'")


def marked_words(text: str) -> list[str]:
    return _MARKED.findall(text)


def unmarked(text: str) -> str:
    return _STRAY_MARK.sub("", text)


@dataclass(frozen=True)
class Meaning:
    """What a marked word says in the target language; `article` where the dictionary gave one with it."""

    word: str
    article: str = ""


_ARTICLE_BEFORE = re.compile(r"(?i)\b(el|la|los|las|un|una|unos|unas|este|esta|ese|esa) $")
_GENDERED = (("el", "la"), ("un", "una"), ("los", "las"), ("unos", "unas"), ("este", "esta"), ("ese", "esa"))


def replace_marked(text: str, meanings: Mapping[str, Meaning]) -> str:
    """Each marked word as what it means, its article agreeing, or as it stands."""
    parts: list[str] = []
    done = 0
    for match in _MARKED.finditer(text):
        meaning = meanings.get(match[1])
        parts.append(text[done : match.start()])
        if meaning is None:
            parts.append(match[1])
        else:
            parts[-1] = _with_article(parts[-1], meaning.article)
            parts.append(_cased(_agreeing(meaning.word, match[1]), match[1]))
        done = match.end()
    return unmarked("".join(parts) + text[done:])


def _with_article(before: str, article: str) -> str:
    """The article in front of a noun, in the noun's own gender."""
    found = _ARTICLE_BEFORE.search(before)
    if found is None or article not in {"el", "la", "los", "las"}:
        return before
    feminine = article in {"la", "las"}
    forms = next(pair for pair in _GENDERED if found[1].lower() in pair)
    return before[: found.start(1)] + _cased(forms[feminine], found[1]) + before[found.end(1) :]


def _agreeing(word: str, original: str) -> str:
    """A dictionary form in the number and gender its original had: Romance languages mark both alike."""
    if " " in word or not word.endswith(("o", "a", "e")) or not original.endswith("s"):
        return word
    return (word[:-1] + "a" if word.endswith("o") and original.endswith("as") else word) + "s"


def _cased(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def without_disfluencies(text: str) -> str:
    """English without "uh" and doubled small words, which no translator understands. A line that is nothing
    else stays as it is."""
    cleaned = _STUTTER.sub(r"\1", _LOWER_FILLER.sub("", _FILLER.sub(" ", text)))
    cleaned = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(cleaned.split())).lstrip(",;: ")
    if not spoken(cleaned):
        return text
    return cleaned[:1].upper() + cleaned[1:] if text.lstrip()[:1].isupper() else cleaned


def name_like(word: str, source: str) -> bool:
    """A word that the source writes with a capital although no sentence begins there."""
    found = re.search(rf"(?<=[\w,;] ){re.escape(word)}\b", source)
    return bool(found) and word[:1].isupper()


def in_source(word: str, source: str) -> bool:
    return re.search(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", source) is not None


def like_source(text: str, source: str) -> str:
    """First letter and last punctuation as in the source; no loose spaces."""
    text = re.sub(r"\s+([,.;:!?…»”)])", r"\1", " ".join(text.split()))
    text = re.sub(r",([.!?])", r"\1", text)
    text = _first_letter(text, source)
    end = _LAST_MARK.search(source.rstrip())
    own = _LAST_MARK.search(text)
    if end and not own:
        return text.rstrip(",;:") + end.group()
    if own and not end and spoken(source):
        return text[: own.start()] if own.group().startswith(".") and own.group() != "..." else text
    return text


def _first_letter(text: str, source: str) -> str:
    place = next((place for place, letter in enumerate(text) if letter.isalpha()), None)
    initial = next((letter for letter in source if letter.isalpha()), "")
    if place is None or not initial:
        return text
    if initial.isupper():
        return text[:place] + text[place].upper() + text[place + 1 :]
    word = re.match(r"[\w'-]+", text[place:])
    if word and (in_source(word.group(), source) or (word.group().isupper() and len(word.group()) > 1)):
        return text
    return text[:place] + text[place].lower() + text[place + 1 :]


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


def portuguese_as_spanish(word: str) -> str:
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


def repaired_spanish(text: str, source: str) -> str:
    """Spanish that came by way of Portuguese, with what English said still in sight."""
    capital = text[:1].isupper()
    for pattern, replacement in _SPANISH:
        text = re.sub(pattern, replacement, text, flags=re.IGNORECASE)
    text = _THEY.sub(r"\1", _BARE_SUBJECT.sub("", _SUBJECT.sub(r"\1", text)))
    if re.search(r"(?i)\bthis\b", source) and not re.search(r"(?i)\bthat\b|\bthat's\b", source):
        text = re.sub(r"\beso\b", "esto", re.sub(r"\bEso\b", "Esto", text))
    text = text[:1].upper() + text[1:] if capital else text
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
        if not ends.endswith(closing) or opening in clause or not spoken(clause):
            continue
        if tag := _TAG.search(ends):
            return clause[: tag.start()] + f", {opening}{tag.group(1)}" + clause[len(ends) :]
        lead = _LEAD.match(clause)
        if lead is None or not spoken(lead.group(3)):
            return re.sub(r"^(\s*)", rf"\1{opening}", clause, count=1)
        return f"{lead.group(1)}{lead.group(2)}{opening}{lead.group(3)}"
    return clause


def finished(text: str, source: str, target: str) -> str:
    """A text ready to be spoken in the target language."""
    text = like_source(unmarked(text), source)
    text = opened(text) if target in _OPENING_LANGUAGES else text
    return asked(text) if target == "es" else text


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


_OPENING_LANGUAGES = frozenset({"es", "gl"})

Repair = Callable[[str, str], str]
PAIR_REPAIRS: Mapping[tuple[str, str], Repair] = {("pt", "es"): repaired_spanish}
"""What is done right after a hop, with the text and what was said in the beginning."""
SPELLINGS: Mapping[tuple[str, str], Callable[[str], str]] = {("pt", "es"): portuguese_as_spanish}
