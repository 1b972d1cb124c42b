"""Who a guardian is to the child: father, mother, grandparent or other."""

from __future__ import annotations

import unicodedata
from functools import cache

from matching.lexicon.table import read


def relation_of(word: str | None) -> str | None:
    """The relation a department's word or code names; ``other`` for words that nobody listed, None for blanks."""
    folded = unicodedata.normalize("NFKC", word or "").strip()
    if not folded:
        return None
    return _relations().get(folded, "other")


@cache
def _relations() -> dict[str, str]:
    known = {word: row["relation"] for row in read("relations.csv") for word in row["words"].split()}
    return known | {relation: relation for relation in ("father", "mother", "grandparent", "other")}
