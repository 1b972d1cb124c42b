"""Runs to be killed: ``python -m tests.pipelines.killed INBOX JURISDICTION PERIOD FOLDER KILLS``.

Every run is the command ``childindex run`` in a forked process: what every run loads is loaded once, and the moments
fall on the run itself. Prints one line a death: its room, the releases before and after, what the next run gave.
"""

import os
import pickle
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import great_expectations  # noqa: F401  loaded here so that no run has to
from click import ClickException

from matching import model
from matching.lexicon import readings
from pipelines import launch, validation  # noqa: F401  as above
from pipelines.cli import commands
from pipelines.progress import ROOMS
from policy import divisions
from tests.pipelines.renaming import Release, release
from warehouse import exports, releases
from warehouse.home import Home

FRESH_EVERY = 4  # of so many deaths one befalls a home that has no release yet
POLL = 0.002


@dataclass(frozen=True)
class Answer:
    """What a published period says: by the children's entries, and which entry has which id."""

    named: Release
    ids: list[tuple[object, ...]]


@dataclass(frozen=True)
class Delivered:
    """What the runs are about."""

    inbox: Path
    jurisdiction: str
    period: str

    @property
    def options(self) -> tuple[object, ...]:
        """As the command takes them."""
        return ("--inbox", self.inbox, "--jurisdiction", self.jurisdiction, "--period", self.period)


class Place:
    """A home, what its runs read, and a file for what a run says."""

    def __init__(self, home: Path, delivered: Delivered) -> None:
        self.home, self.delivered = home, delivered
        self.said = home.with_name(home.name + ".said")
        self.out = home.with_name(home.name + ".out")
        self.out.mkdir(parents=True, exist_ok=True)

    def start(self, *more: str) -> int:
        """Begin a run; return the number of its process."""
        self.said.write_text("")
        return _fork(lambda: _command("run", "--home", self.home, *self.delivered.options, *more), self.said)

    def room(self) -> str:
        """The room that the run of now is in: the one after the last that it says is done."""
        said = self.said.read_text(encoding="utf-8", errors="replace").splitlines()
        done = [line.split()[0] for line in said if line.split() and line.split()[0] in ROOMS]
        return "ended" if "published" in done else ROOMS[len(done)]

    def complete(self) -> None:
        """Run to the end."""
        ended = _wait(self.start())
        assert ended == 0, f"the run ended with {ended}: {self.said.read_text()}"

    def answer(self) -> Answer:
        """Ask for the release in force every way there is: the analysts' count, the exports, their contents."""
        query = "select count(*) from mart.child_period"
        ended = _wait(_fork(lambda: _command("sql", "--home", self.home, query), self.said))
        assert ended == 0, f"the analysts' database can't be read: {self.said.read_text()}"
        ended = _wait(_fork(lambda: _export(self.home, self.delivered.period, self.out), self.said))
        assert ended == 0, f"the release can't be read: {self.said.read_text()}"
        found = pickle.loads((self.out / "answer").read_bytes())
        assert isinstance(found, Answer)
        return found

    @property
    def number(self) -> int:
        """The release in force; 0 where there is none."""
        return releases.in_force(Home(self.home)).number


def _fork(work: Callable[[], int], said: Path) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        to = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(to, 1)
        os.dup2(to, 2)
        code = work()
    except BaseException as error:
        print(type(error).__name__, error, flush=True)
    finally:
        sys.stdout.flush()
        os._exit(code)


def _wait(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _command(*words: object) -> int:
    try:
        code = commands.main(args=[str(word) for word in words], standalone_mode=False)
    except ClickException as error:
        error.show()
        return error.exit_code
    return code if isinstance(code, int) else 0


def _export(home: Path, period: str, out: Path) -> int:
    files = {name: out / f"{name}.parquet" for name in ("links", "status")}
    for name, file in files.items():
        exports.export(name, home, period, file)
    ids = f"select feed, \"table\", key, file, row, child_id from '{files['links']}' order by all"
    found = Answer(release(files["links"], files["status"]), duckdb.sql(ids).fetchall())
    (out / "answer").write_bytes(pickle.dumps(found))
    return 0


def _watched(place: Place) -> dict[str, tuple[float, float]]:
    """Run undisturbed; give for each room when it began and how long it took, in seconds."""
    began = time.monotonic()
    child = place.start("--full")
    entered = {ROOMS[0]: 0.0}
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        entered.setdefault(place.room(), time.monotonic() - began)
        time.sleep(POLL)
    assert os.waitstatus_to_exitcode(ended[1]) == 0, place.said.read_text()
    rooms = [room for room in ROOMS if room in entered]
    ends = [*(entered[room] for room in rooms[1:]), entered.get("ended", time.monotonic() - began)]
    return {room: (entered[room], end - entered[room]) for room, end in zip(rooms, ends, strict=True)}


def _kill(place: Place, room: str, seconds: float) -> str:
    """Kill a run of every room so many seconds after it entered one; say where death found it."""
    child = place.start("--full")
    try:
        _wait_until(child, lambda: place.room() in (room, "ended"))
        since = time.monotonic()
        _wait_until(child, lambda: time.monotonic() - since >= seconds)
    finally:
        found = place.room()
        os.kill(child, signal.SIGKILL)
        ended = _wait(child)
    return found if ended == -signal.SIGKILL else "ended"


def _wait_until(child: int, condition: Callable[[], bool]) -> None:
    """Wait for the condition, or for the run's end; leaves the dead to be waited for."""
    while not condition() and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        time.sleep(POLL)


def main(delivered: Delivered, folder: Path, kills: int) -> None:
    """Kill as often as told, at moments spread over the whole of a run; complete and compare after each."""
    for load in (divisions.load, model.load, readings.syllables):
        load()
    standing = Place(folder / "standing", delivered)
    standing.complete()
    rooms = _watched(standing)
    unbroken = standing.answer()
    whole = sum(seconds for _, seconds in rooms.values())
    chance = random.Random(7)
    for kill in range(kills):
        moment = (kill + chance.random()) / kills * whole
        room = [name for name, (entered, _) in rooms.items() if entered <= moment][-1]
        place = Place(folder / f"fresh{kill}", delivered) if kill % FRESH_EVERY == FRESH_EVERY - 1 else standing
        before = place.number
        found = _kill(place, room, moment - rooms[room][0])
        after = place.number
        if after:
            assert _same(place, unbroken), f"{found}: the release that a death left is another"
        place.complete()
        assert place.number == after + 1
        assert _same(place, unbroken), f"{found}: the next run's answer is another"
        print(f"{found}: release {before} -> {after}, the next run gave the same answer", flush=True)


def _same(place: Place, unbroken: Answer) -> bool:
    """Whether the release in force is the unbroken one; where ids were issued before, down to the ids."""
    found = place.answer()
    is_continued = place.home.name == "standing"
    return found.named == unbroken.named and (not is_continued or found.ids == unbroken.ids)


if __name__ == "__main__":
    main(Delivered(Path(sys.argv[1]), sys.argv[2], sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]))
