"""What profiles are blocked by: a hash for each combination of a rule's keys that a profile bears."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from matching.candidates.blocks import Ids, Keys

_HALF = np.uint64(32)
_ODD = np.uint64(0x9E3779B97F4A7C15)


def rows(batch: pa.RecordBatch, keys: Sequence[str], begun: Keys | None = None) -> tuple[Ids, Keys]:
    """Rows (profile, hash) of every combination of the keys' values; the lists of ``batch`` hold a value once.

    ``begun``: a hash a row of the batch, which the combinations begin with. The values are hashes themselves.
    """
    profile = batch.column("profile_id").to_numpy()
    row, key = np.arange(len(profile), dtype=np.int32), begun
    for name in keys:
        row, key = _combined(row, key, batch.column(name))
    return profile[row], np.zeros(len(row), np.uint64) if key is None else key


def _combined(row: Ids, key: Keys | None, lists: pa.ListArray) -> tuple[Ids, Keys]:
    """Rows (row of the batch, hash) with each value of that row's list."""
    offsets, values = lists.offsets.to_numpy(), lists.values.to_numpy().view(np.uint64)
    if key is None:
        return np.repeat(row, np.diff(offsets)), values[offsets[0] : offsets[-1]]
    key = (key ^ key >> _HALF) * _ODD  # so that the order of the keys tells
    size = np.diff(offsets)[row]
    found = []
    for place in range(int(size.max(initial=0))):
        if size.min() <= place:
            longer = size > place
            row, key, size = row[longer], key[longer], size[longer]
        found.append((row, key + values[offsets[row] + place]))
    if not found:
        return row[:0], key[:0]
    bearing, hashes = zip(*found, strict=True)
    return np.concatenate(bearing), np.concatenate(hashes)
