"""Values that a crowd of children bears: a school's phone, a dormitory's address; they say little of a household."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa

from matching import key_lists
from matching.key_lists import KeyLists, Keys

COLUMNS = {"address": "address_keys", "guardian_name": "guardian_name_keys"}
COLUMNS |= {"guardian_no": "guardian_no_keys", "phone": "phone_keys"}
"""By kind of ``link.common_value``, the list of ``link.profile`` that holds its values."""
_READ_AT_ONCE = 1_000_000


def read(
    con: duckdb.DuckDBPyConnection, column: str, profiles: str = "link.profile"
) -> Iterator[tuple[pa.RecordBatch, dict[str, KeyLists]]]:
    """The rows of ``profiles``, many at a time: a column, and by kind their lists of values."""
    columns = ", ".join((column, *COLUMNS.values()))
    for part in con.execute(f"select {columns} from {profiles}").to_arrow_reader(_READ_AT_ONCE):
        lists = {}
        for kind, name in COLUMNS.items():
            offsets = part.column(name).offsets.to_numpy().astype(np.int64)
            lists[kind] = KeyLists(offsets - offsets[0], part.column(name).flatten().to_numpy())
        yield part, lists


class Crowds:
    """Values that children's profiles bear, by kind, each with the sound of a child's name."""

    def __init__(self) -> None:
        self._values: dict[str, list[Keys]] = {kind: [] for kind in COLUMNS}
        self._sounds: dict[str, list[Keys]] = {kind: [] for kind in COLUMNS}

    def add(self, kind: str, lists: KeyLists, sound_key: Keys) -> None:
        """Take the lists of some profiles; ``sound_key``: of their names."""
        self._values[kind].append(lists.values)
        self._sounds[kind].append(sound_key[lists.rows])

    def values(self, kind: str) -> Keys:
        """The values of a kind, once each, in order."""
        return np.unique(np.concatenate([np.zeros(0, np.uint64), *self._values[kind]]))

    def among(self, others: Crowds) -> Crowds:
        """Of these values those that the others hold too."""
        found = Crowds()
        for kind in COLUMNS:
            few = others.values(kind)
            for values, sounds in zip(self._values[kind], self._sounds[kind], strict=True):
                chosen = key_lists.among(few, values)
                found._values[kind].append(values[chosen])
                found._sounds[kind].append(sounds[chosen])
        return found

    def common_values(self, family_at_most: int) -> pa.Table:
        """Rows of ``link.common_value``: values at which more children stand than a family holds.

        Children are told apart by the sound of their names. A child without a name counts with the others of its kind.
        """
        found = [(kind, *shared) for kind in COLUMNS for shared in self._shared(kind, family_at_most)]
        kinds, values, children = zip(*found, strict=True) if found else ((), (), ())
        return pa.table(
            {
                "kind": pa.array(kinds, pa.string()),
                "value_key": pa.array(values, pa.uint64()),
                "children": pa.array(children, pa.int32()),
            }
        )

    def _shared(self, kind: str, at_most: int) -> Iterator[tuple[int, int]]:
        return _crowds(np.concatenate(self._values[kind]), np.concatenate(self._sounds[kind]), at_most)


def _crowds(values: Keys, sounds: Keys, at_most: int) -> Iterator[tuple[int, int]]:
    """Values that come with more different sounds, in the order of the values, and with how many."""
    often = key_lists.more_than(values, at_most)
    of_often = key_lists.among(often, values)
    no_name = np.uint64(1)  # counts like a sound
    group = np.searchsorted(often, values[of_often])
    distinct = key_lists.of_pairs(len(often), group, np.maximum(sounds[of_often], no_name))
    children = np.diff(distinct.offsets)
    crowded = children > at_most
    yield from zip(often[crowded].tolist(), children[crowded].tolist(), strict=True)
