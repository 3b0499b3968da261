"""French in fewer words, and in more."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dubline.craft.paraphrase.rule import (
    START,
    Rule,
    Wordbook,
    asides,
    bare_openers,
    inflected,
    not_after,
    openers,
    phrases,
    rule,
)

_SAME: Mapping[str, str] = {
    "un (?:tout )?petit peu": "un peu", "lorsque": "quand", "à partir du moment où": "dès que",
    "au moment où": "quand", "à l'heure actuelle": "actuellement", "en ce qui concerne": "pour",
    "à l'intérieur du": "dans le", "à l'intérieur des": "dans les",
    "à l'intérieur de(?! (?:moi|toi|soi|lui|elle))": "dans",
    "au sujet du": "sur le", "au sujet des": "sur les", "au sujet de": "sur",
    "à propos du": "sur le", "à propos des": "sur les", "à propos de": "sur",
}  # fmt: skip
_EFFECTUER: Mapping[str, str] = {
    "effectuer": "faire", "effectue": "fait", "effectuent": "font", "effectuons": "faisons", "effectuez": "faites",
    "effectué": "fait", "effectuée": "faite", "effectués": "faits", "effectuées": "faites", "effectuant": "faisant",
}  # fmt: skip
_CAPABLE: Mapping[str, str] = {
    "je suis": "je peux", "tu es": "tu peux", "il est": "il peut", "elle est": "elle peut", "on est": "on peut",
    "nous sommes": "nous pouvons", "vous êtes": "vous pouvez", "ils sont": "ils peuvent",
    "elles sont": "elles peuvent", "il était": "il pouvait", "elle était": "elle pouvait",
}  # fmt: skip
_POSSIBILITE: Mapping[str, str] = {
    "j'ai": "je peux", "tu as": "tu peux", "il a": "il peut", "elle a": "elle peut", "on a": "on peut",
    "nous avons": "nous pouvons", "vous avez": "vous pouvez", "ils ont": "ils peuvent",
    "elles ont": "elles peuvent",
}  # fmt: skip
_VOWEL = "aeiouyhâàäéèêëîïôûùœ"
# Without the word between them "de" and "ancien" would have to melt into one.
_NO_ELISION = rf"(?:{not_after('de le la ce que ne je se')}|(?=[\w']+ [^{_VOWEL}]))"
_EMPHASIS = ("vraiment|absolument|totalement|complètement|extrêmement|incroyablement|littéralement|franchement|"
             "carrément|sincèrement")  # fmt: skip
_ASIDES = ("bien sûr|en fait|en effet|évidemment|naturellement|d'ailleurs|à vrai dire|pour ainsi dire|disons|tu sais|"
           "vous savez|en quelque sorte|si vous voulez|bien entendu|au fond|après tout")  # fmt: skip
_THAT = r"qu(?:e |['’])"
_OF = r" d(?:e |['’])"

_SHORTENING: tuple[Rule, ...] = (
    *phrases(_SAME, 1.0),
    rule(r"\blorsqu['’]", "quand ", 1.0),
    rule(
        rf"(?<=\w)(,?) {not_after('est juste seulement et ou mais simplement que pas')}(?:parce|du fait) {_THAT}",
        r"\1 car ",
        1.0,
        plainly=True,
    ),
    rule(rf"\b(?:afin|dans le but|dans l['’]objectif){_OF}", "pour ", 1.0),
    rule(rf"{START}(?:cependant|toutefois|néanmoins), ", "mais ", 1.0),
    rule(rf"{START}(?:par conséquent|en conséquence|de ce fait), ", "donc ", 1.0),
    rule(rf"{START}(?:en premier lieu|premièrement|tout d['’]abord), ", "d'abord, ", 1.0),
    rule(rf"\bil est (?:nécessaire|indispensable|impératif){_OF}", "il faut ", 1.0, plainly=True),
    inflected(_EFFECTUER, 1.0, before=r"(?<!['’])"),
    rule(rf"{START}est-ce {_THAT}", "", 0.99),
    inflected(_CAPABLE, 0.98, before=r"(?<!-)", after=rf" (?:capables?|en mesure){_OF}"),
    inflected(_POSSIBILITE, 0.96, after=rf" (?:la possibilité|l['’]occasion|l['’]opportunité){_OF}"),
    rule(
        r"\b((?:le|la|les|un|une|des|cette|ces) [\wéè-]+) qui (?:est|sont|était|étaient) (?=\w+(?:é|ée|és|ées)\b)",
        r"\1 ",
        0.98,
        plainly=True,
        unless="c['’]est|c['’]était|ce sont|voilà|il y a|est|sont",
    ),
    bare_openers("eh bien|ben|bon ben", 0.97),
    openers(
        "bon|bon,? ok|alors|écoute|écoutez|tu sais|vous savez|voilà|tu vois|vous voyez|bref|"
        "enfin|ok|d['’]accord|bien",
        0.97,
    ),
    openers("en fait|en réalité|bien sûr|bien entendu|à vrai dire|en effet|évidemment", 0.95),
    bare_openers("donc", 0.94),
    asides(_ASIDES, 0.95),
    rule(rf"{_NO_ELISION}\btrès (?!peu\b)(?=\w)", "", 0.96, plainly=True),
    rule(
        rf"(?<=\w ){not_after('et ou ni si plus très')}{_NO_ELISION}"
        rf"(?:{_EMPHASIS}) (?!et\b|ou\b|pas\b)(?=\w)",
        "",
        0.96,
        plainly=True,
    ),
    rule(
        r"\b(est|suis|es|sont|sommes|êtes|était|étaient|étais) un peu "
        r"(?!(?:de|une?|l[ae]s?|comme|à|en|dans|trop|par|sur|tout|au)\b|d['’])(?=\w)",
        r"\1 ",
        0.92,
        plainly=True,
    ),
    rule(r"\bun peu (?=(?:plus|moins) (?!de\b|d['’])\w)", "", 0.92, plainly=True),
    rule(
        rf"{START}(?:je (?:pense|crois|suppose)|j['’]imagine|il me semble) {_THAT}(?=[\w'’]+ \w)",
        "",
        0.85,
        plainly=True,
    ),
)
_LENGTHENING: tuple[Rule, ...] = (
    rule(
        r"\bquand (?=(?:il|elle|on|ils|elles|un|une)\b)",
        "lorsqu'",
        1.0,
        plainly=True,
        unless="depuis|jusqu['’]à",
    ),
    rule(r"\bquand (?=(?:je|tu|nous|vous|le|la|les|ce|cette|mon|ma|mes)\b)", "lorsque ", 1.0, plainly=True),
    rule(r"(?<=\w)(,?) car (?=(?:il|elle|on|ils|elles|un|une)\b)", r"\1 parce qu'", 1.0),
    rule(
        r"(?<=\w)(,?) car (?=(?:je|j['’]|tu|nous|vous|le|la|les|l['’]|ce|c['’]|cette|mon|ma|mes)\b)",
        r"\1 parce que ",
        1.0,
    ),
    rule(rf"{START}mais (?=[\w'’]+ \w)", "cependant, ", 0.98),
    rule(rf"{START}donc,? (?=[\w'’]+ \w)", "par conséquent, ", 0.98),
    rule(r"\bun peu\b(?! (?:plus|moins|trop|partout))", "un petit peu", 0.99),
    rule(r"\bil faut (?=[^\Waeiouhéê]\w+(?:er|ir|oir|re)\b)", "il est nécessaire de ", 0.98, plainly=True),
)

FRENCH = Wordbook(
    _SHORTENING,
    _LENGTHENING,
    denials=re.compile(
        r"\b(?:n['’]|ne|pas|jamais|rien|aucune?s?|ni|sans|non|personne)\b|\bn['’]", re.IGNORECASE
    ),
    harmless=re.compile(r"\bsans doute\b", re.IGNORECASE),
)
