"""Tibetan, Uyghur and Kazakh names in Han transliterations, Latin letters and Tibetan script, as one canonical word.

``transliterations.csv`` says which spellings are one word. What it doesn't know is compared by :func:`skeleton`, the
consonants that survive most transliterations. Yi names are words of ``yi_names.csv`` in fixed places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from matching.lexicon.readings import sound, split_pinyin
from matching.lexicon.table import read


@dataclass(frozen=True, slots=True)
class Word:
    """One canonical word of a language: its units (Tibetan syllables; a Uyghur or Kazakh word is one unit).

    An ``element`` is no name by itself, only beside another word; an ``ambiguous`` spelling is as often a Han name.
    """

    language: str
    kind: str
    units: tuple[str, ...]
    han: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A text split into canonical units. ``covered`` counts the characters that the lexicon knows."""

    units: tuple[str, ...]
    covered: int
    strong: int


_LANGUAGES = ("tibetan", "turkic")

# Consonants by class. Vowels carry little: 次 cai/ci/ze/tse is one syllable, 阿 and 艾 begin many names.
_CLASSES = {
    **dict.fromkeys(("b", "p", "f"), "P"),
    **dict.fromkeys(("d", "t"), "T"),
    **dict.fromkeys(("g", "k"), "K"),
    **dict.fromkeys(("l", "r"), "L"),
    **dict.fromkeys(("j", "q", "zh", "ch"), "J"),
    **dict.fromkeys(("z", "c", "s", "sh", "x"), "S"),
    "m": "M",
    "n": "N",
    "h": "H",
    "w": "W",
    "y": "Y",
}
_SYLLABLE = re.compile(r"([zcs]h|[bpmfdtnlgkhjqxrzcsyw])?([a-z]*?)(ng|n|r)?")
_LETTERS = re.compile(r"tsh|ts|dz|ch|sh|zh|kh|gh|ng|ph|th|[a-z]")
_LETTER_CLASSES = {
    **{letter: _CLASSES[letter] for letter in "bpfdtgklrjzcsmnhwy"},
    **{"tsh": "S", "ts": "S", "dz": "S", "ch": "J", "sh": "S", "zh": "J", "kh": "H", "gh": "K", "ng": "N"},
    **{"ph": "P", "th": "T", "q": "K", "x": "H", "v": "W"},
}


@cache
def by_han() -> dict[str, dict[str, Word]]:
    """Language to Han spelling to word."""
    return _by_spelling("han")


@cache
def by_latin() -> dict[str, Word]:
    """Latin spelling, lower case without marks, to word; where words share one, the first of the table."""
    found: dict[str, Word] = {}
    for words in _by_spelling("latin").values():
        for spelling, word in words.items():
            found.setdefault(spelling, word)
    for words in by_han().values():  # officials type the pinyin of the Han spelling: zhaxi, ciren, abudou
        for spelling, word in words.items():
            if word.kind == "name":
                found.setdefault("".join(map(sound, spelling)), word)
    return found


@cache
def by_script() -> dict[str, str]:
    """Tibetan script, a syllable, to its canonical unit."""
    found: dict[str, str] = {}
    for row in read("transliterations.csv"):
        for spelling in row["script"].split():
            for syllable, unit in zip(spelling.split("་"), row["canonical"].split(), strict=False):
                found.setdefault(syllable, unit)
    return found


@cache
def han_of_unit() -> dict[str, str]:
    """A Han character for a Tibetan unit, for its sound: that of the first spelling in the table."""
    found: dict[str, str] = {}
    for row in read("transliterations.csv"):
        units, spellings = row["canonical"].split(), row["han"].split()
        if row["language"] == "tibetan" and spellings and len(spellings[0]) == len(units):
            for unit, character in zip(units, spellings[0], strict=True):
                found.setdefault(unit, character)
    return found


