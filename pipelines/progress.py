"""Where a run says how far it is: one bar a room, for a terminal; lines, where there is no terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

ROOMS = ("raw", "std", "link", "core", "care", "mart", "published")


class Sink(Protocol):
    """Somebody who is told when a table is begun and done, and adds up seconds by room."""

    seconds: dict[str, float]

    def begun(self, room: str, table: str) -> None:
        """Work on a table has begun."""

    def done(self, room: str, table: str) -> None:
        """The table stands."""


class Stopwatch:
    """Adds up seconds by room; the base of every sink."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = dict.fromkeys(ROOMS, 0.0)
        self._since = perf_counter()

    def begun(self, room: str, table: str) -> None:
        """Start the clock of a table."""
        self._since = perf_counter()

    def done(self, room: str, table: str) -> None:
        """Stop it and add to the room."""
        self.seconds[room] += perf_counter() - self._since


class RoomBars(Stopwatch):
    """A bar for each room in the terminal; one line a finished room where the output isn't one."""

    def __init__(self, tables: dict[str, int], console: Console) -> None:
        super().__init__()
        self._tables = tables
        self._finished = dict.fromkeys(tables, 0)
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[table]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}

    @contextmanager
    def shown(self) -> Iterator["RoomBars"]:
        """Keep the bars on the screen for as long as the run lasts."""
        with self._bars:
            for room, tables in self._tables.items():
                self._tasks[room] = self._bars.add_task(room, total=tables, start=False, table="")
            yield self

    def begun(self, room: str, table: str) -> None:
        """Name the table in the room's bar."""
        super().begun(room, table)
        self._bars.start_task(self._tasks[room])
        self._bars.update(self._tasks[room], table=table)

    def done(self, room: str, table: str) -> None:
        """Advance the room's bar."""
        super().done(room, table)
        self._finished[room] += 1
        complete = self._finished[room] == self._tables[room]
        self._bars.update(self._tasks[room], advance=1, table="" if complete else table)
        if complete:
            self._bars.stop_task(self._tasks[room])
            if not self._console.is_terminal:
                self._console.print(f"{room:<10} {self._tables[room]} tables, {self.seconds[room]:.1f} s")
