"""Which facts a steward had before them: compared on answering, so that no answer outlives its facts."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import lru_cache

from stewardship.casebook import LAID_OUT, Case
from stewardship.evidence import facts

_DIGITS = 12


class Seal:
    """Makes digests under a key: what they are of can't be guessed back from them."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._shown = lru_cache(maxsize=LAID_OUT)(self._digests)

    def digest(self, *parts: object) -> str:
        """A short digest of some plain values."""
        text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:_DIGITS]

    def shown(self, case: Case) -> Mapping[str, str]:
        """Digests by fact, and of the records and open pairs themselves: what may change under a steward's eyes."""
        return self._shown(case)

    def _digests(self, case: Case) -> Mapping[str, str]:
        told = [(row, json.loads(row["delivered"] or "{}")) for row in case.entries]
        by_fact = {
            name: self.digest(
                sorted(
                    (row["feed"], row["table_name"], row["key"] or "", [said.get(column) for column in fact.columns])
                    for row, said in told
                )
            )
            for name, fact in facts().items()
        }
        records = sorted((row["feed"], row["table_name"], row["key"] or "") for row in case.entries)
        key = {row["entry_id"]: (row["feed"], row["table_name"], row["key"] or "") for row in case.entries}
        pairs = sorted((key[pair["left_entry_id"]], key[pair["right_entry_id"]], pair["kind"]) for pair in case.pairs)
        return by_fact | {"records": self.digest(records), "questions": self.digest(pairs)}


def fingerprint(shown: Mapping[str, str]) -> str:
    """One text for all facts, as a form carries it and a verdict keeps it."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32]


def pack(shown: Mapping[str, str]) -> str:
    """The digests for a form's hidden field."""
    return ";".join(f"{name}:{digest}" for name, digest in sorted(shown.items()))


def changed(packed: str, now: Mapping[str, str]) -> list[str]:
    """Names of the facts that a form was shown otherwise."""
    before = dict(part.split(":", 1) for part in packed.split(";") if ":" in part)
    return [name for name in now if before.get(name) != now[name]]
