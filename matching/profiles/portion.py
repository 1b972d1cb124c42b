"""Entries a portion at a time: what they say of the child and its family, and the columns of the profiles they make."""

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
from matching.profiles import entry_columns
from matching.profiles.contents import OWN_NUMBERS, First, mixed, signatures
from matching.profiles.day_keys import Days
from matching.profiles.entry_columns import Columns, numbers
from matching.profiles.name_keys import NameContents, Names

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
_OF_ALL = {
    "child_entry": "from std.entry where not coalesce(is_adult, false)",
    "child_guardian": "from std.guardian",
    "child_name": "from std.name",
}
_OF_CHOSEN = {
    "child_entry": "from std.entry semi join chosen_entry using (entry_id)",
    "child_guardian": "from std.guardian semi join chosen_entry using (entry_id)",
    "child_name": (
        "from std.name where name_id in (select unnest([name_id, former_name_id, mother_name_id]) from child_entry"
        " union select name_id from child_guardian)"
    ),
}
"""``chosen_entry``: a temporary table of entries of children, by their ids."""
_VALUES = ("name_value", "day_value", "entry_value", "guardian_value")
_BETWEEN = "where entry_id between $first and $last"
_ENTRIES_AT_ONCE = 500_000
_THREADS = 2


@dataclass(frozen=True, slots=True)
class Portion:
    """Some children's entries, in any order: their values, their guardians' lists, what tells each from all others."""

    values: Columns
    lists: dict[str, KeyLists]
    content: Keys

    @property
    def entry_id(self) -> Places:
        """The entries' ids."""
        found: Places = numbers(self.values["entry_id"])
        return found

    def signatures(self, names: Names) -> tuple[Keys, Keys]:
        """Two hashes of what each can be compared by."""
        return signatures(self.values, names, self.lists)


def look_at(con: duckdb.DuckDBPyConnection, *, all_children: bool) -> None:
    """Have the views that portions are read from: of all children's entries, or of those in ``chosen_entry``."""
    con.execute(
        "create or replace temp macro key_of(kind, text) as"
        " case when text is null then 0::ubigint else hash(kind || text) end"
    )
    for name, rows in (_OF_ALL if all_children else _OF_CHOSEN).items():
        con.execute(f"create or replace temp view {name} as {rows}")
    for name in _VALUES:
        con.execute(f"create or replace temp view {name} as {statement.text(f'link/{name}')}")


def look_away(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the views."""
    for name in (*_VALUES, *reversed(_OF_ALL)):
        con.execute(f"drop view if exists {name}")


def in_portions(entry_id: Places) -> Iterator[Places]:
    """Entries, which rise, so many at a time; at least one portion, which may be empty."""
    for at in range(0, max(len(entry_id), 1), _ENTRIES_AT_ONCE):
        yield entry_id[at : at + _ENTRIES_AT_ONCE]


def names_and_days(con: duckdb.DuckDBPyConnection) -> tuple[Names, Days]:
    """What names and days of birth can be compared by."""
    days = entry_columns.read(con, "from day_value order by day")
    return Names(entry_columns.read(con, "from name_value")), Days(days)


def read(con: duckdb.DuckDBPyConnection, names: Names, entries: Places) -> Portion:
    """What these entries say. ``entries``: in order, all that are looked at between the first and the last."""
    values = entry_columns.read(con, f"from entry_value {_BETWEEN}", _ends(entries))
    guardians, ward = _guardians(con, values, entries)
    lists = _guardian_lists(guardians, names, ward, len(values["entry_id"]))
    return Portion(values, lists, _contents(values, guardians, names, ward))


def read_contents(con: duckdb.DuckDBPyConnection, names: NameContents, entries: Places) -> Portion:
    """The same without lists, and of the values only who an entry is, its names, and whether it has a number."""
    columns = "entry_id, name_id, former_name_id, is_numbered, signature, key_content"
    values = entry_columns.read(con, f"select {columns} from entry_value {_BETWEEN}", _ends(entries))
    guardians, ward = _guardians(con, values, entries)
    return Portion(values, {}, _contents(values, guardians, names, ward))


def profiles(portion: Portion, names: Names, days: Days, first: First) -> tuple[pa.Table, dict[str, KeyLists]]:
    """Rows of ``link.profile`` for these entries of the portion, and the lists among their columns."""
    rows = pa.array(first.row)
    values = {name: column.take(rows) for name, column in portion.values.items()}
    lists = {name: each.take(first.row) for name, each in portion.lists.items()}
    lists |= _own_lists(values, names, days)
    return _profile_columns(values, names, lists, first), lists


def _ends(entries: Places) -> dict[str, statement.Value]:
    return {"first": int(entries[0]), "last": int(entries[-1])} if len(entries) else {"first": 1, "last": 0}


def _guardians(con: duckdb.DuckDBPyConnection, values: Columns, entries: Places) -> tuple[Columns, Places]:
    """The guardians of entries, and by guardian the place of the entry, -1 where it is no child's."""
    guardians = entry_columns.read(con, f"from guardian_value {_BETWEEN}", _ends(entries))
    return guardians, _find(numbers(values["entry_id"]), numbers(guardians["entry_id"]))


def _contents(values: Columns, guardians: Columns, names: NameContents, ward: Places) -> Keys:
    """By entry, a hash of all that the linkage reads of it: what is compared, its natural key, its guardians' names."""
    found = mixed(numbers(values["signature"]))
    for column, salt in (("name_id", 0x9E3779B97F4A7C15), ("former_name_id", 0xC2B2AE3D27D4EB4F)):
        content = names.content(names.places(numbers(values[column])))
        found = mixed(found + mixed(content ^ np.uint64(salt)))
    found = mixed(found + mixed(numbers(values["key_content"])))
    is_childs = ward >= 0
    said = mixed(names.content(names.places(numbers(guardians["name_id"]))) ^ np.uint64(0x165667B19E3779F9))
    for column, salt in (("number_key", 0x27D4EB2F165667C5), ("phone_key", 0x85EBCA77C2B2AE63)):
        said += mixed(numbers(guardians[column]) ^ np.uint64(salt))
    np.add.at(found, ward[is_childs], mixed(said[is_childs]))
    return found


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
        "name_rest_keys": of_names("rest_first_key", "rest_last_key", "rest_key", "rest_whole_key"),
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


def _find(among: Places, wanted: Places) -> Places:
    """The place of each wanted value, -1 where there is none. Both are sorted first: it saves the cache."""
    place = np.full(len(wanted), -1)
    if len(among):
        order, asked = np.argsort(among), np.argsort(wanted)
        among, wanted = among[order], wanted[asked]
        at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
        place[asked] = np.where(among[at] == wanted, order[at], -1)
    return place
