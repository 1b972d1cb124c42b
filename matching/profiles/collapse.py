"""Entries that agree on everything comparable become one profile; profiles are what is linked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from matching import key_lists, statement
from matching.key_lists import KeyLists, Keys, Places
from matching.model import Model
from matching.periods import anchors
from matching.profiles import entry_columns
from matching.profiles.contents import OWN_NUMBERS, Contents, First, mixed, signatures
from matching.profiles.day_keys import Days
from matching.profiles.entry_columns import Columns, numbers
from matching.profiles.name_keys import Names

_PASSED_ON = (
    *("entry_id", "feed", "table_name", "name_id", "former_name_id", "newborn_of", "has_name", "name_key", "sound_key"),
    *("variant_key", "sex", "born_on", "born_precision", "born_alternatives", "is_birth_of_number", "citizen_no"),
    *("embedded_no", "citizen_no_unverified", "is_number_shared", "own_number_keys", "certificate_key", "document_key"),
    *("household_key", "hukou_county_key", "residence_county_key", "hukou_address_key", "residence_address_key"),
    *("guardian_name_keys", "guardian_sound_keys", "guardian_no_keys", "phone_keys", "name_keys", "name_part_keys"),
    *("name_rest_keys", "number_keys", "birth_keys", "born_keys", "month_keys", "year_keys", "sex_keys"),
    *("county_keys", "address_keys"),
)
"""Columns of ``link.profile`` behind ``profile_id`` and ``entries``, in its order; hashes of the contents follow."""
_THREADS = 2
_ENTRIES_AT_ONCE = 500_000
_COMMON = {"address": "address_keys", "guardian_name": "guardian_name_keys"}
_COMMON |= {"guardian_no": "guardian_no_keys", "phone": "phone_keys"}


@dataclass(frozen=True, slots=True)
class Collapsed:
    """How many entries of children became how many profiles."""

    entries: int
    profiles: int
    common_values: int


@statement.with_arrays
def write_profiles(con: duckdb.DuckDBPyConnection, model: Model) -> Collapsed:
    """Make ``link.entry_profile``, ``link.profile`` and ``link.common_value`` from ``std``; adults are left out.

    ``profile_id`` counts from 0 in the order of the least entry, so it depends on content only. Entries are taken a
    portion at a time in their order; of one that is taken only its hashes and its family's keys stay in memory.
    """
    con.execute("create schema if not exists link")
    anchors.drop(con)
    con.execute(
        "create or replace temp macro key_of(kind, text) as"
        " case when text is null then 0::ubigint else hash(kind || text) end"
    )
    entry_id = np.sort(_children(con))
    names, contents = Names(entry_columns.read(con, "link/name_value")), Contents()
    days = Days(entry_columns.read(con, "link/day_value"))
    crowds = {kind: _Crowd() for kind in _COMMON}
    for at in range(0, max(len(entry_id), 1), _ENTRIES_AT_ONCE):
        part = entry_id[at : at + _ENTRIES_AT_ONCE]
        _write_portion(con, names, days, contents, crowds, part, is_first=at == 0)
        statement.give_back()
    _write_later_entries(con, contents)
    numbered = {"entry_id": entry_id, "profile_id": contents.profile}
    statement.keep(con, "table link.entry_profile", pa.table(numbered))
    common = _common_values(crowds, model.sharing.family_at_most)
    statement.keep(con, "table link.common_value", common)
    del crowds
    statement.give_back()
    return Collapsed(len(entry_id), contents.size, common.num_rows)


def _write_portion(
    con: duckdb.DuckDBPyConnection,
    names: Names,
    days: Days,
    contents: Contents,
    crowds: dict[str, _Crowd],
    entries: Places,
    is_first: bool,
) -> None:
    """Add the profiles of some entries, and what crowds may share of theirs. ``entries``: in order, all between."""
    between = {"first": int(entries[0]), "last": int(entries[-1])} if len(entries) else {"first": 1, "last": 0}
    values = entry_columns.read(con, "link/entry_value", between)
    guardians = entry_columns.read(con, "link/guardian_value", between)
    entry_id = numbers(values["entry_id"])
    ward = _find(entry_id, numbers(guardians["entry_id"]))
    lists = _guardian_lists(guardians, names, ward, len(entry_id))
    told = _told(values, guardians, names, ward)
    first = contents.add(entry_id, signatures(values, names, lists), told)
    rows = pa.array(first.row)
    values = {name: column.take(rows) for name, column in values.items()}
    lists = {name: each.take(first.row) for name, each in lists.items()}
    lists |= _own_lists(values, names, days)
    sound_key = names.own(values, "sound_key")
    for kind, column in _COMMON.items():
        crowds[kind].add(lists[column], sound_key)
    profiles = _profile_columns(values, names, lists, first)
    if is_first:
        statement.keep(con, "table link.profile", profiles)
    else:
        statement.add(con, "link.profile", profiles)


def _children(con: duckdb.DuckDBPyConnection) -> Places:
    """The ids of the children's entries."""
    rows = con.execute("select entry_id from std.entry where not coalesce(is_adult, false)").to_arrow_table()
    found: Places = rows.column(0).to_numpy()
    return found


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


