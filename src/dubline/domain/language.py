"""Languages as BCP 47 tags, said in the words people use."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

from dubline.domain.errors import UserError

AUTO = "auto"


@cache
def language_tag(text: str) -> str:
    """A standard tag ("pt-BR", "es") for what a person wrote ("PT_br", "spanish", "spa")."""
    import langcodes

    with suppress(LookupError, ValueError):
        tag = langcodes.standardize_tag(text.replace("_", "-"))
        if langcodes.Language.get(tag).is_valid():
            return str(tag)
    with suppress(LookupError, ValueError):
        return str(langcodes.find(text).to_tag())
    raise UserError(
        "language_unknown",
        f"'{text}' is not a language we know.",
        hint="Use a tag such as en, es, pt-BR, or an English name such as spanish.",
    )


def base(tag: str) -> str:
    """The language without region or script: "pt-BR" → "pt"."""
    return tag.split("-", 1)[0].lower()


@cache
def language_name(tag: str) -> str:
    """The English name of a tag: "pt-BR" → "Portuguese (Brazil)"."""
    import langcodes

    return str(langcodes.Language.get(tag).display_name())


@cache
def alpha3(tag: str) -> str:
    """The three-letter code media containers want: "es" → "spa"."""
    import langcodes

    return str(langcodes.Language.get(tag).to_alpha3())
