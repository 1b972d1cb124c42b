"""How close two characters are, and what stands for them in letters: the lexicon in arrays, by code point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from matching.comparison.levels import NameLevel
from matching.lexicon import readings, transliterations
from matching.lexicon.characters import UNKNOWN, look_alikes

Bools = npt.NDArray[np.bool_]
Levels = npt.NDArray[np.int8]


_READINGS = 5
_SPELLED = 10  # transliterated syllables that one character may spell
_CODE_POINTS = 0x32400  # Han characters end here; syllables in letters get codes behind


class Characters:
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

    def parts(self, folded: str, kind: str) -> list[int]:
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

        ``is_spelled``: of a transliterated name, whose characters stand for syllables. Asked once a distinct pair.
        """
        pairs, place = np.unique((left.astype(np.int64) << 32 | right) << 1 | is_spelled, return_inverse=True)
        one, other = (pairs >> 33).astype(np.int32), (pairs >> 1 & 0xFFFFFFFF).astype(np.int32)
        return self._relation(one, other, (pairs & 1).astype(bool))[place]

    def _relation(self, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32], is_spelled: Bools) -> Levels:
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
