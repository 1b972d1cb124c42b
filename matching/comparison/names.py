"""How close two names are: one level a pair, for pairs of ``std.name`` in arrays.

What counts as the same sound or shape is the lexicon's; what a level weighs is the model's.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from matching.comparison.characters import Bools, Characters, Levels
from matching.comparison.levels import NameLevel
from matching.lexicon.characters import UNKNOWN

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]
Hashes = npt.NDArray[np.uint64]


def level_names(names: pa.Table, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> Levels:
    """Level of each pair of name ids; ``names`` is ``std.name``, the pairs had better be distinct.

    For many batches over the same names make one :class:`NameTable` and ask it.
    """
    return NameTable(names).levels(left, right)


_THREADS = 2
_NARROW = 4
_WIDTH = 16  # characters compared of a name; longer names are cut
_UNITS = 8
_BLOCK = 1 << 17  # pairs at once, so that memory stays small
_ALIKE = 0.8  # of two skeletons: one consonant of five or six differs
_LANES = np.uint64(0x0001_0001_0001_0001)
_SURNAME_LANES = np.array([int(_LANES) & (1 << 16 * many) - 1 for many in range(_NARROW + 1)], np.uint64)
"""The lowest bits of the lanes of so many characters: a short name is four characters of sixteen bits."""
_PACKED_BELOW = 1 << 16


@dataclass(frozen=True, slots=True)
class _Apart:
    """In how many places names differ, whether in the surname's, and whether behind them."""

    places: Small
    in_surname: Bools
    in_given: Bools