@cache
def spelled_by() -> dict[str, frozenset[str]]:
    """Han character to what it spells: canonical Tibetan units, or the place in a Turkic word of so many characters.

    Two characters that spell one thing stand for one another in a transliterated name: 次 and 才, 吐 and 图.
    """
    found: dict[str, set[str]] = {}
    for row in read("transliterations.csv"):
        units = row["canonical"].split()
        for spelling in row["han"].split():
            if row["language"] == "tibetan" and len(spelling) != len(units):
                continue
            things = units if row["language"] == "tibetan" else _places_of(row["canonical"], spelling)
            for character, thing in zip(spelling, things, strict=True):
                found.setdefault(character, set()).add(thing)
    return {character: frozenset(things) for character, things in found.items()}


def _places_of(word: str, spelling: str) -> list[str]:
    return [f"{word} {place} of {len(spelling)}" for place in range(len(spelling))]


def _by_spelling(column: str) -> dict[str, dict[str, Word]]:
    found: dict[str, dict[str, Word]] = {language: {} for language in _LANGUAGES}
    for row in read("transliterations.csv"):
        word = Word(row["language"], row["kind"], tuple(row["canonical"].split()), tuple(row["han"].split()))
        for spelling in row[column].split():
            found[word.language].setdefault(spelling.lower(), word)
    return found


def clan_and_person(text: str) -> Split | None:
    """A Yi name in four Han characters, 吉克木呷, if the lexicon knows its clan and its person; else None."""
    clan, person = _yi("clan").get(text[:2]), _yi("person").get(text[2:])
    return Split((clan, person), len(text), len(text)) if clan and person else None


def yi_clans() -> frozenset[str]:
    """The Han spellings of Yi clans' names."""
    return frozenset(_yi("clan"))


@cache
def _yi(part: str) -> dict[str, str]:
    return {
        spelling: row["canonical"]
        for row in read("yi_names.csv")
        if row["part"] == part
        for spelling in row["han"].split()
    }


@lru_cache(maxsize=100_000)
def split_han(text: str) -> Split:
    """Split a Han transliteration into canonical units by the language that knows most of it.

    Characters no word covers become units of their own, ``~`` and their consonants.
    """
    return max((_split(text, words) for words in by_han().values()), key=lambda split: (split.covered, split.strong))


def _split(text: str, words: Mapping[str, Word]) -> Split:
    """The segmentation that leaves fewest characters uncovered, with the fewest words."""
    best: list[tuple[int, int, tuple[str, ...], int]] = [(0, 0, (), 0)]  # uncovered, words, units, strong characters
    for end in range(1, len(text) + 1):
        uncovered, count, units, strong = best[end - 1]
        choice = (uncovered + 1, count + 1, (*units, f"~{skeleton(text[end - 1])}"), strong)
        for start in range(max(0, end - 7), end):
            word = words.get(text[start:end])
            if word is None:
                continue
            uncovered, count, units, strong = best[start]
            gained = end - start if word.kind == "name" else 0
            candidate = (uncovered, count + 1, (*units, *word.units), strong + gained)
            if candidate[:2] < choice[:2]:
                choice = candidate
        best.append(choice)
    uncovered, _, units, strong = best[-1]
    return Split(units, len(text) - uncovered, strong)


@cache
def skeleton(text: str) -> str:
    """Consonant classes of a text of Han characters or Latin letters, vowels left out but for a leading one."""
    parts = [_of_pinyin(sound(character)) if ord(character) > 0x2E7F else character for character in text]
    return "".join(parts) if not text.isascii() else _of_letters(text)


@cache
def _of_pinyin(syllable: str) -> str:
    if syllable == "er":
        return "L"
    match = _SYLLABLE.fullmatch(syllable)
    if match is None:
        return ""
    initial = _CLASSES.get(match[1] or "", "" if match[1] else "A")
    return initial + {"n": "N", "ng": "N", "r": "L"}.get(match[3] or "", "")


@cache
def _of_letters(word: str) -> str:
    split = split_pinyin(word)
    if split:
        return "".join(map(_of_pinyin, split))
    letters = _LETTERS.findall(word)
    classes = [_LETTER_CLASSES.get(letter, "") for letter in letters]
    if letters and not classes[0]:
        classes[0] = "A"
    return re.sub(r"(.)\1", r"\1", "".join(classes))
