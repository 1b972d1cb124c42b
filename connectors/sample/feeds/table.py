"""What every delivered table has: its columns in order, its key, its rows and how they are written out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from connectors.sample.dates import written
from connectors.sample.faults import Spoiler, lunar_birthday, same_sound
from connectors.sample.names import HAN
from connectors.sample.scene import Rows, Scene
from connectors.sample.streams import Bools, Floats, Ints, Texts, texts


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
        by_hand = self.by_hand(scene, rows, ids, spoil)
        known_by = scene.luck(at, "everyday") < spoil.rates.everyday_name
        changed = np.flatnonzero(known_by & by_hand & (child.names.style[at] == HAN))
        now = now.copy()
        scene.ledger.keep(column, "everyday_name", ids[changed])
        now[changed] = [
            same_sound(name, seed)
            for name, seed in zip(now[changed], scene.luck.whole(at[changed], "everyday name").tolist(), strict=True)
        ]
        share = self.typing(scene, rows, ids, spoil, of_name=True)
        return spoil.names(ids, column, child.names.take(at), now, texts(former), child.pet_name[at], share)

    def by_hand(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> Bools:
        """Which rows no system has checked, since they hold no number of the child's."""
        at = np.maximum(rows.child, 0)
        return spoil.is_hand_typed(ids, scene.numbers[at], scene.standing.age_days[at])

    def typing(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler, of_name: bool) -> Floats:
        """How much oftener than usual a row's name, or birth date, is wrong: a row is careless about one of the two."""
        careless = (scene.luck(ids, "careless about names") < 0.5) == of_name
        by_hand = self.by_hand(scene, rows, ids, spoil)
        return np.where(by_hand & careless, 2 * spoil.rates.hand_typed, 1.0)

    def births(
        self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler, shape: str, column: str = "出生日期"
    ) -> Texts:
        """Write the children's dates of birth."""
        share = self.typing(scene, rows, ids, spoil, of_name=False)
        born = scene.county.children.born[rows.child]
        values = spoil.dates(ids, column, born, shape, share)
        begins = spoil.rates.everyday_name
        kept = scene.luck(rows.child, "everyday")
        kept_lunar = (kept >= begins) & (kept < begins + spoil.rates.everyday_birthday)
        at = np.flatnonzero(kept_lunar & self.by_hand(scene, rows, ids, spoil))
        scene.ledger.keep(column, "everyday_birthday", ids[at])
        values[at] = [lunar_birthday(day, shape) for day in born[at].tolist()]
        return values

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


def capped(scene: Scene, days: Ints) -> Ints:
    """Let no event lie after the reference date."""
    return np.minimum(days, scene.today)


def plain(days: Ints, shape: str) -> Texts:
    """Write days without faults."""
    return written(days, shape)
