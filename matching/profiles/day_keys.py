"""What days of birth can be compared by, hashed: looked up, since the days are few and entries many."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from matching.key_lists import Keys, Places
from matching.profiles.entry_columns import Columns, numbers


class Days:
    """The keys of the days there are."""

    def __init__(self, days: Columns) -> None:
        self._days = numbers(days["day"].cast(pa.int32()))
        self._keys = {name: np.append(numbers(days[name]), np.uint64(0)) for name in days if name != "day"}

    def places(self, days: pa.ChunkedArray) -> Places:
        """Where each day lies; one place behind the last for none."""
        asked = days.cast(pa.int32())
        place: Places = np.searchsorted(self._days, numbers(asked.fill_null(0)))
        place[asked.is_null().to_numpy()] = len(self._days)
        return place

    def key(self, places: Places, key: str) -> Keys:
        """A key of the days at these places; 0 for none."""
        found: Keys = self._keys[key][places]
        return found
