"""Entries that agree on everything comparable become one profile; profiles are what is linked."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from matching import crowds, statement
from matching.crowds import Crowds
from matching.key_lists import Keys, Places
from matching.model import Model
from matching.periods import anchors
from matching.profiles import kept_profiles, portion
from matching.profiles.contents import Contents
from matching.profiles.entry_columns import numbers


@dataclass(frozen=True, slots=True)
class Collapsed:
    """How many entries of children became how many profiles."""

    entries: int
    profiles: int
    common_values: int


@statement.with_arrays
def write_profiles(con: duckdb.DuckDBPyConnection, model: Model, goes_on: bool = False) -> Collapsed:
    """Make ``link.entry_profile``, ``link.profile`` and ``link.common_value`` from ``std``; adults are left out.

    ``profile_id`` counts from 0 in the order of the least entry, so it depends on content only. ``goes_on``: what the
    last release says of unchanged entries holds, and is copied; the rows are the same.
    """
    con.execute("create schema if not exists link")
    anchors.drop(con)
    portion.look_at(con, all_children=True)
    entry_id = np.sort(_children(con))
    made = kept_profiles.write(con, entry_id, model.sharing.family_at_most) if goes_on else None
    profiles, common = made or _write_anew(con, entry_id, model.sharing.family_at_most)
    portion.look_away(con)
    statement.keep(con, "table link.common_value", common)
    statement.give_back()
    return Collapsed(len(entry_id), profiles, common.num_rows)


def _children(con: duckdb.DuckDBPyConnection) -> Places:
    """The ids of the children's entries."""
    found: Places = con.execute("select entry_id from child_entry").to_arrow_table().column(0).to_numpy()
    return found


def _write_anew(con: duckdb.DuckDBPyConnection, entry_id: Places, family_at_most: int) -> tuple[int, pa.Table]:
    """Make the profiles of all entries; how many there are, and the rows of common values.

    Entries are taken a portion at a time in their order; of one that is taken only its hashes and its family's keys
    stay in memory.
    """
    names, days = portion.names_and_days(con)
    contents, borne = Contents(), Crowds()
    known_by: list[Keys] = []
    for place, part in enumerate(portion.in_portions(entry_id)):
        said = portion.read(con, names, part)
        first = contents.add(said.entry_id, said.signatures(names), said.content)
        known_by.append(kept_profiles.known_by(said)[np.argsort(said.entry_id)])
        profiles, lists = portion.profiles(said, names, days, first)
        sound_key = numbers(profiles["sound_key"])
        for kind, column in crowds.COLUMNS.items():
            borne.add(kind, lists[column], sound_key)
        if place == 0:
            statement.keep(con, "table link.profile", profiles)
        else:
            statement.add(con, "link.profile", profiles)
        del said, first, profiles, lists
        statement.give_back()
    _write_later_entries(con, contents)
    held = {"entry_id": entry_id, "profile_id": contents.profile, "content": np.concatenate(known_by)}
    statement.keep(con, "table link.entry_profile", pa.table(held))
    return contents.size, borne.common_values(family_at_most)


def _write_later_entries(con: duckdb.DuckDBPyConnection, contents: Contents) -> None:
    """Count with their profiles the entries that came in a later portion than the first of their profile."""
    later = contents.later()
    if later.num_rows:
        con.register("arrow_rows", later)
        con.execute(
            "update link.profile set entries = later.entries, told = later.told"
            " from arrow_rows as later where later.profile_id = profile.profile_id"
        )
        con.unregister("arrow_rows")
