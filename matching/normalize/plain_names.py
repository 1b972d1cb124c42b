"""Plain Han names, two to four characters and nothing else in the cell: nearly all names, so described all at once.

``matching.normalize.names`` describes every other text one by one, and these too, to the same result, but slower.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.lexicon import readings, transliterations
from matching.lexicon.characters import variants

_LONGEST = 4
_HAN = [(0x2E80, 0x2FDF), (0x3005, 0x3005), (0x3007, 0x3007), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF)]
_CODE_BITS = 21

Codes = npt.NDArray[np.int64]


def find(folded: Sequence[str], telling: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Say of each folded text whether it is surely a plain Han name.

    It isn't where a character is ``telling`` (of a newborn's name, of a placeholder), where a word of the lexicon of
    transliterations begins or ends it, or where its surname is compound.
    """
    codes, lengths = _lay_out(folded)
    is_filled = np.arange(_LONGEST) < lengths[:, None]
    found: npt.NDArray[np.bool_] = (
        (lengths >= 2) & (lengths <= _LONGEST) & (_is_plain(telling)[codes] == is_filled).all(axis=1)
    )
    rows = np.flatnonzero(found)
    found[rows] = ~(_is_compound(codes[rows], lengths[rows]) | _may_be_transliterated(codes[rows], lengths[rows]))
    return found


def describe(folded: Sequence[str]) -> dict[str, pa.Array]:
    """Surname, given name and keys of texts that :func:`find` has found, by column of ``std.name``."""
    codes, lengths = _lay_out(folded)
    used, positions = np.unique(codes, return_inverse=True)
    positions = positions.reshape(codes.shape)
    characters = ["" if code == 0 else chr(code) for code in used.tolist()]
    first = _values(characters, lambda character: readings.sound(character, is_surname=True))
    other = _values(characters, readings.sound)
    known = variants()
    variant = _values(characters, lambda character: known.get(character, character))
    itself = _values(characters, str)
    return {
        "folded": _joined(itself, itself, positions),
        "surname": itself.take(pa.array(positions[:, 0])),
        "given": _joined(None, itself, positions),
        "syllables": _syllables(first, other, positions, lengths),
        "sound_key": _joined(first, other, positions),
        "near_sound_key": _joined(_near(first), _near(other), positions),
        "variant_key": _joined(variant, variant, positions),
    }


def _lay_out(texts: Sequence[str]) -> tuple[Codes, Codes]:
    """Code points of each text, zero behind its end, and its length; of longer texts the first characters."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = np.array(texts, dtype=f"<U{_LONGEST}").view(np.uint32).reshape(len(texts), _LONGEST)
    return codes.astype(np.int64), lengths


def _is_plain(telling: Iterable[str]) -> npt.NDArray[np.bool_]:
    """By code point: a Han character that tells nothing else."""
    plain = np.zeros(0x110000, np.bool_)
    for start, end in _HAN:
        plain[start : end + 1] = True
    plain[[ord(character) for character in telling]] = False
    return plain


def _is_compound(codes: Codes, lengths: Codes) -> npt.NDArray[np.bool_]:
    return (lengths > 2) & np.isin(_pieces(codes, 0, 2), _words(readings.compound_surnames(), 2))


def _may_be_transliterated(codes: Codes, lengths: Codes) -> npt.NDArray[np.bool_]:
    """Whether the lexicon of transliterations has the text, or a word of two or three characters at either end."""
    known = {spelling for words in transliterations.by_han().values() for spelling in words}
    found: npt.NDArray[np.bool_] = (lengths == _LONGEST) & np.isin(
        _pieces(codes, 0, 2), _words(transliterations.yi_clans(), 2)
    )
    for size in range(2, _LONGEST + 1):
        words = _words(known, size)
        starts = np.maximum(lengths - size, 0)
        found |= (lengths >= size) & np.isin(_pieces(codes, 0, size), words)
        found |= (lengths >= size) & np.isin(_pieces(codes, starts, size), words)
    return found


def _words(words: Iterable[str], size: int) -> Codes:
    """The words of one length as :func:`_pieces` writes them."""
    codes, _ = _lay_out([word for word in words if len(word) == size])
    return _pieces(codes, 0, size)


def _pieces(codes: Codes, start: Codes | int, size: int) -> Codes:
    """Write ``size`` characters of each text from ``start`` as one number; of a first of four, what fits in 64 bits."""
    rows = np.arange(len(codes))
    piece = np.zeros(len(codes), np.int64)
    for offset in range(size):
        piece = (piece << _CODE_BITS) | codes[rows, np.minimum(start + offset, _LONGEST - 1)]
    return piece


def _values(characters: list[str], value: Callable[[str], str]) -> pa.Array:
    return pa.array([value(character) if character else "" for character in characters], pa.string())


def _near(sounds: pa.Array) -> pa.Array:
    return pa.array([readings.near(sound) if sound else "" for sound in sounds.to_pylist()], pa.string())


def _joined(first: pa.Array | None, other: pa.Array, positions: Codes) -> pa.Array:
    """Concatenate the characters' values, the first character's from ``first``, or without it."""
    parts = [] if first is None else [first.take(pa.array(positions[:, 0]))]
    parts += [other.take(pa.array(positions[:, column])) for column in range(1, _LONGEST)]
    return pc.binary_join_element_wise(*parts, "")


def _syllables(first: pa.Array, other: pa.Array, positions: Codes, lengths: Codes) -> pa.Array:
    shifted = positions.copy()
    shifted[:, 1:] += len(first)
    flat = shifted[np.arange(_LONGEST) < lengths[:, None]]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.concat_arrays([first, other]).take(pa.array(flat)))
