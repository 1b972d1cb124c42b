"""What every delivered table has: its columns in order, its key, its rows and how they are written out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from connectors.sample.dates import written
from connectors.sample.faults import Spoiler
from connectors.sample.names import Names
from connectors.sample.scene import Rows, Scene
from connectors.sample.streams import Floats, Ints, Texts, texts


class Table(ABC):
    """One delivered table."""

    feed: ClassVar[str]
    table: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    key: ClassVar[tuple[str, ...]]
    numeric_key: ClassVar[bool] = False  # an all-digit key that a spreadsheet may destroy

    @property
    def title(self) -> str:
        """``feed.table``."""
        return f"{self.feed}.{self.table}"

    @abstractmethod
    def select(self, scene: Scene) -> Rows:
        """Say which rows are delivered."""

    @abstractmethod
    def render(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> dict[str, Texts]:
        """Write the rows' cells, with their faults, by column."""

    def files(self, scene: Scene, rows: Rows) -> tuple[tuple[str, ...], Ints]:
        """Name the files of the delivery and say which one each row goes into."""
        raise NotImplementedError

    # what most tables write alike

    def child_names(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler, column: str) -> Texts:
        """Write the children's names in force."""
        child = scene.county.children
        at = np.maximum(rows.child, 0)
        now = scene.standing.name[at]
        former = np.where(now != scene.standing.first_name[at], scene.standing.first_name[at], "")
        return spoil.names(ids, column, child.names.take(at), now, texts(former), self.typing(scene, rows, ids, spoil))

    def typing(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> Floats:
        """How much oftener than usual a row's name and birth date are wrong: where no number has been checked."""
        at = np.maximum(rows.child, 0)
        by_hand = spoil.is_hand_typed(ids, scene.numbers[at], scene.standing.age_days[at])
        return np.where(by_hand, spoil.rates.hand_typed, 1.0)

    def births(
        self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler, shape: str, column: str = "出生日期"
    ) -> Texts:
        """Write the children's dates of birth."""
        share = self.typing(scene, rows, ids, spoil)
        return spoil.dates(ids, column, scene.county.children.born[rows.child], shape, share)

    def child_numbers(
        self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler, column: str, spreadsheet: bool = True
    ) -> Texts:
        """Write the children's citizen numbers."""
        at, families = rows.child, scene.county.families
        guardian = np.where(families.has_mother, families.mother_no, families.father_no)[rows.family]
        return spoil.numbers(
            ids,
            column,
            scene.numbers[at],
            scene.standing.age_days[at],
            scene.sibling_numbers[at],
            guardian,
            spreadsheet,
        )

    def adult(
        self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler, who: Ints, columns: tuple[str, str, str, str]
    ) -> dict[str, Texts]:
        """Write a guardian's name, relation, number and telephone into the columns named (empty: not written)."""
        gone = np.zeros(len(rows), dtype=np.bool_)
        for at in spoil.hits(ids, "/".join(columns), {"missing_guardian": spoil.rates.missing_guardian}).values():
            gone[at] = True
        who = np.where(gone, -1, who)
        named, number, phone = scene.adults(rows.family, who)
        cells = {columns[0]: spoil.names(ids, columns[0], named, share=1.6)}
        if columns[1]:
            cells[columns[1]] = scene.relations(rows.family, who)
        if columns[2]:
            cells[columns[2]] = spoil.adult_numbers(ids, columns[2], number)
        if columns[3]:
            cells[columns[3]] = spoil.phones(ids, columns[3], phone)
        return cells

    def sexes(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler, column: str, words: tuple[str, str]) -> Texts:
        """Write the children's sex."""
        found = texts(words)[scene.county.children.sex[rows.child] - 1]
        for at in spoil.hits(ids, column, {"wrong_sex": spoil.rates.wrong_sex}).values():
            found[at] = texts(words)[2 - scene.county.children.sex[rows.child[at]]]
        return found


def empty(count: int) -> Texts:
    """Make empty texts."""
    return texts([""] * count)


def capped(scene: Scene, days: Ints) -> Ints:
    """Let no event lie after the reference date."""
    return np.minimum(days, scene.today)


def plain(days: Ints, shape: str) -> Texts:
    """Write days without faults."""
    return written(days, shape)


def nobody(count: int) -> Names:
    """Make blank names."""
    none = np.full(count, -1, dtype=np.int64)
    return Names(empty(count), np.zeros(count, dtype=np.int64), empty(count), none, none)
