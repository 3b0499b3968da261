"""Spanish in fewer words, and in more."""

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
)

_INFINITIVE = r"(?= (?:no )?\w+[aei]r(?:me|te|se|nos|os|l[aeo]s?)?\b)"

_LLEVAR_A_CABO: Mapping[str, str] = {
    "llevar": "hacer", "lleva": "hace", "llevan": "hacen", "llevó": "hizo", "llevaron": "hicieron",
    "llevado": "hecho", "llevada": "hecha", "llevados": "hechos", "llevadas": "hechas", "llevando": "haciendo",
    "llevará": "hará", "llevarán": "harán", "llevaba": "hacía", "llevaban": "hacían", "lleve": "haga",
    "lleven": "hagan", "llevara": "hiciera", "llevaran": "hicieran",
}  # fmt: skip
_UTILIZAR: Mapping[str, str] = {
    f"utiliz{ending}": f"us{ending}"
    for ending in ("ar", "o", "as", "a", "amos", "an", "ado", "ada", "ados", "adas", "ando", "ó", "aron", "aba",
                   "aban", "ará", "arán", "aría", "arla", "arlo", "arlas", "arlos")
} | {f"utilic{ending}": f"us{ending}" for ending in ("e", "es", "en", "é")}  # fmt: skip
_HACER_USO: Mapping[str, str] = {
    "hacer": "usar", "hace": "usa", "hacen": "usan", "hacemos": "usamos", "hizo": "usó", "hicieron": "usaron",
    "haciendo": "usando",
}  # fmt: skip
_CAPAZ: Mapping[str, str] = {
    "soy capaz": "puedo", "eres capaz": "puedes", "es capaz": "puede", "somos capaces": "podemos",
    "son capaces": "pueden", "fui capaz": "pude", "fue capaz": "pudo", "fueron capaces": "pudieron",
    "era capaz": "podía", "eran capaces": "podían", "ser capaz": "poder", "será capaz": "podrá",
}  # fmt: skip
_POSIBILIDAD: Mapping[str, str] = {
    "tengo": "puedo", "tienes": "puedes", "tiene": "puede", "tenemos": "podemos", "tienen": "pueden",
    "tuve": "pude", "tuvo": "pudo", "tuvieron": "pudieron", "tener": "poder", "tendrá": "podrá",
}  # fmt: skip
_GANAS: Mapping[str, str] = {
    "tengo": "quiero", "tienes": "quieres", "tiene": "quiere", "tenemos": "queremos", "tienen": "quieren",
    "tenía": "quería", "tenían": "querían",
}  # fmt: skip

_GOING: Mapping[str, str] = {"voy": "é", "vas": "ás", "va": "á", "vais": "éis", "van": "án"}
_FUTURE_STEMS: Mapping[str, str] = {
    "hacer": "har", "decir": "dir", "poder": "podr", "poner": "pondr", "querer": "querr", "saber": "sabr",
    "salir": "saldr", "tener": "tendr", "venir": "vendr", "haber": "habr", "valer": "valdr",
    "mantener": "mantendr", "obtener": "obtendr", "contener": "contendr", "detener": "detendr",
    "proponer": "propondr", "suponer": "supondr", "componer": "compondr",
}  # fmt: skip
_REGULAR = ("funcionar|ser|estar|ver|dar|llegar|pasar|encontrar|empezar|comenzar|terminar|cambiar|necesitar|mostrar|"
            "explicar|enseñar|contar|dejar|llamar|ganar|perder|morir|vivir|conseguir|seguir|volver|ayudar|usar|"
            "tomar|gustar|parecer|ocurrir|suceder|quedar|pagar|costar|crear|abrir|cerrar|recibir|entender|aprender|"
            "escribir|intentar|esperar|permitir|convertir|construir|casar|matar|durar|acabar|echar")  # fmt: skip
_WILL = rf"\b({'|'.join(_GOING)}) a ({'|'.join(_FUTURE_STEMS)}|{_REGULAR})\b(?! a\b)"


def _will(found: re.Match[str]) -> str:
    infinitive = found[2].lower()
    return _FUTURE_STEMS.get(infinitive, infinitive) + _GOING[found[1].lower()]


_PLACES: Mapping[str, str] = {"primer": "primero", "segundo": "segundo", "tercer": "tercero"}
_SAME: Mapping[str, str] = {
    "únicamente": "solo", "solamente": "solo", "posteriormente": "luego", "anteriormente": "antes",
    "inmediatamente": "enseguida", "frecuentemente": "a menudo", "nuevamente": "otra vez",
    "una vez más": "otra vez", "principalmente": "sobre todo", "mientras que": "mientras",
    "a pesar de que": "aunque", "acerca del": "sobre el", "acerca de": "sobre",
    "por lo tanto": "por tanto", "hoy en día": "hoy", "en la actualidad": "hoy",
    "en el momento en (?:el )?que": "cuando",
    "poseen": "tienen", "posee": "tiene",
}  # fmt: skip
_CLITICS = r"(?:(?:no|ya|me|te|se|lo|la|le|los|las|les|nos) )*"
_NOT_I = r"(?!(?:mismo|solo|sólo|como|todo|cuando|luego|pero|primero|tampoco|último|otro|no)\b)"
_EMPHASIS = ("realmente|verdaderamente|absolutamente|totalmente|completamente|extremadamente|sumamente|"
             "increíblemente|definitivamente|literalmente|básicamente|sinceramente|francamente")  # fmt: skip
_ASIDES = ("por supuesto|de hecho|sin duda|desde luego|claro está|en realidad|en efecto|evidentemente|obviamente|"
           "naturalmente|ya sabes|digamos|o sea|la verdad|como sabes|al fin y al cabo|por así decirlo")  # fmt: skip
