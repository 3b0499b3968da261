"""Italian in fewer words, and in more."""

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

_INFINITIVE = r"(?= (?:non )?\w+(?:are|ere|ire|rre|ar|er|ir)(?:si|l[aoie]|ne|ci|mi|ti|vi|gli)?\b)"

_SAME: Mapping[str, str] = {
    "solamente": "solo", "soltanto": "solo", "unicamente": "solo", "successivamente": "poi",
    "precedentemente": "prima", "in precedenza": "prima", "immediatamente": "subito",
    "nuovamente": "di nuovo", "ancora una volta": "di nuovo", "principalmente": "soprattutto",
    "frequentemente": "spesso", "attualmente": "ora", "al giorno d['’]oggi": "oggi",
    "nel momento in cui": "quando", "nonostante il fatto che": "benché",
    "all['’]interno della": "nella", "all['’]interno del": "nel", "all['’]interno dello": "nello",
    "all['’]interno dei": "nei", "all['’]interno degli": "negli", "all['’]interno delle": "nelle",
    "riguardo alla": "sulla", "riguardo al": "sul", "riguardo ai": "sui", "riguardo alle": "sulle",
    "possiedono": "hanno", "possiede": "ha",
}  # fmt: skip
_UTILIZZARE: Mapping[str, str] = {
    f"utilizz{ending}": f"us{ending}"
    for ending in ("are", "o", "i", "a", "iamo", "ate", "ano", "ato", "ata", "ati", "ate", "ando", "ava", "avano",
                   "erà", "eranno", "ò", "arono", "ino", "arlo", "arla", "arli", "arle")
}  # fmt: skip
_EFFETTUARE: Mapping[str, str] = {
    "effettuare": "fare", "effettua": "fa", "effettuano": "fanno", "effettuato": "fatto", "effettuata": "fatta",
    "effettuati": "fatti", "effettuate": "fatte", "effettuando": "facendo", "effettuò": "fece",
}  # fmt: skip
_IN_GRADO: Mapping[str, str] = {
    "è": "può", "siamo": "possiamo", "siete": "potete", "era": "poteva", "erano": "potevano", "sarà": "potrà",
    "saranno": "potranno", "essere": "poter",
}  # fmt: skip
_POSSIBILITA: Mapping[str, str] = {
    "ho": "posso", "hai": "puoi", "ha": "può", "abbiamo": "possiamo", "avete": "potete", "hanno": "possono",
    "aveva": "poteva", "avrà": "potrà",
}  # fmt: skip
_CLITICS = r"(?:(?:non|già|mi|ti|si|lo|la|li|le|ci|vi|ne|gli|me|te) )*"
_EMPHASIS = ("davvero|veramente|realmente|assolutamente|totalmente|completamente|estremamente|incredibilmente|"
             "letteralmente|decisamente|sinceramente|francamente")  # fmt: skip
_ASIDES = ("ovviamente|naturalmente|certamente|in realtà|in effetti|di fatto|senza dubbio|insomma|diciamo|sai|"
           "per così dire|a dire il vero|come sai|in fondo|dopotutto")  # fmt: skip
# "Molto" stands before nouns too, where it counts; only before these it merely stresses.
_STRESSED = ("buon[oaie]?|bene|bell[oaie]|bel|grand[ei]|piccol[oaie]|important[ei]|interessant[ei]|difficil[ei]|"
             "facil[ei]|felic[ei]|trist[ei]|veloc[ei]|fort[ei]|presto|tardi|vicin[oaie]|lontan[oaie]|car[oaie]|"
             "alt[oaie]|semplic[ei]|special[ei]|divers[oaie]|chiar[oaie]|util[ei]|rar[oaie]|seri[oae]?|ricc[oa]|"
             "stanc[oa]|content[oaie]|nuov[oaie]|vecchi[oae]?|antic[oa]|fredd[oaie]|cald[oaie]|dur[oaie]|lent[oaie]|"
             "simil[ei]|stran[oaie]|pericolos[oaie]|divertent[ei]|brav[oaie]|gentil[ei]")  # fmt: skip
_SUBJECT = rf"(?:{START}|\b(?:che|perché|e|ma|se|quando) )"

