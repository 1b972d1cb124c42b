"""The audit's anchors: hashes of its rows, one a day and more, in a file beside the keys, outside of HOME and stores.

Whoever can write the stores' database can't write this file too, so the chain can't be written anew unseen. It may be
copied or printed; a line is ``sequence hash``.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from warehouse import keys
from warehouse.home import Home
from warehouse.stores import audit
from warehouse.stores.audit import Anchor

_FILE = "audit_anchors.txt"


class AnchorsUnreadable(RuntimeError):
    """The file of anchors isn't as it was written."""


def keep(engine: sa.Engine, home: Home | Path | str, environment: Mapping[str, str] = os.environ) -> Anchor | None:
    """Write down the audit's last row, where it isn't yet; gives it, None of an empty audit.

    Called by every command that is audited; see :func:`keeping` for what runs on.
    """
    last = audit.head(engine)
    file = keys.folder(home, environment) / _FILE
    if last is not None and last not in read(home, environment)[-1:]:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as writing:
            writing.write(f"{last.sequence} {last.hash}\n")
    return last


@contextmanager
def keeping(
    engine: sa.Engine,
    home: Home | Path | str,
    environment: Mapping[str, str] = os.environ,
    *,
    every_seconds: float = 3600,
) -> Iterator[None]:
    """Keep an anchor now, again and again while something goes on (the web app), and at its end."""
    ends = threading.Event()

    def again() -> None:
        while not ends.wait(every_seconds):
            keep(engine, home, environment)

    keep(engine, home, environment)
    keeper = threading.Thread(target=again, name="audit anchors", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ends.set()
        keeper.join()
        keep(engine, home, environment)


def read(home: Home | Path | str, environment: Mapping[str, str] = os.environ) -> list[Anchor]:
    """All anchors, oldest first. Raises :class:`AnchorsUnreadable` for a line that is none."""
    file = keys.folder(home, environment) / _FILE
    if not file.exists():
        return []
    found = []
    for place, line in enumerate(file.read_text(encoding="ascii", errors="replace").splitlines(), 1):
        number, _, digits = line.partition(" ")
        if not number.isdecimal() or len(digits) != len(audit.NOTHING_BEFORE):
            raise AnchorsUnreadable(f"{file} line {place}: expected a row's number and its hash. Restore the file.")
        found.append(Anchor(int(number), digits))
    return found
