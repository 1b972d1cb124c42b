"""The truth beside the deliveries: whose each delivered row is, what is wrong in it, what is so of each child."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from connectors.sample.dates import written
from connectors.sample.scene import Rows, Scene
from connectors.sample.standing import COMPANY, STATUSES
from connectors.sample.streams import Bools, Ints, Texts, texts


class Links:
    """``links_<period>.csv``: one line a delivered row that isn't an exact repeat. Adults' rows have no child."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write("feed,table,key,child,file,row\n")

    def add(self, feed: str, table: str, keys: Texts, rows: Rows, file: str, numbers: Ints) -> None:
        """Enter a block of rows."""
        children = child_keys(np.maximum(rows.child, 0))
        children[rows.child < 0] = ""
        start = f"{feed},{table},"
        cells = zip(quoted(keys), children.tolist(), numbers.tolist(), strict=True)
        self._file.write("".join(f"{start}{key},{child},{file},{number}\n" for key, child, number in cells))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


class RowFaults:
    """``faults_<period>.csv``: one line a fault of a delivered row. ``made``: the ledger's, emptied with each block."""

    def __init__(self, path: Path, made: list[tuple[str, str, Ints]]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write("feed,table,file,row,column,fault\n")
        self._made = made
        made.clear()

    def add(self, feed: str, table: str, file: str, ids: Ints, numbers: Ints) -> None:
        """Enter the faults of a block of rows, whose identities and lines these are; those of whole files have none."""
        order = np.argsort(ids, kind="stable")
        ordered = ids[order]
        for column, fault, rows in self._made:
            at = np.minimum(np.searchsorted(ordered, rows), len(ordered) - 1)
            found = numbers[order[at[ordered[at] == rows]]]
            start, end = f"{feed},{table},{file},", f",{column},{fault}\n"
            self._file.write("".join(f"{start}{number}{end}" for number in found.tolist()))
        self._made.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def write_children(path: Path, scene: Scene, delivered: Bools) -> int:
    """Write ``children_<period>.csv`` for the children with at least one row; return how many they are."""
    standing, county = scene.standing, scene.county
    at = np.flatnonzero(delivered).astype(np.int64)
    codes = county.geography.codes
    hukou = standing.hukou[at]
    columns = (
        child_keys(at),
        written(county.children.born[at], "%Y-%m-%d"),
        np.where(hukou >= 0, codes[np.maximum(hukou, 0)], ""),
        codes[standing.residence[at]],
        written(standing.since[at], "%Y-%m-%d"),
        texts(STATUSES)[standing.status[at]],
        texts(COMPANY)[standing.company[at]],
        county.families.people[county.children.family[at]],
    )
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("child,born,hukou,residence,since,status,accompanied,ethnic\n")
        for row in zip(*(column.tolist() for column in columns), strict=True):
            file.write(",".join(row) + "\n")
    return len(at)


def child_keys(children: Ints) -> Texts:
    """Name the children in the truth; the same child has the same name in all periods."""
    found: Texts = "k" + texts(np.char.zfill(children.astype(str), 8))
    return found


def quoted(values: Texts) -> list[str]:
    """Quote the cells of a CSV that need it."""
    found: list[str] = values.tolist()
    if not any(char in "".join(found) for char in ',"\n\r'):
        return found
    return ['"' + v.replace('"', '""') + '"' if any(char in v for char in ',"\n\r') else v for v in found]
