"""How characters sound: toneless Mandarin readings, several where a character has several, and sounds near to them.

Source: pypinyin's dictionary; surnames by ``surnames.csv``. The order of readings is pypinyin's, the usual one first.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from matching.lexicon.table import read

# Rare readings come last in the dictionary; more than these would make strangers sound alike.
_READINGS_AT_MOST = 4

_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l"}
_FINALS_AFTER_F = {"a": "ua", "an": "uan", "ei": "ui", "en": "un"}  # 方 is huan beside 黄, 飞 hui beside 辉
_INITIAL = re.compile(r"[zcs]h|[bpmfdtnlgkhjqxrzcsyw]")
_TONES = re.compile("[\u0300\u0301\u0304\u030c]")


@cache
def readings(character: str) -> tuple[str, ...]:
    """Toneless readings of a character, the usual one first; none if it isn't a Han character."""
    marked = _dictionary().get(str(ord(character)))
    if marked is None:
        return ()
    toneless = dict.fromkeys(map(_toneless, marked.split(",")))
    usual = [sound for sound in toneless if sound.isalpha()][:_READINGS_AT_MOST]
    as_surname = surname_readings().get(character)
    return tuple(dict.fromkeys([*usual, *(as_surname or ())]))


@cache
def _dictionary() -> dict[str, str]:
    """Code point, in digits, to a character's readings with tone marks, commas between.

    Read from pypinyin's file: importing the package takes ten times as long, for phrases that names aren't.
    """
    file = distribution("pypinyin").locate_file("pypinyin/pinyin_dict.json")
    found: dict[str, str] = json.loads(Path(str(file)).read_bytes())
    return found


@cache
def _toneless(marked: str) -> str:
    """A syllable without its tone mark; ü is v, as in typed pinyin."""
    bare = _TONES.sub("", unicodedata.normalize("NFD", marked))
    return unicodedata.normalize("NFC", bare).replace("ü", "v")


@cache
def sound(character: str, *, is_surname: bool = False) -> str:
    """The one reading used in keys: a surname's own where it has one, else the usual; the character if it has none."""
    if is_surname and character in surname_readings():
        return surname_readings()[character][0]
    found = readings(character)
    return found[0] if found else character


@cache
def near(syllable: str) -> str:
    """Fold a syllable so that sounds taken for one another are equal: zh/z, n/l, r/l, f/h, ang/an, ing/in, ü/u."""
    match = _INITIAL.match(syllable)
    initial = match[0] if match else ""
    final = syllable.removeprefix(initial)
    final = re.sub(r"(?<=[aei])ng$", "n", final).replace("v", "u")
    if initial == "f":
        return "h" + _FINALS_AFTER_F.get(final, final)
    return _INITIALS.get(initial, initial) + final


@cache
def surname_readings() -> dict[str, tuple[str, ...]]:
    """Readings of surnames, single and compound, by syllable."""
    rows = [row for row in read("surnames.csv") if row["reading"]]
    return {row["surname"]: tuple(row["reading"].split()) for row in rows}


@cache
def compound_surnames() -> frozenset[str]:
    """Surnames of two characters and more."""
    return frozenset(row["surname"] for row in read("surnames.csv") if row["kind"] == "compound")


@cache
def common_surnames() -> frozenset[str]:
    """Single-character surnames common enough to read a short name as a Han name."""
    return frozenset(row["surname"] for row in read("surnames.csv") if row["kind"] == "common")


@cache
def syllables() -> frozenset[str]:
    """All toneless pinyin syllables."""
    found = {sound for code in range(0x4E00, 0x9FA6) for sound in readings(chr(code))}
    return frozenset(syllable for syllable in found if re.fullmatch(r"[a-z]+", syllable)) - {
        "m",
        "n",
        "ng",
        "hm",
        "hng",
    }


@cache
def split_pinyin(word: str) -> tuple[str, ...] | None:
    """Split letters into the fewest pinyin syllables, longer ones first; None where that can't be done."""
    word = word.replace("lyu", "lv").replace("nyu", "nv")
    if not word:
        return ()
    best: tuple[str, ...] | None = None
    for length in range(min(6, len(word)), 0, -1):
        if word[:length] in syllables():
            rest = split_pinyin(word[length:])
            if rest is not None and (best is None or len(rest) + 1 < len(best)):
                best = (word[:length], *rest)
    return best
