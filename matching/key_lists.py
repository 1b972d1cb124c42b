"""Lists of hashed keys, one a row, sorted and without repeats, built in numpy and handed over as Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
_FILTER_BITS = 20
_FILTERED_BY = np.uint64(64 - _FILTER_BITS)


@dataclass(frozen=True, slots=True)
class KeyLists:
    """``values`` of all lists behind one another; the list of row i runs from ``offsets[i]`` to ``offsets[i + 1]``."""

    offsets: Places
    values: Keys

    @property
    def rows(self) -> Places:
        """The row of each value."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def take(self, rows: Places) -> KeyLists:
        """The lists of these rows."""
        size = np.diff(self.offsets)[rows]
        ends = np.cumsum(size)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self.offsets[rows] - ends + size, size)
        return KeyLists(np.concatenate([[0], ends]).astype(np.int64), self.values[places])

    def to_arrow(self) -> pa.Array:
        """The same as an Arrow list array."""
        return pa.ListArray.from_arrays(pa.array(self.offsets.astype(np.int32)), pa.array(self.values))


def of_columns(columns: Sequence[Keys]) -> KeyLists:
    """A row's list holds its values in the columns; 0 is no value."""
    table = np.column_stack(_sorted(columns))
    kept = table != 0
    kept[:, 1:] &= table[:, 1:] != table[:, :-1]
    return KeyLists(_offsets(kept.sum(axis=1)), table[kept])


def _sorted(columns: Sequence[Keys]) -> list[Keys]:
    """The same columns, each row sorted: few columns are sorted quicker by exchanging neighbours than row by row."""
    sorted_columns = list(columns)
    for done in range(len(columns) - 1):
        for place in range(len(columns) - 1 - done):
            one, other = sorted_columns[place : place + 2]
            sorted_columns[place : place + 2] = np.minimum(one, other), np.maximum(one, other)
    return sorted_columns


def of_pairs(size: int, rows: Places, keys: Keys) -> KeyLists:
    """Lists of ``size`` rows from (row, key), in any order; 0 is no value."""
    rows, keys = rows[keys != 0], keys[keys != 0]
    by_key = np.argsort(keys)
    place = np.sort(rows[by_key] << 32 | np.arange(len(rows)))
    rows, keys = place >> 32, keys[by_key[place & 0xFFFFFFFF]]
    kept = np.ones(len(rows), dtype=bool)
    kept[1:] = (rows[1:] != rows[:-1]) | (keys[1:] != keys[:-1])
    return KeyLists(_offsets(np.bincount(rows[kept], minlength=size)), keys[kept])


def more_than(keys: Keys, times: int) -> Keys:
    """The keys that come more often, in order."""
    ordered = np.sort(keys)
    later = ordered[times:]
    often: Keys = later[later == ordered[: len(later)]]
    return often[np.append(True, often[1:] != often[:-1])] if len(often) else often


def among(few: Keys, keys: Keys) -> npt.NDArray[np.bool_]:
    """Which keys are among a few, which rise: nearly all others are told by their first bits, and not looked up."""
    found = np.zeros(len(keys), dtype=bool)
    if len(few):
        maybe = np.zeros(1 << _FILTER_BITS, dtype=bool)
        maybe[few >> _FILTERED_BY] = True
        index = np.flatnonzero(maybe[keys >> _FILTERED_BY])
        place = np.minimum(np.searchsorted(few, keys[index]), len(few) - 1)
        found[index] = few[place] == keys[index]
    return found


def _offsets(sizes: npt.NDArray[np.intp]) -> Places:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