_ADJECTIVE = r"(?=\w+(?:o|a|os|as|e|es|al|ales|il|iles|or|ón)\b)"

_SHORTENING: tuple[Rule, ...] = (
    *phrases(_SAME, 1.0),
    rule(r"(?<=\w)(,?) debido a que\b", r"\1 porque", 1.0),
    rule(rf"\b(?:con el (?:fin|objetivo|propósito)|a fin) de{_INFINITIVE}", "para", 1.0),
    rule(rf"\bcon la (?:finalidad|intención) de{_INFINITIVE}", "para", 1.0),
    rule(r"\b(?:con el fin|con el objetivo|a fin) de que\b", "para que", 1.0),
    rule(rf"\ba la hora de{_INFINITIVE}", "al", 1.0),
    rule(rf"{START}el hecho de que\b", "que", 1.0),
    rule(r"\ben estos? momentos?(?=[,.;:!?]|$)", "ahora", 1.0),
    rule(rf"{START}en (primer|segundo|tercer) lugar,", lambda found: _PLACES[found[1].lower()] + ",", 1.0),
    rule(rf"{START}(?:sin embargo|no obstante), ", "pero ", 1.0),
    rule(rf"{START}(?:por consiguiente|en consecuencia), ", "por tanto, ", 1.0),
    rule(rf"(?<!\bno )\bes (?:necesario|preciso|imprescindible){_INFINITIVE}", "hay que", 1.0, plainly=True),
    rule(r"(?<!\bno )\bes posible que\b", "quizá", 1.0, plainly=True),
    rule(r"\blas personas que(?= (?!también|según|sin|con|en|un|tan|bien)\w+[aeo]n\b)", "quienes", 1.0),
    inflected(_LLEVAR_A_CABO, 1.0, after=" a cabo"),
    inflected(_UTILIZAR, 1.0),
    inflected(_HACER_USO, 1.0, after=" uso de(?! la palabra)"),
    rule(
        rf"(?:{START}|\b(?:que|porque|y|pero|si|cuando) )yo (?={_CLITICS}{_NOT_I}(?:\w+o|\w*é|\w*oy)\b)",
        without_last_word,
        0.99,
    ),
    rule(
        rf"(?:{START}|\b(?:que|porque|y|pero|si|cuando) )nosotr[oa]s (?={_CLITICS}\w+mos\b)",
        without_last_word,
        0.99,
    ),
    inflected(_CAPAZ, 0.98, after=" de" + _INFINITIVE),
    # After "if" and "when" the future is wrong.
    rule(_WILL, _will, 0.98, plainly=True, unless="si|cuando|como si|nunca"),
    inflected(_POSIBILIDAD, 0.96, after=" la (?:posibilidad|oportunidad) de" + _INFINITIVE),
    bare_openers("pues", 0.97),
    openers("bueno|pues bien|bien|vale|o sea|mira|oye|a ver|verás|en fin|y bueno|es decir|como digo", 0.97),
    openers(
        "de hecho|en realidad|por supuesto|desde luego|sin duda",
        0.95,
    ),
    rule(rf"{START}(?:la verdad|lo cierto|el caso) es que (?=\w+ \w)", "", 0.95),
    rule(rf"{START}claro,? que (?=\w+ \w)", "", 0.96, plainly=True),
    openers("entonces|así pues|por (?:lo )?tanto", 0.94),
    bare_openers("así que", 0.94),
    asides(_ASIDES, 0.95),
    rule(rf"{not_after('por lo')}\bmuy (?!a\b|de\b|por\b|en\b|poc){_ADJECTIVE}", "", 0.96, plainly=True),
    rule(
        rf"(?<=\w ){not_after('y o ni tan más muy')}(?:{_EMPHASIS}) (?!y\b|o\b)(?=\w)",
        "",
        0.96,
        plainly=True,
    ),
    inflected(_GANAS, 0.94, after=" (?:muchas |muchísimas )?ganas de" + _INFINITIVE),
    rule(
        rf"\bun poco (?!de\b|que\b|y\b|antes|después|a\b|por\b|para\b|en\b|con\b|como\b){_ADJECTIVE}",
        "",
        0.92,
        plainly=True,
    ),
    rule(rf"{START}(?:creo|pienso|supongo|me parece) que (?=\w+ \w)", "", 0.85, plainly=True),
)
_LENGTHENING: tuple[Rule, ...] = (
    rule(r"(?<=\w )porque\b(?! no\?)", "debido a que", 0.99, plainly=True),
    rule(r"\baunque\b", "a pesar de que", 0.98),
    rule(rf"{START}pero (?=\w+ \w)", "sin embargo, ", 0.98),
    rule(rf"{START}ahora (?!mismo|que|bien|sí|no)(?=\w)", "en este momento ", 0.99),
    rule(r"\bahora(?=[.!…]|$)", "en este momento", 0.99),
    rule(rf"{START}quizás? (?=\w)", "es posible que ", 0.97),
    rule(
        rf"{START}(?=(?:no )?(?:soy|estoy|tengo|creo|quiero|puedo|pienso|espero|necesito|sé|fui)\b)(?! que)",
        "yo ",
        0.99,
    ),
    rule(
        rf"{START}(?=(?:no )?(?:somos|estamos|tenemos|queremos|podemos|necesitamos|sabemos)\b)",
        "nosotros ",
        0.98,
    ),
)

SPANISH = Wordbook(
    _SHORTENING,
    _LENGTHENING,
    denials=re.compile(
        r"\b(?:no|nunca|jamás|nada|nadie|ningun[oa]s?|ningún|ni|sin|tampoco|apenas)\b", re.IGNORECASE
    ),
    harmless=re.compile(r"\b(?:sin (?:embargo|duda)|no obstante)\b", re.IGNORECASE),
)
