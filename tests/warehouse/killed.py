"""A writer to be killed, ``python -m tests.warehouse.killed WAY HOME``: publishes again and again, or dies as told.

``step HOME N``   dies at every N-th file operation of build and publish in turn, each time in a process of its own, and
                  looks after each death whether the last release is whole; prints one line a death.
``loop HOME``     publishes until somebody kills it.
"""

import os
import shutil
import sys
from pathlib import Path

from tests.warehouse.houses import fill
from warehouse import analysts, releases
from warehouse.home import Home
from warehouse.store import Warehouse

PERIODS = ("2026H1", "2026H2")
_FATAL = {
    "open",
    "os.rename",
    "os.link",
    "os.symlink",
    "os.remove",
    "os.mkdir",
    "os.chmod",
    "os.rmdir",
    "shutil.rmtree",
}


def publish_next(home: Path) -> None:
    """Publish the period whose turn it is, with one child more than the last release has.

    Begin has to have cleaned up after the dead: the register it sees is that of the release, nothing half-made is left.
    """
    with Warehouse(home, keep=1) as house:
        number = house.published().number
        fill(house, PERIODS[number % 2], {f"c{child}": [child] for child in range(number + 1)}, (f"c{number}",))
        known = house.cursor().execute("select anchor, child_id from prior.known_anchor order by anchor").fetchall()
        assert known == [(child, f"c{child}") for child in range(number)], "the register is not that of the release"
        assert [file.name for file in house.home.releases.iterdir() if file.name.endswith(".tmp")] == []
        house.publish(PERIODS[number % 2])


def look(home: Path) -> int:
    """Read the release in force every way there is; return its number. Raises where anything is amiss."""
    release = releases.in_force(Home(home))
    if release.number == 0:
        return 0
    seen = dict(analysts.query(home, "from child_count").rows)
    with Warehouse(home) as house:
        for period in release.periods:
            con = house.read_published(period)
            assert con.execute("select count(*) from link.entry_child").fetchall() == [(seen[period],)]
            con.close()
    assert max(seen.values()) == release.number, "the release's files are not those that its manifest names"
    return release.number


def _in_a_process(work: object, *arguments: object) -> int:
    """Run ``work`` in a process of its own; return its exit code."""
    child = os.fork()
    if child == 0:
        try:
            work(*arguments)  # type: ignore[operator]
        except BaseException as error:
            print(type(error).__name__, error, file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _die_at(home: Path, step: int) -> None:
    left = step

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in _FATAL and str(home) in str(arguments[0] if event != "os.symlink" else arguments[1]):
            left -= 1
            if left == 0:
                os._exit(137)

    sys.addaudithook(count)
    publish_next(home)


def step_through(place: Path, stride: int) -> None:
    """Die at the first file operation, then ``stride`` later, … until a publish comes through.

    Each death befalls a copy of one home; after it the last release has to be readable and the next run to complete.
    """
    whole = place / "whole"
    for _ in range(3):
        assert _in_a_process(publish_next, whole) == 0
    step, ended = 1, 137
    while ended == 137:
        home = place / f"step{step}"
        shutil.copytree(whole, home, symlinks=True)
        ended = _in_a_process(_die_at, home, step)
        assert ended in (0, 137), f"step {step}: ended with {ended}"
        assert _in_a_process(look, home) == 0, f"step {step}: the last release can't be read"
        now = releases.in_force(Home(home)).number
        assert now in (3, 4), f"step {step}: release 3 became {now}"
        assert _in_a_process(publish_next, home) == 0, f"step {step}: the next run doesn't complete"
        print(f"step {step}: release 3 -> {now}", flush=True)
        shutil.rmtree(home)
        step += stride


if __name__ == "__main__":
    place = Path(sys.argv[2])
    if sys.argv[1] == "step":
        step_through(place, int(sys.argv[3]))
    while sys.argv[1] == "loop":
        print("begins", flush=True)
        publish_next(place)
