"""How close two names are: one level a pair, for pairs of ``std.name`` in arrays.

What counts as the same sound or shape is the lexicon's; what a level weighs is the model's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import IntEnum
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from matching.lexicon import readings, transliterations
from matching.lexicon.characters import UNKNOWN, look_alikes

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Levels = npt.NDArray[np.int8]


class NameLevel(IntEnum):
    """Levels of two names, from nothing known to equal, ordered by closeness.

    A level that says *every* differing character holds for the worst of them: one look-alike and one homophone is
    LOOK_ALIKE. DIFFERENT also holds for names of the same surname whose given names have nothing to do with each
    other only where there is no surname to share.
    """

    MISSING = 0  # one of them blank or a placeholder
    DIFFERENT = 1
    SAME_SURNAME = 2  # and no more; for dotted names the same father's name
    ONE_DIFFERENT = 3  # one character of three or more: 王梓涵, 王梓萱
    SAME_GIVEN = 4  # under another surname or father's name
    NEWBORN = 5  # one is 王芳之子: whether the mother is the same is for the caller to say
    UNKNOWN_CHARACTER = 6  # they agree wherever both are known
    SHORT_FORM = 7  # two of four syllables, without the father's name, cut off, a nickname of the given name
    SWAPPED = 8  # the same characters or words in another order
    LOOK_ALIKE = 9  # every differing character looks alike
    NEAR_SOUND = 10  # every differing character sounds near (zh/z, n/l, ang/an); or spells one transliterated syllable
    SAME_SOUND = 11  # every differing character has a reading in common
    VARIANT = 12  # spellings of one name: transliterations, scripts, variant characters
    EQUAL = 13


def level_names(names: pa.Table, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> Levels:
    """Level of each pair of name ids; ``names`` is ``std.name``, the pairs had better be distinct.

    For many batches over the same names make one :class:`NameTable` and ask it.
    """
    return NameTable(names).levels(left, right)


_THREADS = 2
_NARROW = 4
_WIDTH = 16  # characters compared of a name; longer names are cut
_UNITS = 8
_READINGS = 5
_SPELLED = 10  # transliterated syllables that one character may spell
_CODE_POINTS = 0x32400  # Han characters end here; syllables in letters get codes behind
_BLOCK = 1 << 17  # pairs at once, so that memory stays small
_ALIKE = 0.8  # of two skeletons: one consonant of five or six differs


class NameTable:
    """``std.name`` laid out in arrays, a row a name, for comparing pairs of ids."""

    def __init__(self, names: pa.Table) -> None:
        ids = names["name_id"].to_numpy()
        self._row_of = np.full(int(ids.max(initial=0)) + 1, -1, np.int64)
        self._row_of[ids] = np.arange(len(ids))
        kinds = np.array(names["kind"].to_pylist(), dtype=object)
        folded: list[str] = [text or "" for text in names["folded"].to_pylist()]
        syllables: list[list[str]] = [units or [] for units in names["syllables"].to_pylist()]
        self._is_missing = np.isin(kinds, ["blank", "placeholder"])
        self._is_newborn = kinds == "newborn"
        self._is_han = kinds == "han"
        self._is_spelled = np.isin(kinds, ["transliterated", "latin", "tibetan_script"])
        self._has_gap = np.array([UNKNOWN in text for text in folded], dtype=bool)
        self._lexicon = _Characters()
        self._characters, self._length = self._lay_out(folded, kinds, syllables)
        self._narrow = np.ascontiguousarray(self._characters[:, :_NARROW])
        self._lexicon.fill(np.unique(self._characters))
        self._sorted_characters = _row_codes(np.sort(self._characters, axis=1))
        bare = [text.replace("·", "") for text in folded]
        self._folded = _codes(bare)
        self._variant = _codes(names["variant_key"].to_pylist())
        sounds = names["sound_key"].to_pylist()
        self._sound, self._turned = _codes_of_both(sounds, [_turned(text) for text in folded])
        self._skeleton = np.array([text or "" for text in names["near_sound_key"].to_pylist()], dtype=object)
        self._skeleton_code = _codes(self._skeleton.tolist())
        self._surname = np.array([len(text or "") for text in names["surname"].to_pylist()], np.int64)
        self._surname[~self._is_han] = 0
        self._lay_out_units(syllables, folded)
        self._parents = self._lay_out_parents(names)

    def levels(self, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> Levels:
        """Level of each pair of name ids."""
        found = np.zeros(len(left), np.int8)
        blocks = [slice(start, start + _BLOCK) for start in range(0, len(left), _BLOCK)]

        def compare(block: slice) -> None:
            found[block] = self._block_levels(self._row_of[left[block]], self._row_of[right[block]])

        with ThreadPoolExecutor(_THREADS) as threads:
            list(threads.map(compare, blocks))
        return found

    def has_gap(self, ids: npt.NDArray[Any]) -> Bools:
        """Which of the names hold a place whose character couldn't be written; no name (-1) holds none."""
        found: Bools = self._has_gap[self._row_of[ids]] & (ids >= 0)
        return found

    def is_missing(self, ids: npt.NDArray[Any]) -> Bools:
        """Which of the names are none, blank or a placeholder."""
        found: Bools = self._is_missing[self._row_of[ids]]
        return found

    def _block_levels(self, left: Ints, right: Ints) -> Levels:
        """Short names, nearly all of them, are compared in narrow arrays."""
        found = np.zeros(len(left), np.int8)
        is_short = np.maximum(self._length[left], self._length[right]) <= _NARROW
        for chosen, width in ((np.flatnonzero(is_short), _NARROW), (np.flatnonzero(~is_short), _WIDTH)):
            if len(chosen):
                found[chosen] = self._levels(left[chosen], right[chosen], width)
        return found

    def _levels(self, left: Ints, right: Ints, width: int) -> Levels:
        texts = self._narrow if width == _NARROW else self._characters
        level = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        han = self._is_han[left] & self._is_han[right]
        _raise(level, self._household_levels(left, right, texts), han)
        _raise(level, self._character_levels(left, right, texts), np.ones(len(left), bool))
        spelled = ~han & (self._is_spelled[left] | self._is_spelled[right])
        _at(level, spelled, self._spelled_levels, left, right)
        _at(level, han & (level < NameLevel.SHORT_FORM), partial(self._short_han_levels, texts=texts), left, right)
        called = ((self._nickname[left] > 0) | (self._nickname[right] > 0)) & (level < NameLevel.SHORT_FORM)
        _at(level, called, partial(self._nickname_levels, texts=texts), left, right)
        swapped = (self._sorted_characters[left] == self._sorted_characters[right]) & (self._length[left] > 1)
        level[swapped & (level < NameLevel.SWAPPED)] = NameLevel.SWAPPED
        swapped = (self._sound[left] == self._turned[right]) & (self._turned[right] >= 0)
        swapped |= (self._sound[right] == self._turned[left]) & (self._turned[left] >= 0)
        level[swapped & (level < NameLevel.SWAPPED)] = NameLevel.SWAPPED
        same_sound = (self._sound[left] == self._sound[right]) & (self._sound[left] >= 0)
        level[same_sound & (level < NameLevel.SAME_SOUND)] = NameLevel.SAME_SOUND
        level[(self._variant[left] == self._variant[right]) & (self._variant[left] >= 0)] = NameLevel.VARIANT
        level[self._folded[left] == self._folded[right]] = NameLevel.EQUAL
        newborn = self._is_newborn[left] | self._is_newborn[right]
        _replace_at(level, newborn, self._newborn_levels, left, right)
        level[self._is_missing[left] | self._is_missing[right]] = NameLevel.MISSING
        return level

    # --- Han names, character by character -------------------------------------------------------------------------

    def _character_levels(self, left: Ints, right: Ints, texts: npt.NDArray[np.int32]) -> Levels:
        """Levels of names of equal length whose differing characters all sound or look alike, or are unknown.

        Of a transliterated name that the lexicon doesn't know whole one character of three may stay unexplained.
        """
        level = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        equal_length = np.flatnonzero((self._length[left] == self._length[right]) & (self._length[left] > 0))
        a, b = texts[left[equal_length]], texts[right[equal_length]]
        differs = a != b
        how_many = differs.sum(axis=1)
        # names that share less than this have nothing to explain: it spares most of the work
        near = (how_many > 0) & (how_many <= np.maximum(2, self._length[left[equal_length]] // 2))
        pair, place = np.nonzero(differs & near[:, None])
        one, other = left[equal_length], right[equal_length]
        is_spelled = self._is_spelled[one] | self._is_spelled[other]
        relation = self._lexicon.relation(a[pair, place], b[pair, place], is_spelled[pair])
        worst = np.full(len(equal_length), NameLevel.EQUAL, np.int8)
        np.minimum.at(worst, pair, relation)
        explained = near & (worst > NameLevel.DIFFERENT)
        both_known = self._is_known[one] & self._is_known[other]
        explained &= ~both_known | (worst >= NameLevel.SAME_SOUND) | (worst == NameLevel.UNKNOWN_CHARACTER)
        level[equal_length[explained]] = worst[explained]
        odd = np.bincount(pair[relation == NameLevel.DIFFERENT], minlength=len(equal_length))
        one_odd = near & is_spelled & ~both_known & (odd == 1) & (self._length[one] >= 3)
        level[equal_length[one_odd]] = NameLevel.ONE_DIFFERENT
        return level

    def _household_levels(self, left: Ints, right: Ints, texts: npt.NDArray[np.int32]) -> Levels:
        """Same surname, one character different, same given name: for Han names, by characters."""
        level = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        a, b = texts[left], texts[right]
        same_length = self._length[left] == self._length[right]
        surname = np.minimum(self._surname[left], self._surname[right])
        places = np.arange(texts.shape[1])
        differs = a != b
        in_surname = places < surname[:, None]
        same_surname = (self._surname[left] == self._surname[right]) & ~(differs & in_surname).any(axis=1)
        how_many = differs.sum(axis=1)
        level[same_surname] = NameLevel.SAME_SURNAME
        level[same_surname & same_length & (how_many == 1) & (self._length[left] - surname >= 2)] = (
            NameLevel.ONE_DIFFERENT
        )
        same_given = ~same_surname & same_length & ~(differs & ~in_surname).any(axis=1)
        level[same_given & (self._length[left] - surname >= 2)] = NameLevel.SAME_GIVEN
        return level

    def _short_han_levels(self, left: Ints, right: Ints, texts: npt.NDArray[np.int32]) -> Levels:
        """A character of the given name left out: 王梓涵, 王涵."""
        level = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        swap = self._length[left] > self._length[right]
        short, long = np.where(swap, right, left), np.where(swap, left, right)
        a, b = texts[short], texts[long]
        surname = self._surname[long]
        same_surname = (self._surname[short] == surname) & ~(
            (a != b) & (np.arange(texts.shape[1]) < surname[:, None])
        ).any(axis=1)
        one_less = (self._length[long] - self._length[short] == 1) & (self._length[short] > surname)
        kept = _is_subsequence(a, b, self._length[short])
        level[same_surname & one_less & kept] = NameLevel.SHORT_FORM
        return level

    def _nickname_levels(self, left: Ints, right: Ints, texts: npt.NDArray[np.int32]) -> Levels:
        """A nickname of the given name: 涵涵 or 小涵 for 王梓涵, 珍珍 for 次仁拉珍."""
        level = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        for one, other in ((left, right), (right, left)):
            called = self._nickname[one]
            rest = texts[other] * (np.arange(texts.shape[1]) >= self._surname[other][:, None])
            level[(called > 0) & (rest == called[:, None]).any(axis=1)] = NameLevel.SHORT_FORM
        return level

    # --- transliterated names, unit by unit ------------------------------------------------------------------------

    def _spelled_levels(self, left: Ints, right: Ints) -> Levels:
        level = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        both_known = self._is_known[left] & self._is_known[right]
        a, b = self._units[left], self._units[right]
        long_enough = np.minimum(self._unit_count[left], self._unit_count[right]) >= 2
        one_off = (self._unit_count[left] == self._unit_count[right]) & ((a != b).sum(axis=1) == 1)
        level[one_off & (self._unit_count[left] >= 3)] = NameLevel.ONE_DIFFERENT
        dotted = (self._father[left] >= 0) & (self._father[right] >= 0)
        level[dotted & (self._father[left] == self._father[right])] = NameLevel.SAME_SURNAME
        level[dotted & (self._own[left] == self._own[right])] = NameLevel.SAME_GIVEN
        _at(level, ~both_known & long_enough, self._skeleton_levels, left, right)
        level[self._is_short_form(left, right, dotted)] = NameLevel.SHORT_FORM
        same_units = (self._sorted_units[left] == self._sorted_units[right]) & (self._unit_count[left] > 1)
        level[same_units] = np.maximum(level[same_units], NameLevel.SWAPPED)
        return level

    def _is_short_form(self, left: Ints, right: Ints, dotted: Bools) -> Bools:
        """One has part of the other's units in their order (two syllables of four), or its text is cut off.

        Where the lexicon doesn't know both: also a character left out of four or more.
        """
        swap = self._unit_count[left] > self._unit_count[right]
        short, long = np.where(swap, right, left), np.where(swap, left, right)
        count, of = self._unit_count[short], self._unit_count[long]
        part = _is_subsequence(self._units[short], self._units[long], count) & (count < of) & (count > 0)
        part &= (count >= 2) | (self._father[long] >= 0)
        # without the father's name only: the father's name alone is the father's
        part &= ~((self._father[long] >= 0) & (self._father[short] < 0) & (self._own[short] == self._father[long]))
        swap = self._length[left] > self._length[right]
        short, long = np.where(swap, right, left), np.where(swap, left, right)
        place = np.arange(_WIDTH) < self._length[short][:, None]
        cut = ~((self._characters[short] != self._characters[long]) & place).any(axis=1)
        cut &= (self._length[short] >= 3) & (self._length[short] < self._length[long])
        # 旦增曲珍 is called 旦曲: the first syllable of each of two words
        a, b = self._characters[short], self._characters[long]
        called = (self._length[short] == 2) & (self._length[long] == 4) & (a[:, 0] == b[:, 0]) & (a[:, 1] == b[:, 2])
        cut |= called & (self._unit_count[long] == 4)
        one_less = (self._length[long] - self._length[short] == 1) & (self._length[short] >= 3)
        one_less &= ~(self._is_known[left] & self._is_known[right])
        cut |= one_less & _is_subsequence(a, b, self._length[short])
        siblings = dotted & (self._father[left] == self._father[right]) & (self._own[left] != self._own[right])
        found: Bools = (part | cut) & ~siblings
        return found

    def _skeleton_levels(self, left: Ints, right: Ints) -> Levels:
        """Spellings the lexicon doesn't know, by their consonants."""
        level = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        same = (self._skeleton_code[left] == self._skeleton_code[right]) & (self._skeleton_code[left] >= 0)
        a, b = self._skeleton[left], self._skeleton[right]
        if len(left):
            alike = process.cpdist(a, b, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
            long = np.minimum(self._skeleton_length[left], self._skeleton_length[right]) >= 5
            level[(alike >= _ALIKE) & long] = NameLevel.NEAR_SOUND
        level[same & (self._skeleton_length[left] >= 3)] = NameLevel.NEAR_SOUND
        level[same & (self._skeleton_length[left] >= 5)] = NameLevel.VARIANT
        return level

    # --- newborns -----------------------------------------------------------------------------------------------------

    def _newborn_levels(self, left: Ints, right: Ints) -> Levels:
        """NEWBORN where one has no name yet; two newborns by their parents' names and what is said of sex and rank."""
        level = np.full(len(left), NameLevel.NEWBORN, np.int8)
        both = np.flatnonzero(self._is_newborn[left] & self._is_newborn[right])
        for index in both:
            level[index] = _newborns(self._parents[int(left[index])], self._parents[int(right[index])])
        return level

    # --- laying out ---------------------------------------------------------------------------------------------------

    def _lay_out(
        self, folded: Sequence[str], kinds: npt.NDArray[Any], syllables: Sequence[Sequence[str]]
    ) -> tuple[npt.NDArray[np.int32], Ints]:
        """Characters of each name as code points; a syllable in letters is one character of its own."""
        texts = [
            text.replace("·", "") if kind in {"han", "transliterated"} else ""
            for text, kind in zip(folded, kinds, strict=True)
        ]
        array = np.array(texts, dtype=f"U{_WIDTH}")
        codes = np.ascontiguousarray(array).view(np.uint32).reshape(len(texts), _WIDTH).astype(np.int32)
        has_letters = ((codes >= ord("a")) & (codes <= ord("z"))).any(axis=1)
        for row in map(int, np.flatnonzero(has_letters | (kinds == "latin") | (kinds == "tibetan_script"))):
            parts = self._lexicon.parts(folded[row], str(kinds[row]), syllables[row])[:_WIDTH]
            codes[row] = 0
            codes[row, : len(parts)] = parts
        self._nickname = _nicknames(codes)
        return codes, (codes != 0).sum(axis=1).astype(np.int64)

    def _lay_out_units(self, syllables: Sequence[Sequence[str]], folded: Sequence[str]) -> None:
        known: dict[str, int] = {}
        self._units = np.zeros((len(folded), _UNITS), np.int32)
        self._unit_count = np.zeros(len(folded), np.int64)
        self._is_known = np.zeros(len(folded), bool)
        own: list[str | None] = [None] * len(folded)
        father: list[str | None] = [None] * len(folded)
        for row in map(int, np.flatnonzero(self._is_spelled)):
            units = list(syllables[row])[:_UNITS]
            self._units[row, : len(units)] = [known.setdefault(unit, len(known) + 1) for unit in units]
            self._unit_count[row] = len(units)
            self._is_known[row] = bool(units) and not any(unit.startswith("~") for unit in units)
            first, _, second = folded[row].partition("·")
            own[row], father[row] = first, second or None
        self._sorted_units = _row_codes(np.sort(self._units, axis=1))
        self._own, self._father = _codes_of_both(own, father)
        self._skeleton_length = np.array([len(text) for text in self._skeleton], np.int64)

    def _lay_out_parents(self, names: pa.Table) -> dict[int, tuple[str, str]]:
        rows = np.flatnonzero(self._is_newborn)
        taken = names.take(pa.array(rows))
        parents = [
            parent or surname or ""
            for parent, surname in zip(taken["of_parent"].to_pylist(), taken["surname"].to_pylist(), strict=True)
        ]
        given = [text or "" for text in taken["given"].to_pylist()]
        return {int(row): (parent, said) for row, parent, said in zip(rows, parents, given, strict=True)}


class _Characters:
    """What the lexicon knows of characters, by code point."""

    def __init__(self) -> None:
        self._letters: dict[str, int] = {}
        self._sounds: dict[str, int] = {}
        self._readings = np.zeros((_CODE_POINTS + 2000, _READINGS), np.int16)
        self._near = np.zeros_like(self._readings)
        self._is_filled = np.zeros(_CODE_POINTS + 2000, bool)
        pairs = [ord(a) * _CODE_POINTS + ord(b) for a, b in look_alikes()]
        self._look_alikes = np.array(sorted(pairs), np.int64)
        self._spelled = np.zeros((_CODE_POINTS + 2000, _SPELLED), np.int16)
        things: dict[str, int] = {}
        for character, spelled in transliterations.spelled_by().items():
            for place, thing in enumerate(sorted(spelled)[:_SPELLED]):
                self._spelled[ord(character), place] = things.setdefault(thing, len(things) + 1)

    def parts(self, folded: str, kind: str, syllables: Sequence[str]) -> list[int]:
        """Code points of a name with letters in it: a Han character is itself, a syllable in letters gets a code."""
        if kind == "tibetan_script":
            return []
        if kind == "latin":
            split = [readings.split_pinyin(word) for word in folded.split("·")]
            sounds = [sound for word in split for sound in word or ()] if all(split) else []
            return [self._code(sound) for sound in sounds]
        found: list[int] = []
        letters = ""
        for character in folded.replace("·", "") + "\0":
            if "a" <= character <= "z":
                letters += character
                continue
            if letters:
                found += [self._code(sound) for sound in readings.split_pinyin(letters) or (letters,)]
            letters = ""
            found.append(ord(character))
        return found[:-1]

    def relation(self, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32], is_spelled: Bools) -> Levels:
        """Level of each pair of differing characters: the closest way in which one can stand for the other.

        ``is_spelled``: of a transliterated name, whose characters stand for syllables.
        """
        found = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        pairs = left.astype(np.int64) * _CODE_POINTS + right
        place = np.searchsorted(self._look_alikes, pairs)
        place[place == len(self._look_alikes)] = 0
        if len(self._look_alikes):
            found[self._look_alikes[place] == pairs] = NameLevel.LOOK_ALIKE
        found[_meet(self._near[left], self._near[right])] = NameLevel.NEAR_SOUND
        few = np.flatnonzero(is_spelled & (found < NameLevel.NEAR_SOUND))
        found[few[_meet(self._spelled[left[few]], self._spelled[right[few]])]] = NameLevel.NEAR_SOUND
        found[_meet(self._readings[left], self._readings[right])] = NameLevel.SAME_SOUND
        found[(left == ord(UNKNOWN)) | (right == ord(UNKNOWN))] = NameLevel.UNKNOWN_CHARACTER
        return found

    def _code(self, letters: str) -> int:
        if letters not in self._letters and len(self._letters) < 1990:
            code = _CODE_POINTS + 1 + len(self._letters)
            self._letters[letters] = code
            self._set(code, (letters,))
        return self._letters.get(letters, _CODE_POINTS)

    def fill(self, codes: npt.NDArray[np.int32]) -> None:
        """Look up the readings of all characters that will be compared."""
        for code in codes[~self._is_filled[codes]]:
            self._set(int(code), readings.readings(chr(code)) if code < _CODE_POINTS else ())

    def _set(self, code: int, sounds: Sequence[str]) -> None:
        self._is_filled[code] = True
        for place, sound in enumerate(sounds[:_READINGS]):
            self._readings[code, place] = self._sounds.setdefault(sound, len(self._sounds) + 1)
            near = readings.near(sound)
            self._near[code, place] = self._sounds.setdefault(near, len(self._sounds) + 1)


def _meet(left: npt.NDArray[np.int16], right: npt.NDArray[np.int16]) -> Bools:
    """Whether two rows of codes, filled up with zeros, have one in common."""
    found = np.zeros(len(left), bool)
    for place in range(left.shape[1]):
        sound = left[:, place]
        if not sound.any():
            break
        found |= ((right == sound[:, None]) & (sound[:, None] > 0)).any(axis=1)
    return found


def _nicknames(codes: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The character X of 小X, 阿X and XX as a whole name; 0 for other names."""
    length = (codes != 0).sum(axis=1)
    called = np.isin(codes[:, 0], [ord("小"), ord("阿")]) | (codes[:, 0] == codes[:, 1])
    return np.where((length == 2) & called, codes[:, 1], 0).astype(np.int32)


def _turned(folded: str) -> str | None:
    """Letters of a name in Latin words with the last word first: san·zhang is zhangsan."""
    if "·" not in folded or not folded.replace("·", "").isascii():
        return None
    first, _, last = folded.rpartition("·")
    return (last + first).replace("·", "")


def _newborns(left: tuple[str, str], right: tuple[str, str]) -> NameLevel:
    (left_parent, left_said), (right_parent, right_said) = left, right
    if left_parent != right_parent and left_parent[:1] != right_parent and right_parent[:1] != left_parent:
        return NameLevel.DIFFERENT
    if left_said == right_said:
        return NameLevel.VARIANT
    sexes = {said[:1] for said in (left_said, right_said)}
    ranks = {said.lstrip("子女") for said in (left_said, right_said)}
    if sexes >= {"子", "女"} or (len(ranks) == 2 and "" not in ranks):
        return NameLevel.ONE_DIFFERENT
    return NameLevel.SHORT_FORM


def _is_subsequence(short: npt.NDArray[np.int32], long: npt.NDArray[np.int32], count: Ints) -> Bools:
    """Whether the first ``count`` values of each row of ``short`` occur in that order in the row of ``long``."""
    taken = np.zeros(len(short), np.int64)
    rows = np.arange(len(short))
    last = short.shape[1] - 1
    for place in range(long.shape[1]):
        wanted = short[rows, np.minimum(taken, last)]
        taken += (taken < count) & (long[:, place] == wanted) & (wanted != 0)
    found: Bools = taken == count
    return found


def _codes(values: Sequence[str | None]) -> Ints:
    """A number for each text, equal for equal texts; -1 for none."""
    encoded = pa.array(values, pa.string()).dictionary_encode()
    found: Ints = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _codes_of_both(left: Sequence[str | None], right: Sequence[str | None]) -> tuple[Ints, Ints]:
    codes = _codes([*left, *right])
    return codes[: len(left)], codes[len(left) :]


def _row_codes(rows: npt.NDArray[np.int32]) -> Ints:
    """A number for each row of a matrix, equal for equal rows."""
    as_bytes = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    _, codes = np.unique(as_bytes, return_inverse=True)
    return codes.astype(np.int64)


def _raise(level: Levels, found: Levels, where: Bools) -> None:
    higher = where & (found > level)
    level[higher] = found[higher]


def _at(level: Levels, where: Bools, compare: Callable[[Ints, Ints], Levels], left: Ints, right: Ints) -> None:
    """Compare only the pairs of ``where`` and keep what is closer."""
    chosen = np.flatnonzero(where)
    level[chosen] = np.maximum(level[chosen], compare(left[chosen], right[chosen]))


def _replace_at(level: Levels, where: Bools, compare: Callable[[Ints, Ints], Levels], left: Ints, right: Ints) -> None:
    chosen = np.flatnonzero(where)
    if len(chosen):
        level[chosen] = np.maximum(
            compare(left[chosen], right[chosen]), np.where(level[chosen] == NameLevel.EQUAL, level[chosen], 0)
        )
