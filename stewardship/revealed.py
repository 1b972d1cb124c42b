"""Which fields of which case a session has asked to see. Forgotten when the app stops."""

from __future__ import annotations

import threading

_REMEMBERED = 20_000
"""Sessions' cases; the oldest is forgotten first, and asked for again."""


class Revealed:
    """Facts by whatever names a session and a case."""

    def __init__(self) -> None:
        self._facts: dict[str, frozenset[str]] = {}
        self._lock = threading.Lock()

    def add(self, key: str, fact: str) -> None:
        """Remember that a fact may be shown there."""
        with self._lock:
            self._facts[key] = self._facts.pop(key, frozenset()) | {fact}
            while len(self._facts) > _REMEMBERED:
                del self._facts[next(iter(self._facts))]

    def of(self, key: str) -> frozenset[str]:
        """The facts that may be shown there."""
        return self._facts.get(key, frozenset())
