"""What names can be compared by, hashed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matching.key_lists import Keys, Places
from matching.profiles.entry_columns import Columns, numbers

Flags = npt.NDArray[np.bool_]


class NameContents:
    """What tells names apart, looked up by their ids; no name has none."""

    def __init__(self, names: Columns) -> None:
        ids = numbers(names["name_id"])
        self._place = np.full(int(ids.max(initial=-1)) + 2, len(ids), dtype=np.int64)  # the last is no name's
        self._place[ids] = np.arange(len(ids))
        self._content = np.append(numbers(names["content"]), np.uint64(0))

    def places(self, ids: npt.NDArray[np.int32]) -> Places:
        """Where each name lies; one place behind the last where it isn't known."""
        return self._place[np.where((ids < 0) | (ids >= len(self._place)), -1, ids)]

    def content(self, places: Places) -> Keys:
        """What tells the names at these places from all others, whatever they are names of; 0 for none."""
        return self._content[places]


class Names(NameContents):
    """What names can be compared by, too."""

    def __init__(self, names: Columns) -> None:
        super().__init__(names)
        self._is_name = np.append(numbers(names["is_name"]), False)
        keys = [column for column in names if column.endswith("_key")]
        self._keys = {key: np.append(numbers(names[key]), np.uint64(0)) for key in keys}

    def key(self, places: Places, key: str) -> Keys:
        """A key of the names at these places; 0 for what is no person's name."""
        found: Keys = np.where(self._is_name[places], self._keys[key][places], np.uint64(0))
        return found

    def newborn_of(self, places: Places) -> Keys:
        """The parent whom a newborn's name gives."""
        return self._keys["newborn_key"][places]

    def is_name(self, places: Places) -> Flags:
        """Whether a name can be compared."""
        return self._is_name[places]

    def own(self, values: Columns, key: str) -> Keys:
        """A key of the entries' own names."""
        return self.key(self.places(numbers(values["name_id"])), key)
