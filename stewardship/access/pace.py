"""How many pages about people an account opened within the hour: many are told of, very many aren't shown.

Counted while the app runs: whoever starts it anew starts the counts anew.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from datetime import datetime, timedelta

from warehouse.stores.engine import now

_HOUR = timedelta(hours=1)


class Pace:
    """Pages by account, and what was said of it."""

    def __init__(self) -> None:
        self._opened: dict[str, deque[datetime]] = defaultdict(deque)
        self._said: dict[tuple[str, str], datetime] = {}
        self._lock = threading.Lock()

    def add(self, username: str) -> int:
        """Count one more page; gives how many there are."""
        with self._lock:
            self._opened[username].append(now())
        return self.many(username)

    def many(self, username: str) -> int:
        """The account's pages of the last hour."""
        since = now() - _HOUR
        with self._lock:
            opened = self._opened[username]
            while opened and opened[0] <= since:
                opened.popleft()
            return len(opened)

    def is_news(self, username: str, what: str) -> bool:
        """Whether this wasn't said of the account within the hour; it is now."""
        at = now()
        with self._lock:
            if self._said.get((username, what), datetime.min) > at - _HOUR:
                return False
            self._said[username, what] = at
        return True