class NameTable:
    """``std.name`` laid out in arrays, a row a name, for comparing pairs of ids."""

    def __init__(self, names: pa.Table) -> None:
        ids = names["name_id"].to_numpy()
        self._row_of = np.full(int(ids.max(initial=0)) + 1, -1, np.int64)
        self._row_of[ids] = np.arange(len(ids))
        kinds = _text(names["kind"])
        folded, skeleton = (pc.fill_null(_text(names[column]), "") for column in ("folded", "near_sound_key"))
        bare = pc.replace_substring(folded, "·", "")
        self._is_missing = _is_any_of(kinds, "blank", "placeholder")
        self._is_newborn = _is_any_of(kinds, "newborn")
        self._is_han = _is_any_of(kinds, "han")
        self._is_spelled = _is_any_of(kinds, "transliterated", "latin", "tibetan_script")
        self._has_gap = _flags(pc.match_substring(folded, UNKNOWN))
        self._lexicon = Characters()
        self._characters, self._length = self._lay_out(folded, bare, kinds)
        self._lexicon.fill(np.unique(self._characters))
        self._lay_out_narrow()
        self._any_order = _in_any_order(self._characters)
        self._folded = _codes(bare)
        self._variant = _codes(_text(names["variant_key"]))
        self._sound, self._turned = _codes_of_both(_text(names["sound_key"]), _turned(folded, bare))
        self._skeleton = skeleton.to_numpy(zero_copy_only=False)
        self._skeleton_code = _codes(_text(names["near_sound_key"]))
        self._skeleton_length = _lengths(skeleton)
        self._surname = _lengths(pc.fill_null(_text(names["surname"]), ""))
        self._surname[~self._is_han] = 0
        self._lay_out_units(names["syllables"], folded)
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
        """Short names, nearly all of them, are compared as one integer each."""
        found = np.zeros(len(left), np.int8)
        is_narrow = self._is_narrow[left] & self._is_narrow[right]
        for chosen, apart in (
            (np.flatnonzero(is_narrow), self._narrow_apart),
            (np.flatnonzero(~is_narrow), self._apart),
        ):
            if len(chosen):
                a, b = left[chosen], right[chosen]
                found[chosen] = self._levels(a, b, apart(a, b))
        return found

    def _levels(self, left: Ints, right: Ints, apart: _Apart) -> Levels:
        han = self._is_han[left] & self._is_han[right]
        longer = self._length[left] - self._length[right]
        level = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        _raise(level, self._household_levels(left, right, apart, longer == 0), han)
        # names that share less than this have nothing to explain: it spares most of the work
        near = (apart.places > 0) & (apart.places <= np.maximum(2, self._length[left] // 2))
        _at(level, near & (longer == 0), self._character_levels, left, right)
        spelled = ~han & (self._is_spelled[left] | self._is_spelled[right])
        _at(level, spelled, self._spelled_levels, left, right)
        shorter = han & (np.abs(longer) == 1) & (level == NameLevel.SAME_SURNAME)
        _at(level, shorter, self._short_han_levels, left, right)
        bare = han & (np.abs(longer) > 0) & (level == NameLevel.DIFFERENT)
        _at(level, bare, self._bare_han_levels, left, right)
        called = ((self._nickname[left] > 0) | (self._nickname[right] > 0)) & (level < NameLevel.SHORT_FORM)
        _at(level, called, self._nickname_levels, left, right)
        swapped = (self._any_order[left] == self._any_order[right]) & (self._length[left] > 1)
        level[swapped & (level < NameLevel.SWAPPED)] = NameLevel.SWAPPED
        sound, other_sound = self._sound[left], self._sound[right]
        turned, other_turned = self._turned[left], self._turned[right]
        swapped = ((sound == other_turned) & (other_turned >= 0)) | ((other_sound == turned) & (turned >= 0))
        level[swapped & (level < NameLevel.SWAPPED)] = NameLevel.SWAPPED
        level[(sound == other_sound) & (sound >= 0) & (level < NameLevel.SAME_SOUND)] = NameLevel.SAME_SOUND
        variant = self._variant[left]
        level[(variant == self._variant[right]) & (variant >= 0)] = NameLevel.VARIANT
        level[self._folded[left] == self._folded[right]] = NameLevel.EQUAL
        newborn = self._is_newborn[left] | self._is_newborn[right]
        _replace_at(level, newborn, self._newborn_levels, left, right)
        level[self._is_missing[left] | self._is_missing[right]] = NameLevel.MISSING
        return level

    def _narrow_apart(self, left: Ints, right: Ints) -> _Apart:
        """Where short names differ: the lowest bit of each lane of what their integers differ by."""
        bits = self._packed[left] ^ self._packed[right]
        for shift in (8, 4, 2, 1):
            bits |= bits >> np.uint64(shift)
        bits &= _LANES
        surname = np.minimum(self._surname[left], self._surname[right])
        in_surname = bits & _SURNAME_LANES[np.minimum(surname, _NARROW)]
        places = bits * _LANES >> np.uint64(48)
        return _Apart(places.astype(np.int8), in_surname != 0, in_surname != bits)

    def _apart(self, left: Ints, right: Ints) -> _Apart:
        """Where names of any length differ, place by place."""
        differs = self._characters[left] != self._characters[right]
        of_surname = np.arange(_WIDTH) < np.minimum(self._surname[left], self._surname[right])[:, None]
        in_surname, in_given = (differs & part for part in (of_surname, ~of_surname))
        return _Apart(differs.sum(axis=1).astype(np.int8), in_surname.any(axis=1), in_given.any(axis=1))

    # --- Han names, character by character -------------------------------------------------------------------------

    def _character_levels(self, left: Ints, right: Ints) -> Levels:
        """Levels of names of equal length a few of whose characters differ: all sound or look alike, or are unknown.

        Of a transliterated name that the lexicon doesn't know whole one character of three may stay unexplained.
        """
        level = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        length = self._length[left]
        a, b = (self._characters[side][:, : int(length.max(initial=0))] for side in (left, right))
        pair, place = np.nonzero(a != b)
        is_spelled = self._is_spelled[left] | self._is_spelled[right]
        relation = self._lexicon.relation(a[pair, place], b[pair, place], is_spelled[pair])
        worst = np.full(len(left), NameLevel.EQUAL, np.int8)
        np.minimum.at(worst, pair, relation)
        explained = worst > NameLevel.DIFFERENT
        both_known = self._is_known[left] & self._is_known[right]
        explained &= ~both_known | (worst >= NameLevel.SAME_SOUND) | (worst == NameLevel.UNKNOWN_CHARACTER)
        level[explained] = worst[explained]
        odd = np.bincount(pair[relation == NameLevel.DIFFERENT], minlength=len(left))
        level[is_spelled & ~both_known & (odd == 1) & (length >= 3)] = NameLevel.ONE_DIFFERENT
        return level

    def _household_levels(self, left: Ints, right: Ints, apart: _Apart, same_length: Bools) -> Levels:
        """Same surname, one character different, same given name: for Han names, by characters."""
        level = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        surname = np.minimum(self._surname[left], self._surname[right])
        same_surname = (self._surname[left] == self._surname[right]) & ~apart.in_surname
        same_length = same_length & (self._length[left] - surname >= 2)
        level[same_surname] = NameLevel.SAME_SURNAME
        level[same_surname & same_length & (apart.places == 1)] = NameLevel.ONE_DIFFERENT
        level[same_length & ~same_surname & ~apart.in_given] = NameLevel.SAME_GIVEN
        return level

    def _short_han_levels(self, left: Ints, right: Ints) -> Levels:
        """A character of the given name left out: 王梓涵, 王涵. One has a character more, the surname is the same."""
        swap = self._length[left] > self._length[right]
        short, long = np.where(swap, right, left), np.where(swap, left, right)
        kept = _is_subsequence(self._characters[short], self._characters[long], self._length[short])
        kept &= self._length[short] > self._surname[long]
        return np.where(kept, NameLevel.SHORT_FORM, NameLevel.DIFFERENT).astype(np.int8)

    def _bare_han_levels(self, left: Ints, right: Ints) -> Levels:
        """The given name without its surname, of two characters: 梓涵 for 王梓涵."""
        swap = self._length[left] > self._length[right]
        short, long = np.where(swap, right, left), np.where(swap, left, right)
        surname = self._surname[long]
        bare = (self._length[short] == 2) & (surname > 0) & (self._length[long] == surname + 2)
        place = np.arange(2) + surname[:, None]
        bare &= (self._characters[short, :2] == np.take_along_axis(self._characters[long], place, axis=1)).all(axis=1)
        return np.where(bare, NameLevel.SHORT_FORM, NameLevel.DIFFERENT).astype(np.int8)

    def _nickname_levels(self, left: Ints, right: Ints) -> Levels:
        """A nickname of the given name: 涵涵 or 小涵 for 王梓涵, 珍珍 for 次仁拉珍."""
        level = np.full(len(left), NameLevel.DIFFERENT, np.int8)
        for one, other in ((left, right), (right, left)):
            called = self._nickname[one]
            rest = self._characters[other] * (np.arange(_WIDTH) >= self._surname[other][:, None])
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
        same_units = (self._units_in_any_order[left] == self._units_in_any_order[right]) & (self._unit_count[left] > 1)
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

    def _lay_out(self, folded: pa.Array, bare: pa.Array, kinds: pa.Array) -> tuple[npt.NDArray[np.int32], Small]:
        """Characters of each name as code points; a syllable in letters is one character of its own."""
        codes = _code_points(pc.if_else(pa.array(_is_any_of(kinds, "han", "transliterated")), bare, ""))
        in_letters = ((codes >= ord("a")) & (codes <= ord("z"))).any(axis=1)
        rows = np.flatnonzero(in_letters | _is_any_of(kinds, "latin", "tibetan_script"))
        texts, their_kinds = (column.take(pa.array(rows)).to_pylist() for column in (folded, kinds))
        for row, text, kind in zip(rows.tolist(), texts, their_kinds, strict=True):
            parts = self._lexicon.parts(text, kind)[:_WIDTH]
            codes[row] = 0
            codes[row, : len(parts)] = parts
        self._nickname = _nicknames(codes)
        return codes, (codes != 0).sum(axis=1).astype(np.int8)

    def _lay_out_narrow(self) -> None:
        """Short names as an integer each: characters as numbers among those that occur, of sixteen bits."""
        occurs = np.zeros(int(self._characters.max(initial=0)) + 1, bool)
        occurs[self._characters] = True
        occurs[0] = True  # no character
        number = (np.cumsum(occurs) - 1).astype(np.uint64)
        narrow = [number[column] for column in self._characters.T[:_NARROW]]
        self._is_narrow = self._length <= _NARROW
        self._packed = np.zeros(len(self._length), np.uint64)
        for place, column in enumerate(narrow):
            self._is_narrow &= column < _PACKED_BELOW
            self._packed |= column << np.uint64(16 * place)

    def _lay_out_units(self, syllables: pa.ChunkedArray, folded: pa.Array) -> None:
        known: dict[str, int] = {}
        many = len(folded)
        self._units = np.zeros((many, _UNITS), np.int32)
        self._unit_count = np.zeros(many, np.int8)
        self._is_known = np.zeros(many, bool)
        own: list[str | None] = [None] * many
        father: list[str | None] = [None] * many
        rows = np.flatnonzero(self._is_spelled)
        spelled = (column.take(pa.array(rows)).to_pylist() for column in (syllables, folded))
        for row, all_units, text in zip(rows.tolist(), *spelled, strict=True):
            units = (all_units or [])[:_UNITS]
            self._units[row, : len(units)] = [known.setdefault(unit, len(known) + 1) for unit in units]
            self._unit_count[row] = len(units)
            self._is_known[row] = bool(units) and not any(unit.startswith("~") for unit in units)
            first, _, second = text.partition("·")
            own[row], father[row] = first, second or None
        self._units_in_any_order = _in_any_order(self._units)
        self._own, self._father = _codes_of_both(pa.array(own, pa.string()), pa.array(father, pa.string()))

    def _lay_out_parents(self, names: pa.Table) -> dict[int, tuple[str, str]]:
        rows = np.flatnonzero(self._is_newborn)
        taken = names.take(pa.array(rows))
        parents = [
            parent or surname or ""
            for parent, surname in zip(taken["of_parent"].to_pylist(), taken["surname"].to_pylist(), strict=True)
        ]
        given = [text or "" for text in taken["given"].to_pylist()]
        return {int(row): (parent, said) for row, parent, said in zip(rows, parents, given, strict=True)}


def _nicknames(codes: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The character X of 小X, 阿X and XX as a whole name; 0 for other names."""
    length = (codes != 0).sum(axis=1)
    called = np.isin(codes[:, 0], [ord("小"), ord("阿")]) | (codes[:, 0] == codes[:, 1])
    return np.where((length == 2) & called, codes[:, 1], 0).astype(np.int32)


def _turned(folded: pa.Array, bare: pa.Array) -> pa.Array:
    """Letters of names in Latin words with the last word first: san·zhang is zhangsan. Null for other names."""
    rows = np.flatnonzero(_flags(pc.and_(pc.match_substring(folded, "·"), pc.string_is_ascii(bare))))
    turned: list[str | None] = [None] * len(folded)
    for row, text in zip(rows.tolist(), folded.take(pa.array(rows)).to_pylist(), strict=True):
        first, _, last = text.rpartition("·")
        turned[row] = (last + first).replace("·", "")
    return pa.array(turned, pa.string())


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


def _is_subsequence(short: npt.NDArray[np.int32], long: npt.NDArray[np.int32], count: Small) -> Bools:
    """Whether the first ``count`` values of each row of ``short`` occur in that order in the row of ``long``."""
    taken = np.zeros(len(short), np.int64)
    rows = np.arange(len(short))
    last = short.shape[1] - 1
    for place in range(long.shape[1]):
        wanted = short[rows, np.minimum(taken, last)]
        taken += (taken < count) & (long[:, place] == wanted) & (wanted != 0)
    found: Bools = taken == count
    return found


def _text(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece, as text."""
    return column.cast(pa.string()).combine_chunks()


def _flags(found: pa.Array) -> Bools:
    flags: Bools = found.to_numpy(zero_copy_only=False)
    return flags


def _is_any_of(kinds: pa.Array, *wanted: str) -> Bools:
    return _flags(pc.is_in(kinds, pa.array(wanted)))


def _lengths(texts: pa.Array) -> Small:
    """How many characters each text has; what is long is long."""
    many = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
    short: Small = np.minimum(many, np.iinfo(np.int8).max).astype(np.int8)
    return short


def _code_points(texts: pa.Array) -> npt.NDArray[np.int32]:
    """The first characters of each text, a row a text, padded with 0."""
    size = pc.utf8_length(texts).to_numpy(zero_copy_only=False).astype(np.int64)
    whole = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts), "")[0].as_py()
    points = np.frombuffer(whole.encode("utf-32-le"), np.uint32)
    row = np.repeat(np.arange(len(texts)), size)
    place = np.arange(len(points)) - np.repeat(np.cumsum(size) - size, size)
    kept = place < _WIDTH
    found = np.zeros((len(texts), _WIDTH), np.int32)
    found[row[kept], place[kept]] = points[kept]
    return found


def _codes(values: pa.Array) -> npt.NDArray[np.int32]:
    """A number for each text, equal for equal texts; -1 for none."""
    found: npt.NDArray[np.int32] = values.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return found


def _codes_of_both(left: pa.Array, right: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    codes = _codes(pa.concat_arrays([left, right]))
    return codes[: len(left)], codes[len(left) :]


def _in_any_order(rows: npt.NDArray[np.int32]) -> Hashes:
    """A hash of the values of each row, equal in whatever order they stand; 0 is no value."""
    hashes = np.random.default_rng(0).integers(0, 1 << 63, int(rows.max(initial=0)) + 1, np.uint64)
    hashes[0] = 0
    found = np.zeros(len(rows), np.uint64)
    for column in rows.T:
        found += hashes[column]
    return found


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
