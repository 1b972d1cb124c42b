"""Profiles whose entries are as in the last release: found by a hash an entry, and copied.

An entry that has a number of its child's is the last release's where all is equal that the linkage reads of it; it then
stands in the same profile, for what is equal has one signature. All others are read and hashed as in a first period;
they may still turn out to be of a profile that is there. Profiles are then numbered as if all had been made anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching import crowds, key_lists, statement
from matching.crowds import Crowds
from matching.key_lists import Keys, Places
from matching.periods.last_release import CATALOG, KEPT_AT_LEAST
from matching.profiles import entry_columns, portion
from matching.profiles.contents import Contents, Index, places_of
from matching.profiles.entry_columns import numbers
from matching.profiles.name_keys import NameContents
from matching.profiles.portion import Portion


@dataclass(frozen=True, slots=True)
class _Entries:
    """All children's entries, which rise: their hashes (0 where they have no number), their contents, their names."""

    entry_id: Places
    known_by: Keys
    content: Keys
    name_id: Index
    former_name_id: Index


def known_by(said: Portion) -> Keys:
    """By entry what the next period knows it by; 0 without a number: two such may be two children's."""
    found: Keys = np.where(said.values["is_numbered"].to_numpy(), said.content, np.uint64(0))
    return found


def write(con: duckdb.DuckDBPyConnection, entry_id: Places, family_at_most: int) -> tuple[int, pa.Table] | None:
    """Make ``link.profile`` and ``link.entry_profile``; how many profiles there are, and the rows of common values.

    None where most entries are new or changed: then all are read anew. ``entry_id``: of the children's entries, rising.
    """
    entries = _read(con, entry_id)
    profile = _earlier_profiles(con, entries.known_by)
    new = np.flatnonzero(profile < 0)
    if len(new) >= (1 - KEPT_AT_LEAST) * len(entry_id):
        return None
    (earlier,) = con.execute(f"select count(*) from {CATALOG}.link.profile").fetchall()[0]
    profile[new], size = _write_new(con, entry_id[new], earlier)
    number = _write_numbers(con, entries, profile, size)
    statement.run(con, "link/copied_profile")
    common = _common_values(con, family_at_most)
    for table in ("new_profile", "numbered_profile"):
        con.execute(f"drop table {table}")
    held = {"entry_id": entry_id, "profile_id": number[profile], "content": entries.known_by}
    statement.keep(con, "table link.entry_profile", pa.table(held))
    return int(number.max(initial=-1)) + 1, common


def _read(con: duckdb.DuckDBPyConnection, entry_id: Places) -> _Entries:
    names = NameContents(entry_columns.read(con, "select name_id, content from name_value"))
    parts = []
    for part in portion.in_portions(entry_id):
        said = portion.read_contents(con, names, part)
        order = np.argsort(said.entry_id)
        name_ids = [numbers(said.values[column])[order] for column in ("name_id", "former_name_id")]
        parts.append((known_by(said)[order], said.content[order], *name_ids))
        del said
        statement.give_back()
    return _Entries(entry_id, *(np.concatenate(column) for column in zip(*parts, strict=True)))


def _earlier_profiles(con: duckdb.DuckDBPyConnection, known_by: Keys) -> Index:
    """By entry, the profile of the last release that holds one which says all the same; -1 where none does."""
    query = f"select content, profile_id from {CATALOG}.link.entry_profile where content <> 0"
    rows = con.execute(query).to_arrow_table()
    earlier, profile = (rows.column(place).to_numpy() for place in range(2))
    found = np.full(len(known_by), -1, dtype=np.int32)
    if len(earlier):
        order, asked = np.argsort(earlier), np.argsort(known_by)
        earlier, wanted = earlier[order], known_by[asked]
        place = np.minimum(np.searchsorted(earlier, wanted), len(earlier) - 1)
        found[asked] = np.where(earlier[place] == wanted, profile[order[place]], -1)
    return found