class _Crowd:
    """Values of a kind that children's entries bear, each with the sound of a child's name."""

    def __init__(self) -> None:
        self._values: list[Keys] = []
        self._sounds: list[Keys] = []

    def add(self, lists: KeyLists, sound_key: Keys) -> None:
        """Take the lists of some profiles; ``sound_key``: of their names."""
        self._values.append(lists.values)
        self._sounds.append(sound_key[lists.rows])

    def shared(self, at_most: int) -> list[tuple[int, int]]:
        """Values that come with more different sounds, in the order of the values, and with how many."""
        return list(_crowds(np.concatenate(self._values), np.concatenate(self._sounds), at_most))


def _guardian_lists(guardians: Columns, names: Names, ward: Places, size: int) -> dict[str, KeyLists]:
    """Names, sounds, numbers and phones of an entry's guardians, whoever they are to the child.

    ``ward``: the place of each guardian's entry, -1 where it is no child's; ``size``: how many entries there are.
    """
    is_childs = ward >= 0
    row = ward[is_childs]
    place = names.places(numbers(guardians["name_id"])[is_childs])
    sounds = [names.key(place, key) for key in ("sound_key", "spelling_key")]
    pairs = {
        "guardian_name_keys": (row, names.key(place, "folded_key")),
        "guardian_sound_keys": (np.concatenate([row, row]), np.concatenate(sounds)),
        "guardian_no_keys": (row, numbers(guardians["number_key"])[is_childs]),
        "phone_keys": (row, numbers(guardians["phone_key"])[is_childs]),
    }
    with ThreadPoolExecutor(_THREADS) as threads:  # numpy sorts without holding the others up
        made = threads.map(lambda pair: key_lists.of_pairs(size, *pair), pairs.values())
        return dict(zip(pairs, made, strict=True))


def _told(values: Columns, guardians: Columns, names: Names, ward: Places) -> Keys:
    """By entry, a hash of what tells its child in another period and isn't compared: natural key, guardians' names."""
    told = mixed(numbers(values["key_content"]))
    is_childs = ward >= 0
    content = names.content(names.places(numbers(guardians["name_id"])[is_childs]))
    np.add.at(told, ward[is_childs], mixed(content ^ np.uint64(0xC2B2AE3D27D4EB4F)))
    return told


