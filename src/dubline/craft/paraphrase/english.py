"""English in fewer words, and in more."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dubline.craft.paraphrase.rule import (
    START,
    Rule,
    Wordbook,
    asides,
    inflected,
    not_after,
    openers,
    phrases,
    rule,
)

_SAME: Mapping[str, str] = {
    "in order to": "to", "so as to": "to", "due to the fact that": "because", "because of the fact that": "because",
    "owing to the fact that": "because", "despite the fact that": "although", "in spite of the fact that": "although",
    "at this point in time": "now", "at this moment": "now", "at the present time": "now", "in the event that": "if",
    "with regard to": "about", "in regard to": "about", "with respect to": "about",
    "a (?:large|great) number of": "many",
    "in the near future": "soon", "on a regular basis": "regularly", "prior to": "before",
    "until such time as": "until", "the reason why": "the reason", "each and every": "every",
    "approximately": "about",
    "a little bit": "a bit", "utilize": "use", "utilizes": "uses", "utilized": "used", "utilizing": "using",
    "attempt to": "try to", "attempts to": "tries to", "attempted to": "tried to", "attempting to": "trying to",
    "am able to": "can", "is able to": "can", "are able to": "can", "has the ability to": "can",
    "have the ability to": "can", "makes use of": "uses", "make use of": "use", "made use of": "used",
    "making use of": "using",
}  # fmt: skip
_PERSON = r"(?:I|you|he|she|it|we|they)"
_HEARD_WHOLE = rf"{not_after('what how where who as than which and or')}"
_DONE = r"(?=been\b|\w+ed\b|done\b|seen\b|had\b|got\b|made\b|gone\b|never\b|always\b|just\b|already\b)"
_NOT: Mapping[str, str] = {
    "do not": "don't", "does not": "doesn't", "did not": "didn't", "is not": "isn't", "are not": "aren't",
    "was not": "wasn't", "were not": "weren't", "cannot": "can't", "could not": "couldn't", "will not": "won't",
    "would not": "wouldn't", "should not": "shouldn't", "has not": "hasn't", "have not": "haven't",
    "had not": "hadn't",
}  # fmt: skip
_EMPHASIS = ("really|absolutely|totally|completely|extremely|incredibly|literally|truly|definitely|actually|"
             "basically|honestly")  # fmt: skip
_ASIDES = ("of course|you know|I mean|in fact|actually|obviously|naturally|so to speak|as you know|to be honest|"
           "after all|as a matter of fact|you see|honestly|frankly")  # fmt: skip
_BELIEVE = "think|know|believe|hope|guess|say|said|feel|suppose|sure|glad|thought|knew"
_SUBJECT = r"(?:I|you|he|she|it|we|they|there)\b"
_TOLD = rf"(?!{_SUBJECT})(?![^.!…]*\?)"
"""What follows a negation that is told, not asked."""
_FUTURE = ("be|have|do|make|get|take|see|need|want|try|show|tell|give|find|use|start|become|change|go|come|keep|let|"
           "look|help|turn|put|add|say|know|happen|win|lose|leave|learn|write|build")  # fmt: skip


def _article(found: re.Match[str]) -> str:
    """A or an, as the word after the dropped one wants it."""
    word = found[2].lower()
    vowel = re.match(r"[aeio]|u(?!ni|s[aei]|ti)|hour|honest|honou?r", word) and not re.match(
        r"eu|one\b|once\b", word
    )
    article = "an" if vowel else "a"
    return (article.capitalize() if found[1][0].isupper() else article) + " "


_SHORTENING: tuple[Rule, ...] = (
    *phrases(_SAME, 1.0),
    rule(rf"{_HEARD_WHOLE}\bI am (?=\w)", "I'm ", 1.0),
    rule(rf"{_HEARD_WHOLE}\b(you|we|they) are (?=\w)", r"\1're ", 1.0),
    rule(rf"{_HEARD_WHOLE}\b(he|she|it|that|there|here) is (?=\w)", r"\1's ", 1.0),
    rule(rf"\b(I|you|we|they) have {_DONE}", r"\1've ", 1.0),
    rule(rf"\b({_PERSON}) will (?=\w)(?!not\b)", r"\1'll ", 1.0),
    rule(rf"\b({_PERSON}) would (?=\w)(?!not\b)", r"\1'd ", 1.0),
    inflected(_NOT, 1.0, after=r"(?= \w)"),
    rule(rf"\b({_BELIEVE}) that (?={_SUBJECT})", r"\1 ", 1.0),
    rule(rf"{START}(?:however|nevertheless|nonetheless), ", "but ", 1.0),
    rule(rf"{START}(?:therefore|consequently|as a result|for this reason), ", "so ", 1.0),
    rule(rf"{START}(?:in addition|furthermore|moreover), ", "also, ", 1.0),
    rule(rf"{START}first of all, ", "first, ", 1.0),
    rule(
        rf"\b(I|you|he|she|it|we|they)(?: am| is| are|['’]m|['’]s|['’]re) going to (?=(?:{_FUTURE})\b)",
        r"\1'll ",
        0.98,
        plainly=True,
        unless="if|when|unless|after|before|as soon as",
    ),
    rule(
        r"(?<=\w),? (?:who|which) (?:is|are|was|were) (?=\w+ed (?:by|in|on|at|to|from|with|for)\b)",
        " ",
        0.98,
        plainly=True,
        unless="it(?:['’]s| is| was)|who",
    ),
    openers("well|so|okay|ok|now|look|listen|you know|I mean|you see|right|all right|alright|anyway", 0.97),
    openers(
        "actually|basically|honestly|frankly|of course|in fact|as a matter of fact|to be honest|obviously|clearly",
        0.95,
    ),
    asides(_ASIDES, 0.95),
    rule(
        rf"\b(an?) (?:very|{_EMPHASIS}) (?!much\b|few\b|little\b|same\b)(?=(\w+))",
        _article,
        0.96,
        plainly=True,
    ),
    rule(
        rf"{not_after('the this that his its so a an')}\bvery (?!much\b|few\b|little\b|same\b)(?=\w)",
        "",
        0.96,
        plainly=True,
    ),
    rule(
        rf"(?<=\w ){not_after('and or so more very a an')}(?:{_EMPHASIS}) (?!and\b|or\b)(?=\w)",
        "",
        0.96,
        plainly=True,
    ),
    rule(
        r"(is|was|are|were|['’]s|['’]re|['’]m) (?:kind|sort) of (?!an?\b|the\b|like\b)(?=\w)",
        r"\1 ",
        0.94,
        plainly=True,
    ),
    rule(
        r"(is|was|are|were|['’]s|['’]re|['’]m) a (?:little|bit|little bit) "
        r"(?!of\b|like\b|an?\b|\w+ly\b)(?=\w+(?:y|ed|er|ing|ful|ous|al|id)\b)",
        r"\1 ",
        0.92,
        plainly=True,
    ),
    rule(
        rf"{START}I (?:think|guess|believe|suppose) (?:that )?(?={_SUBJECT}|the |this |that['’]s )",
        "",
        0.85,
        plainly=True,
    ),
)
_LENGTHENING: tuple[Rule, ...] = (
    rule(r"\bI['’]m (?=\w)", "I am ", 1.0, plainly=True),
    rule(r"\b(you|we|they)['’]re (?=\w)", r"\1 are ", 1.0, plainly=True),
    rule(rf"\b({_PERSON})['’]ll (?=\w)", r"\1 will ", 1.0, plainly=True),
    rule(
        r"\b(do|does|did|is|are|was|were|could|would|should|has|have|had)n['’]t (?=\w)" + _TOLD,
        r"\1 not ",
        1.0,
    ),
    rule(r"\bcan['’]t (?=\w)" + _TOLD, "cannot ", 1.0),
    rule(r"\bwon['’]t (?=\w)" + _TOLD, "will not ", 1.0),
    rule(rf"\bI ({_BELIEVE}) (?={_SUBJECT})", r"I \1 that ", 0.99, plainly=True),
    rule(
        r"(?<=\w )because (?!of\b)(?=\w)",
        "due to the fact that ",
        0.98,
        plainly=True,
        unless="just|it['’]s|is|was",
    ),
    rule(rf"{START}but (?=[\w'’]+ \w)", "however, ", 0.98),
    rule(rf"{START}also, ", "in addition, ", 1.0),
    rule(r"\bnow(?=[.!…]|$)", "at this moment", 0.98, unless="by|until|till|from|for|right|just"),
    rule(r"\bI can (?=\w)(?!not\b)", "I am able to ", 0.98, plainly=True),
    rule(
        rf"{not_after('how so too very as the these my')}\bmany (?=people\b|\w+s\b)",
        "a great number of ",
        0.98,
    ),
)

ENGLISH = Wordbook(
    _SHORTENING,
    _LENGTHENING,
    denials=re.compile(
        r"n['’]t\b|\b(?:not|no|never|nothing|nobody|none|nor|neither|without|cannot|hardly)\b", re.IGNORECASE
    ),
    harmless=re.compile(r"(?!)"),
)