def _write_new(con: duckdb.DuckDBPyConnection, entry_id: Places, earlier: int) -> tuple[Index, int]:
    """Make ``new_profile`` of the entries that the last release hasn't, numbered behind its ``earlier`` profiles.

    By entry its profile, old or new, and how many numbers that makes.
    """
    statement.keep(con, "temp table chosen_entry", pa.table({"entry_id": entry_id}))
    portion.look_at(con, all_children=False)
    names, days = portion.names_and_days(con)
    contents, size = Contents(), earlier
    numbered: list[Index] = []
    for place, part in enumerate(portion.in_portions(entry_id)):
        said = portion.read(con, names, part)
        first = contents.add(said.entry_id, said.signatures(names), said.content)
        number = _of_contents(con, first.signature, first.counter_signature)
        is_new = number < 0
        number[is_new] = np.arange(size, size + int(is_new.sum()), dtype=np.int32)
        size += int(is_new.sum())
        numbered.append(number)
        rows, _ = portion.profiles(said, names, days, first.where(is_new, number))
        if place == 0:
            statement.keep(con, "temp table new_profile", rows)
        else:
            statement.add(con, "new_profile", rows)
    portion.look_at(con, all_children=True)
    con.execute("drop table chosen_entry")
    found: Index = np.concatenate(numbered)[contents.profile]
    return found, size


def _of_contents(con: duckdb.DuckDBPyConnection, one: Keys, other: Keys) -> Index:
    """By content, the profile of the last release that has it; -1 where none has. ``one``, ``other``: its hashes."""
    con.register("asked_content", pa.table({"signature": one}))
    rows = con.execute(
        f"select signature, counter_signature, profile_id from {CATALOG}.link.profile"
        " semi join asked_content using (signature) order by signature"
    ).to_arrow_table()
    con.unregister("asked_content")
    known, counter, number = (rows.column(place).to_numpy() for place in range(3))
    return places_of(known, counter, number, one, other)


def _write_numbers(
    con: duckdb.DuckDBPyConnection, entries: _Entries, profile: Index, size: int
) -> npt.NDArray[np.int32]:
    """Make ``numbered_profile``: one row a profile that entries have, with its number and what changes in each build.

    ``profile``: by entry, its number in the last release or behind those. By such a number, the new one.
    """
    first = np.full(size, -1, dtype=np.int64)
    first[profile[::-1]] = np.arange(len(profile) - 1, -1, -1)
    borne = np.flatnonzero(first >= 0)
    borne = borne[np.argsort(first[borne])]
    least = first[borne]
    number = np.full(size, -1, dtype=np.int32)
    number[borne] = np.arange(len(borne), dtype=np.int32)
    told = np.zeros(size, dtype=np.uint64)
    np.add.at(told, profile, entries.content)
    names = {"name_id": entries.name_id[least], "former_name_id": entries.former_name_id[least]}
    columns = {
        "held_id": pa.array(borne.astype(np.int32)),
        "profile_id": pa.array(number[borne]),
        "entries": pa.array(np.bincount(profile, minlength=size)[borne].astype(np.int32)),
        "entry_id": pa.array(entries.entry_id[least]),
        **{name: pa.array(ids, mask=ids < 0) for name, ids in names.items()},
        "told": pa.array(told[borne]),
    }
    statement.keep(con, "temp table numbered_profile", pa.table(columns))
    return number


def _common_values(con: duckdb.DuckDBPyConnection, family_at_most: int) -> pa.Table:
    """Rows of ``link.common_value``: those of the last release, but of values that a new profile bears or one bore that
    is gone; who bears these is counted.
    """
    gone = f"{CATALOG}.link.profile as held anti join numbered_profile as now on now.held_id = held.profile_id"
    stirred = _borne(con, "new_profile", gone)
    counted = _borne(con, "link.profile").among(stirred).common_values(family_at_most)
    held = con.execute(f"from {CATALOG}.link.common_value").to_arrow_table().cast(counted.schema)
    kinds, values = held.column("kind").to_numpy(), held.column("value_key").to_numpy()
    is_stirred = np.zeros(held.num_rows, dtype=bool)
    for kind in crowds.COLUMNS:
        is_stirred |= (kinds == kind) & key_lists.among(stirred.values(kind), values)
    return pa.concat_tables([held.filter(pa.array(~is_stirred)), counted])


def _borne(con: duckdb.DuckDBPyConnection, *profiles: str) -> Crowds:
    """What crowds may share of the values of these tables' profiles."""
    found = Crowds()
    for table in profiles:
        for part, lists in crowds.read(con, "sound_key", table):
            for kind, held in lists.items():
                found.add(kind, held, part.column("sound_key").to_numpy())
    return found