_SHORTENING: tuple[Rule, ...] = (
    *phrases(_SAME, 1.0),
    rule(r"\ball['’]interno dell['’](?=\w)", "nell'", 1.0),
    rule(r"(?<=\w)(,?) (?:a causa del|per il|dato il) fatto che\b", r"\1 perché", 1.0),
    rule(
        rf"\b(?:al fine|allo scopo|con l['’](?:obiettivo|intento)|con lo scopo) di{_INFINITIVE}", "per", 1.0
    ),
    rule(r"\bin questo momento(?=[,.;:!?]|$)", "ora", 1.0),
    rule(rf"{START}(?:tuttavia|ciononostante|nondimeno), ", "ma ", 1.0),
    rule(rf"{START}(?:di conseguenza|pertanto|per questo motivo), ", "quindi ", 1.0),
    rule(rf"{START}(?:in primo luogo|innanzitutto|prima di tutto), ", "anzitutto, ", 1.0),
    rule(rf"(?<!\bche )\bè (?:necessario|indispensabile){_INFINITIVE}", "bisogna", 1.0, plainly=True),
    inflected(_UTILIZZARE, 1.0),
    inflected(_EFFETTUARE, 1.0, before=r"(?<!['’])"),
    rule(
        rf"{_SUBJECT}io (?={_CLITICS}(?!(?:stesso|solo|però|quando|primo|secondo|proprio|sono)\b)\w+[oò]\b)",
        without_last_word,
        0.99,
    ),
    rule(rf"{_SUBJECT}noi (?={_CLITICS}\w+(?:iamo|evamo|avamo|ivamo)\b)", without_last_word, 0.99),
    inflected(_IN_GRADO, 0.98, before=r"(?<!['’])", after=" (?:in grado|capac[ei]) di" + _INFINITIVE),
    inflected(
        _POSSIBILITA,
        0.96,
        before=r"(?<!['’])",
        after=" (?:la possibilità|l['’]opportunità|l['’]occasione) di" + _INFINITIVE,
    ),
    openers(
        "allora|beh|be['’]|bene|dunque|ecco|insomma|senti|senta|guarda|guardi|sai|ok|okay|va bene|vabbè|cioè|diciamo",
        0.97,
    ),
    openers("a dire il vero|di fatto|certo|senza dubbio|la verità è che", 0.95),
    bare_openers("in realtà|in effetti|ovviamente|naturalmente|certamente", 0.95),
    bare_openers("quindi", 0.94),
    asides(_ASIDES, 0.95),
    rule(rf"(?<!\bper )\bmolto (?=(?:{_STRESSED})\b)", "", 0.96, plainly=True),
    rule(
        rf"(?<=\w ){not_after('e o né così più molto')}(?:{_EMPHASIS}) (?!e\b|o\b)(?=\w)",
        "",
        0.96,
        plainly=True,
    ),
    rule(
        rf"\bun po['’] (?=(?:più|meno) (?!di\b)\w|"
        rf"(?:{_STRESSED}|foll[ei]|pazz[oaie]|spaventat[oaie]|nervos[oaie]|confus[oaie])\b)",
        "",
        0.92,
        plainly=True,
    ),
)
_LENGTHENING: tuple[Rule, ...] = (
    rule(r"\bdi nuovo\b", "ancora una volta", 1.0),
    rule(rf"{START}ma (?=[\w'’]+ \w)", "tuttavia, ", 0.98),
    rule(rf"{START}quindi,? (?=[\w'’]+ \w)", "di conseguenza, ", 0.98),
    rule(r"(?<=\w )quando (?=\w)", "nel momento in cui ", 0.97, plainly=True, unless="da|fino a|di|a"),
    rule(
        r"\bora(?=[.!…]|$)(?<!\bl'ora)(?<!\bun'ora)(?<!\bogni ora)(?<!\bper ora)",
        "in questo momento",
        0.98,
        unless="l['’]|un['’]|ogni|per|ancora|che",
    ),
    rule(rf"{START}(?=(?:non )?(?:ho|voglio|posso|penso|credo|spero|faccio|so)\b)", "io ", 0.99),
    rule(rf"{START}(?=(?:non )?(?:siamo|abbiamo|vogliamo|possiamo|dobbiamo)\b)", "noi ", 0.98),
)

ITALIAN = Wordbook(
    _SHORTENING,
    _LENGTHENING,
    denials=re.compile(
        r"\b(?:non|no|mai|niente|nulla|nessun[oa]?|né|senza|neanche|nemmeno)\b", re.IGNORECASE
    ),
    harmless=re.compile(r"\bsenza dubbio\b", re.IGNORECASE),
)
