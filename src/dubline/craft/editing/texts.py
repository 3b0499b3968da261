"""Where a text may be cut, and how two are put together."""

from __future__ import annotations

from dubline.domain.errors import UserError

WITHOUT_SPACES = frozenset({"zh", "yue", "ja", "th", "lo", "km", "my"})
"""Languages that set no space between words."""


def cut_at(text: str, character: int) -> tuple[str, str]:
    if not 0 < character < len(text):
        raise UserError(
            "split_outside",
            "A line can only be split inside its text.",
            hint=f"Characters are counted from 0; choose 1 to {max(1, len(text) - 1)}.",
        )
    return text[:character].strip(), text[character:].strip()


def cut_by_share(text: str, share: float, language: str) -> tuple[str, str]:
    """Between the words that come nearest; a word by itself stays whole."""
    anywhere = language in WITHOUT_SPACES
    borders = [at for at, character in enumerate(text) if anywhere or character.isspace()]
    at = min(borders, key=lambda border: abs(border - share * len(text)), default=len(text))
    return text[:at].strip(), text[at:].strip()


def joined(first: str, second: str, language: str) -> str:
    space = "" if language in WITHOUT_SPACES else " "
    return space.join(part for part in (first.strip(), second.strip()) if part)