def _own_lists(values: Columns, names: Names, days: Days) -> dict[str, KeyLists]:
    """What an entry says of the child by several values, or by one that blocking wants as a list."""
    own, former = (names.places(numbers(values[column])) for column in ("name_id", "former_name_id"))

    def numbers_of(*wanted: str) -> list[Keys]:
        return [numbers(values[column]) for column in wanted]

    def of_names(*keys: str) -> list[Keys]:
        return [names.key(place, key) for place in (own, former) for key in keys]

    sex, born_on = numbers(values["sex_key"]), days.places(values["born_on"])
    born = days.key(born_on, "birth_key")
    others = [days.places(values[f"alternative_{place}"]) for place in (1, 2, 3)]
    citizen_nos = ("citizen_no_key", "embedded_no_key", "unverified_no_key")
    columns = {
        "own_number_keys": numbers_of(*OWN_NUMBERS),
        "name_keys": of_names("sound_key", "spelling_key"),
        "name_part_keys": of_names("first_part_key", "last_part_key"),
        "name_rest_keys": of_names("rest_first_key", "rest_last_key", "rest_key"),
        "number_keys": numbers_of(*citizen_nos, "certificate_key", "document_key", *OWN_NUMBERS),
        "birth_keys": [born, *(days.key(other, "birth_key") for other in others)],
        "born_keys": [born],
        "month_keys": [days.key(born_on, key) for key in ("month_key", "day_key")],
        "year_keys": [days.key(born_on, "year_key")],
        "county_keys": numbers_of("hukou_county_key", "residence_county_key"),
        "address_keys": numbers_of("hukou_address_key", "residence_address_key"),
    }
    with ThreadPoolExecutor(_THREADS) as threads:
        lists = dict(zip(columns, threads.map(key_lists.of_columns, columns.values()), strict=True))
    return lists | {"sex_keys": KeyLists(np.arange(len(sex) + 1), sex)}  # unknown is a sex of its own


def _profile_columns(values: Columns, names: Names, lists: dict[str, KeyLists], first: First) -> pa.Table:
    own = names.places(numbers(values["name_id"]))
    made: dict[str, Any] = {
        "newborn_of": names.newborn_of(own),
        "has_name": names.is_name(own),
        "name_key": names.key(own, "folded_key"),
        "sound_key": names.key(own, "sound_key"),
        "variant_key": names.key(own, "variant_key"),
    }
    made |= {name: each.to_arrow() for name, each in lists.items()}
    compared = {name: made[name] if name in made else values[name] for name in _PASSED_ON}
    numbered = {"profile_id": first.profile, "entries": first.entries}
    hashed = {"signature": first.signature, "counter_signature": first.counter_signature, "told": first.told}
    return pa.table(numbered | compared | hashed)


def _common_values(crowds: dict[str, _Crowd], family_at_most: int) -> pa.Table:
    """Values at which more children stand than a family holds; children are told apart by the sound of their names.

    A child without a name counts with the others of its kind.
    """
    found = [(kind, *shared) for kind, crowd in crowds.items() for shared in crowd.shared(family_at_most)]
    kinds, values, children = zip(*found, strict=True) if found else ((), (), ())
    return pa.table(
        {
            "kind": pa.array(kinds, pa.string()),
            "value_key": pa.array(values, pa.uint64()),
            "children": pa.array(children, pa.int32()),
        }
    )


def _crowds(values: Keys, sounds: Keys, at_most: int) -> Iterator[tuple[int, int]]:
    """Values that come with more different sounds, in the order of the values, and with how many."""
    often = key_lists.more_than(values, at_most)
    of_often = key_lists.among(often, values)
    no_name = np.uint64(1)  # counts like a sound
    group = np.searchsorted(often, values[of_often])
    distinct = key_lists.of_pairs(len(often), group, np.maximum(sounds[of_often], no_name))
    children = np.diff(distinct.offsets)
    crowded = children > at_most
    yield from zip(often[crowded].tolist(), children[crowded].tolist(), strict=True)


def _find(among: Places, wanted: Places) -> Places:
    """The place of each wanted value, -1 where there is none. Both are sorted first: it saves the cache."""
    place = np.full(len(wanted), -1)
    if len(among):
        order, asked = np.argsort(among), np.argsort(wanted)
        among, wanted = among[order], wanted[asked]
        at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
        place[asked] = np.where(among[at] == wanted, order[at], -1)
    return place
