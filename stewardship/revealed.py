"""What people looked at in this app's life: fields they asked to see, cases they opened. Forgotten when it stops."""

from __future__ import annotations

import threading

_REMEMBERED = 20_000
"""Of each kind; the oldest is forgotten first, and asked for again."""


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


class Opened:
    """Who opened which case, with the facts that it had."""

    def __init__(self) -> None:
        self._revealed = Revealed()

    def add(self, username: str, case_id: int, facts: str) -> None:
        """Remember it. ``facts``: the case's fingerprint."""
        self._revealed.add(f"{username}/{case_id}/{facts}", "opened")

    def has(self, username: str, case_id: int, facts: str) -> bool:
        """Whether it is remembered."""
        return bool(self._revealed.of(f"{username}/{case_id}/{facts}"))
