"""Normalisers of any column, by the names a model file gives them: from a text to what is compared, or to nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date

import jellyfish

from matching.comparison.comparison import SpecError

Normalise = Callable[[str], str]
Step = str | dict[str, int | str]

_MARKS = re.compile(r"[^\w\s]+|_+")
_SPACES = re.compile(r"\s+")
_NOT_DIGITS = re.compile(r"\D+")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_LETTERS = re.compile(r"[a-z]+")


def fold(text: str) -> str:
    """Half-width, lower-case, without accents, marks between words as one space."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    unmarked = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _SPACES.sub(" ", _MARKS.sub(" ", unicodedata.normalize("NFC", unmarked))).strip()


def digits(text: str) -> str:
    """The digits alone, half-width."""
    return _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", text))


def letters(text: str) -> str:
    """The letters alone, folded: spaces put in or left out make no difference."""
    return _NOT_LETTERS.sub("", fold(text))


def words(text: str) -> str:
    """The distinct words, sorted; what kind ``words`` compares, and a blocking key a word."""
    return " ".join(sorted(set(fold(text).split())))


def sound(text: str) -> str:
    """The Metaphone codes of words in Latin letters."""
    return " ".join(code for word in _LETTERS.findall(fold(text)) if (code := jellyfish.metaphone(word)))


def soundex(text: str) -> str:
    """The Soundex codes of words in Latin letters."""
    return " ".join(jellyfish.soundex(word) for word in _LETTERS.findall(fold(text)))


def pinyin(text: str) -> str:
    """Han characters in pinyin without tones, the rest as folded."""
    from pypinyin import lazy_pinyin  # a quarter of a second to load, which few models need

    return " ".join(lazy_pinyin(fold(text)))


def iso_date(text: str) -> str:
    """A date as ``YYYY-MM-DD``, from year, month and day in this order with or without marks; else nothing."""
    found = _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", text.split(" ")[0].split("T")[0]))
    parts = [int(part) for part in re.findall(r"\d+", text)][:3]
    if len(found) == 8:
        parts = [int(found[:4]), int(found[4:6]), int(found[6:])]
    try:
        return date(*parts).isoformat() if len(parts) == 3 else ""
    except ValueError:
        return ""


PLAIN: dict[str, Normalise] = {
    "fold": fold,
    "digits": digits,
    "letters": letters,
    "words": words,
    "sound": sound,
    "soundex": soundex,
    "pinyin": pinyin,
    "date": iso_date,
}


def _first(many: int | str) -> Normalise:
    return lambda text: text[: int(many)]


def _last(many: int | str) -> Normalise:
    return lambda text: text[-int(many) :]


def _word(place: int | str) -> Normalise:
    def one(text: str) -> str:
        found = text.split()
        return found[int(place) - 1] if len(found) >= int(place) else ""

    return one


def _without(pattern: int | str) -> Normalise:
    compiled = re.compile(str(pattern))
    return lambda text: compiled.sub("", text)


WITH_ARGUMENT: dict[str, Callable[[int | str], Normalise]] = {
    "first": _first,  # so many characters
    "last": _last,
    "word": _word,  # the word in this place, from 1
    "without": _without,  # what this regular expression finds
}


def check(column: str, steps: Sequence[Step]) -> None:
    """Raise :class:`SpecError` where a column's normalisers aren't any there are."""
    for step in steps:
        name, *rest = step if isinstance(step, dict) else (step,)
        known = WITH_ARGUMENT if isinstance(step, dict) else PLAIN
        if rest or name not in known:
            expected = f"{sorted(PLAIN)}, or one of {sorted(WITH_ARGUMENT)} with its argument"
            raise SpecError(f"columns.{column}.as: `{step}` is no normaliser; expected {expected}")


def normalise(texts: Sequence[str], steps: Sequence[Step]) -> list[str | None]:
    """Each text through every step in order; None where nothing is left."""
    chain = [_normaliser(step) for step in steps]

    def one(text: str) -> str | None:
        for step in chain:
            text = step(text)
        return text or None

    return [one(text) for text in texts]


def _normaliser(step: Step) -> Normalise:
    if isinstance(step, str):
        return PLAIN[step]
    [(name, argument)] = step.items()
    return WITH_ARGUMENT[name](argument)
