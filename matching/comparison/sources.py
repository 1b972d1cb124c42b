"""Where two profiles come from, as a level: some sources hold a thing once, some repeat it."""

from __future__ import annotations

import numpy as np

from matching.comparison.columns import Count, Levels
from matching.comparison.comparison import Batch, Comparison, Setting
from matching.comparison.levels import SourceLevel
from matching.comparison.spec import FieldSpec


class Source(Comparison):
    """What kind of source the two come from."""

    fixed = SourceLevel
    own_columns = (Count("entries"),)

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        self._kind = np.full(len(self.profiles.table_names), SourceLevel.REPEATING, dtype=np.int8)
        for names, level in ((setting.once, SourceLevel.ONCE), (setting.one_row, SourceLevel.ONE_ROW)):
            self._kind[[name in names for name in self.profiles.table_names]] = level

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = self.profiles.table[batch.left], self.profiles.table[batch.right]
        return np.where(left == right, self._kind[left], SourceLevel.OTHER).astype(np.int8)
