"""Several threads' small pieces of writing in one transaction, so that many people share one write to the disk.

A disk takes some milliseconds to promise that a row will survive a power cut. Whoever comes while it does waits, and
all who waited are written next, each in a savepoint of its own: one that fails leaves the others. Nobody is answered
before the transaction that holds their piece is on the disk.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from warehouse.stores.engine import take_turn, writing

T = TypeVar("T")


def write(engine: sa.Engine, piece: Callable[[sa.Connection], T]) -> T:
    """Run a piece of writing, alone among all writers that take turns; give what it gives, or raise what it raises.

    It sees everything written before it. It may not begin a transaction of its own.
    """
    with _guard:
        group = _groups.setdefault(engine, _Group())
    waiting = _Waiting(piece)
    with group.guard:
        group.waiting.append(waiting)
    with group.turn:
        if not waiting.is_done:
            with group.guard:
                now, group.waiting = group.waiting, []
            _write_all(engine, now)
    if waiting.fault is not None:
        raise waiting.fault
    return waiting.given[0]


@dataclass
class _Waiting(Generic[T]):
    piece: Callable[[sa.Connection], T]
    given: list[T] = field(default_factory=list)
    fault: BaseException | None = None
    is_done: bool = False

    def run(self, connection: sa.Connection) -> None:
        """Write in a savepoint: what fails leaves the others."""
        part = connection.begin_nested()
        try:
            self.given = [self.piece(connection)]
        except Exception as fault:
            part.rollback()
            self.fault = fault
        else:
            part.commit()


@dataclass
class _Group:
    turn: threading.Lock = field(default_factory=threading.Lock)
    guard: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[_Waiting[Any]] = field(default_factory=list)


_guard = threading.Lock()
_groups: WeakKeyDictionary[sa.Engine, _Group] = WeakKeyDictionary()


def _write_all(engine: sa.Engine, pieces: list[_Waiting[Any]]) -> None:
    try:
        with writing(engine) as connection:
            take_turn(connection)
            if len(pieces) == 1:  # as nearly always: a savepoint would be two more ways to the database and back
                pieces[0].given = [pieces[0].piece(connection)]
            else:
                for each in pieces:
                    each.run(connection)
    except BaseException as fault:  # nothing was written: everybody is told
        for each in pieces:
            each.fault = each.fault or fault
    finally:
        for each in pieces:
            each.is_done = True
