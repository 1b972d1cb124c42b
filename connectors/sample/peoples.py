"""How departments write a people: the name of the ethnic group or its code of GB/T 3304."""

from __future__ import annotations

from functools import cache

import numpy as np

from connectors.sample import tables
from connectors.sample.streams import Ints, Luck, Texts, texts


@cache
def _words() -> dict[str, str]:
    return {row["code"]: row["name"] for row in tables.rows("peoples")}


def written(codes: Texts, ids: Ints, luck: Luck, as_code: float, blank: float) -> Texts:
    """Write each people as its name, or for a share of rows as its code; some are left out."""
    distinct, where = np.unique(codes.astype(str), return_inverse=True)
    words = texts([_words()[code] for code in distinct])[where]
    chance = luck(ids, "people")
    return texts(np.where(chance < as_code, codes, np.where(chance > 1 - blank, "", words)))
