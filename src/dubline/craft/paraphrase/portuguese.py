"""Portuguese, as Brazil speaks it, in fewer words and in more."""

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
    without_last_word,
)  # fmt: skip

_INFINITIVE = r"(?= (?:não )?\w+[aeiô]r(?:-\w+)?\b)"

_SAME: Mapping[str, str] = {
    "somente": "só", "unicamente": "só", "posteriormente": "depois", "anteriormente": "antes",
    "novamente": "de novo", "mais uma vez": "de novo", "principalmente": "sobretudo", "atualmente": "hoje",
    "nos dias de hoje": "hoje", "hoje em dia": "hoje", "por causa disso": "por isso",
    "no momento em que": "quando", "a respeito do": "sobre o", "a respeito da": "sobre a",
    "a respeito dos": "sobre os", "a respeito das": "sobre as", "a respeito de": "sobre",
    "acerca do": "sobre o", "acerca da": "sobre a", "acerca de": "sobre",
    "em cima do": "sobre o", "em cima da": "sobre a", "possuem": "têm", "possui": "tem",
}  # fmt: skip
_UTILIZAR: Mapping[str, str] = {
    f"utiliz{ending}": f"us{ending}"
    for ending in ("ar", "o", "a", "amos", "am", "ado", "ada", "ados", "adas", "ando", "ou", "aram", "ava", "avam",
                   "ará", "arão", "aria", "e", "em", "ei", "á-lo", "á-la", "á-los", "á-las")
}  # fmt: skip
_CAPAZ: Mapping[str, str] = {
    "sou capaz": "posso", "é capaz": "pode", "somos capazes": "podemos", "são capazes": "podem",
    "era capaz": "podia", "eram capazes": "podiam", "ser capaz": "poder", "será capaz": "poderá",
}  # fmt: skip
_POSSIBILIDADE: Mapping[str, str] = {
    "tenho": "posso", "tem": "pode", "temos": "podemos", "têm": "podem", "ter": "poder", "terá": "poderá",
}  # fmt: skip
_CLITICS = r"(?:(?:não|já|me|te|se|o|a|lhe|só) )*"
_EMPHASIS = ("realmente|verdadeiramente|absolutamente|totalmente|completamente|extremamente|incrivelmente|"
             "definitivamente|literalmente|basicamente|sinceramente|francamente")  # fmt: skip
_ASIDES = ("é claro|claro|na verdade|de fato|com certeza|sem dúvida|sabe|tipo|digamos|obviamente|evidentemente|"
           "naturalmente|quer dizer|de certa forma|por assim dizer|afinal de contas")  # fmt: skip
# "Muito" stands before nouns too, where it counts; only before these it merely stresses.
_STRESSED = ("bom|boa|bons|boas|bem|grandes?|pequen[oa]s?|importantes?|interessantes?|difícil|difíceis|fácil|fáceis|"
             "feliz|felizes|tristes?|legal|legais|bonit[oa]s?|rápid[oa]s?|fortes?|cedo|tarde|perto|longe|car[oa]s?|"
             "alt[oa]s?|simples|especial|especiais|diferentes?|clar[oa]s?|útil|úteis|rar[oa]s?|séri[oa]s?|ric[oa]s?|"
             "cansad[oa]s?|animad[oa]s?|empolgad[oa]s?|orgulhos[oa]s?|nov[oa]s?|antig[oa]s?|velh[oa]s?|frias?|frios?|"
             "quentes?|duras?|duros?|lent[oa]s?|lind[oa]s?|estranh[oa]s?|perigos[oa]s?|divertid[oa]s?")  # fmt: skip
_NOT_I = r"(?!(?:mesmo|sozinho|como|todo|próprio|quando|primeiro|outro|não)\b)"
_SUBJECT = rf"(?:{START}|\b(?:que|porque|e|mas|se|quando) )"

_SHORTENING: tuple[Rule, ...] = (
    *phrases(_SAME, 1.0),
    rule(r"(?<=\w)(,?) (?:devido ao|por causa do|pelo) fato de que\b", r"\1 porque", 1.0),
    rule(
        rf"\b(?:a fim|com o (?:objetivo|intuito|propósito)|com a (?:finalidade|intenção)) de{_INFINITIVE}",
        "para",
        1.0,
    ),
    rule(rf"\bna hora de{_INFINITIVE}", "ao", 1.0),
    rule(r"\bn[eo]ste momento(?=[,.;:!?]|$)", "agora", 1.0),
    rule(rf"{START}(?:no entanto|entretanto|contudo|todavia|porém), ", "mas ", 1.0),
    rule(rf"{START}(?:por conseguinte|consequentemente|como resultado), ", "por isso, ", 1.0),
    rule(rf"{START}em primeiro lugar,", "primeiro,", 1.0),
    rule(rf"\bé (?:necessário|indispensável){_INFINITIVE}", "é preciso", 1.0, plainly=True),
    rule(r"\bé possível que\b", "talvez", 1.0, plainly=True),
    rule(r"\bhá ((?:\w+ ){1,3}(?:dias|anos|semanas|meses|horas|minutos|tempo)) atrás\b", r"há \1", 1.0),
    inflected(_UTILIZAR, 1.0),
    rule(
        rf"{_SUBJECT}eu (?={_CLITICS}{_NOT_I}(?:\w+o|\w+ei|sou|vou|estou|dou|fui)\b)",
        without_last_word,
        0.99,
    ),
    rule(rf"{_SUBJECT}nós (?={_CLITICS}\w+mos\b)", without_last_word, 0.99),
    inflected(_CAPAZ, 0.98, after=" de" + _INFINITIVE),
    inflected(_POSSIBILIDADE, 0.96, after=" a (?:possibilidade|oportunidade) de" + _INFINITIVE),
    openers(
        "bem|bom|então|olha|olhe|veja|pois é|ou seja|quer dizer|enfim|tá|tá bom|ok|okay|certo|sabe|tipo|tudo bem",
        0.97,
    ),
    openers("na verdade|de fato|é claro|claro|com certeza|sem dúvida|obviamente|portanto|assim", 0.95),
    rule(rf"{START}(?:é claro|claro) que (?=\w+ \w)", "", 0.95, plainly=True),
    rule(rf"{START}a verdade é que (?=\w+ \w)", "", 0.95, plainly=True),
    bare_openers("então", 0.94),
    asides(_ASIDES, 0.95),
    rule(rf"{not_after('por de')}\bmuito (?=(?:{_STRESSED})\b)", "", 0.96, plainly=True),
    rule(
        rf"(?<=\w ){not_after('e ou nem tão mais muito')}(?:{_EMPHASIS}) (?!e\b|ou\b)(?=\w)",
        "",
        0.96,
        plainly=True,
    ),
    rule(
        rf"\bum pouco (?=mais |menos |(?:{_STRESSED}|louc[oa]s?|assustad[oa]s?|nervos[oa]s?|confus[oa]s?)\b)",
        "",
        0.92,
        plainly=True,
    ),
    rule(rf"{START}(?:eu )?(?:acho|creio|penso|suponho) que (?=\w+ \w)", "", 0.85, plainly=True),
)
_LENGTHENING: tuple[Rule, ...] = (
    rule(r"\bsó (?=\w)(?<!\btão só )(?<!\bum só )", "somente ", 1.0),
    rule(r"\bde novo\b", "mais uma vez", 1.0),
    rule(rf"{START}mas (?=\w+ \w)", "no entanto, ", 0.98),
    rule(r"\bagora(?=[.!…]|$)", "neste momento", 0.99),
    rule(rf"{START}talvez (?=\w)", "é possível que ", 0.97),
    rule(r"(?<=\w )quando (?=\w)", "no momento em que ", 0.97, plainly=True, unless="desde|até|de"),
    rule(
        rf"{START}(?=(?:não )?(?:sou|estou|tenho|acho|quero|posso|preciso|sei|fui|vou|espero)\b)", "eu ", 0.99
    ),
    rule(rf"{START}(?=(?:não )?(?:somos|estamos|temos|queremos|podemos|precisamos|sabemos)\b)", "nós ", 0.98),
)

PORTUGUESE = Wordbook(
    _SHORTENING,
    _LENGTHENING,
    denials=re.compile(
        r"\b(?:não|nunca|jamais|nada|ninguém|nenhum|nenhuma|nem|sem|tampouco)\b", re.IGNORECASE
    ),
    harmless=re.compile(r"\bsem dúvida\b", re.IGNORECASE),
)
