"""Entries that agree on everything comparable become one profile; profiles are what is linked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching import anchors, key_lists, statement
from matching.key_lists import KeyLists, Keys, Places
from matching.model import Model

Flags = npt.NDArray[np.bool_]
Columns = dict[str, pa.ChunkedArray]
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
_OWN_NUMBERS = ("insured_key", "student_key", "health_record_key", "disability_card_key", "registration_key")
_THREADS = 2
_COMMON = {"address": "address_keys", "guardian_name": "guardian_name_keys"}
_COMMON |= {"guardian_no": "guardian_no_keys", "phone": "phone_keys"}


@dataclass(frozen=True, slots=True)
class Collapsed:
    """How many entries of children became how many profiles."""

    entries: int
    profiles: int
    common_values: int


def write_profiles(con: duckdb.DuckDBPyConnection, model: Model) -> Collapsed:
    """Make ``link.entry_profile``, ``link.profile`` and ``link.common_value`` from ``std``; adults are left out.

    ``profile_id`` counts from 0 in the order of the least entry, so it depends on content only.
    """
    con.execute("create schema if not exists link")
    anchors.drop(con)
    con.execute(
        "create or replace temp macro key_of(kind, text) as"
        " case when text is null then 0::ubigint else hash(kind || text) end"
    )
    names = _Names(_columns(con, "link/name_value"))
    values = _columns(con, "link/entry_value")
    entry_id = _numbers(values["entry_id"])
    guardians = _columns(con, "link/guardian_value")
    ward = _find(entry_id, _numbers(guardians["entry_id"]))
    lists = _guardian_lists(guardians, names, ward, len(entry_id))
    told = _told(values, guardians, names, ward)
    del guardians, ward
    signatures = _signatures(values, names, lists)
    first, profile = _number_contents(signatures, entry_id)
    numbered = pa.table({"entry_id": entry_id, "profile_id": profile})
    statement.keep(con, "table link.entry_profile", numbered, "entry_id")
    many = np.bincount(profile, minlength=len(first))
    contents = {"signature": signatures[0][first], "counter_signature": signatures[1][first]}
    contents["told"] = np.zeros(len(first), dtype=np.uint64)
    np.add.at(contents["told"], profile, told)
    del entry_id, profile, numbered, signatures, told
    rows = pa.array(first)
    for name in values:  # one by one, in place: the whole is held only once
        values[name] = values[name].take(rows)
    lists = {name: lists.pop(name).take(first) for name in list(lists)}
    statement.give_back()
    lists |= _own_lists(values, names)
    sound_key = names.own(values, "sound_key")
    common = _common_values(lists, sound_key, model.sharing.family_at_most)
    statement.keep(con, "table link.common_value", common)
    columns = _profile_columns(values, names, lists, many, contents)
    del values, names, lists, sound_key  # what the table doesn't hold needn't be held while it is written
    statement.keep(con, "table link.profile", columns)
    del columns
    statement.give_back()
    return Collapsed(int(many.sum()), len(first), common.num_rows)


class _Names:
    """What names can be compared by, looked up by their ids; no name has no keys."""

    def __init__(self, names: Columns) -> None:
        ids = _numbers(names["name_id"])
        self._place = np.full(int(ids.max(initial=-1)) + 2, len(ids), dtype=np.int64)  # the last is no name's
        self._place[ids] = np.arange(len(ids))
        self._is_name = np.append(_numbers(names["is_name"]), False)
        self._content = np.append(_numbers(names["content"]), np.uint64(0))
        keys = [column for column in names if column.endswith("_key")]
        self._keys = {key: np.append(_numbers(names[key]), np.uint64(0)) for key in keys}

    def places(self, ids: npt.NDArray[np.int32]) -> Places:
        """Where each name lies; one place behind the last where it isn't known."""
        return self._place[np.where((ids < 0) | (ids >= len(self._place)), -1, ids)]

    def key(self, places: Places, key: str) -> Keys:
        """A key of the names at these places; 0 for what is no person's name."""
        found: Keys = np.where(self._is_name[places], self._keys[key][places], np.uint64(0))
        return found

    def newborn_of(self, places: Places) -> Keys:
        """The parent whom a newborn's name gives."""
        return self._keys["newborn_key"][places]

    def content(self, places: Places) -> Keys:
        """What tells the names at these places from all others, whatever they are names of; 0 for none."""
        return self._content[places]

    def is_name(self, places: Places) -> Flags:
        """Whether a name can be compared."""
        return self._is_name[places]

    def own(self, values: Columns, key: str) -> Keys:
        """A key of the entries' own names."""
        return self.key(self.places(_numbers(values["name_id"])), key)


def _guardian_lists(guardians: Columns, names: _Names, ward: Places, size: int) -> dict[str, KeyLists]:
    """Names, sounds, numbers and phones of an entry's guardians, whoever they are to the child.

    ``ward``: the place of each guardian's entry, -1 where it is no child's; ``size``: how many entries there are.
    """
    is_childs = ward >= 0
    row = ward[is_childs]
    place = names.places(_numbers(guardians["name_id"])[is_childs])
    sounds = [names.key(place, key) for key in ("sound_key", "spelling_key")]
    pairs = {
        "guardian_name_keys": (row, names.key(place, "folded_key")),
        "guardian_sound_keys": (np.concatenate([row, row]), np.concatenate(sounds)),
        "guardian_no_keys": (row, _numbers(guardians["number_key"])[is_childs]),
        "phone_keys": (row, _numbers(guardians["phone_key"])[is_childs]),
    }
    with ThreadPoolExecutor(_THREADS) as threads:  # numpy sorts without holding the others up
        made = threads.map(lambda pair: key_lists.of_pairs(size, *pair), pairs.values())
        return dict(zip(pairs, made, strict=True))


def _told(values: Columns, guardians: Columns, names: _Names, ward: Places) -> Keys:
    """By entry, a hash of what tells its child in another period and isn't compared: natural key, guardians' names."""
    told = _mixed(_numbers(values["key_content"]))
    is_childs = ward >= 0
    content = names.content(names.places(_numbers(guardians["name_id"])[is_childs]))
    np.add.at(told, ward[is_childs], _mixed(content ^ np.uint64(0xC2B2AE3D27D4EB4F)))
    return told


def _own_lists(values: Columns, names: _Names) -> dict[str, KeyLists]:
    """What an entry says of the child by several values, or by one that blocking wants as a list."""
    own, former = (names.places(_numbers(values[column])) for column in ("name_id", "former_name_id"))

    def numbers(*columns: str) -> list[Keys]:
        return [_numbers(values[column]) for column in columns]

    def of_names(*keys: str) -> list[Keys]:
        return [names.key(place, key) for place in (own, former) for key in keys]

    sex = _numbers(values["sex_key"])
    citizen_nos = ("citizen_no_key", "embedded_no_key", "unverified_no_key")
    columns = {
        "own_number_keys": numbers(*_OWN_NUMBERS),
        "name_keys": of_names("sound_key", "spelling_key"),
        "name_part_keys": of_names("first_part_key", "last_part_key"),
        "name_rest_keys": of_names("rest_first_key", "rest_last_key", "rest_key"),
        "number_keys": numbers(*citizen_nos, "certificate_key", "document_key", *_OWN_NUMBERS),
        "birth_keys": numbers("birth_key", "birth_key_1", "birth_key_2", "birth_key_3"),
        "born_keys": numbers("birth_key"),
        "month_keys": numbers("month_key", "day_key"),
        "year_keys": numbers("year_key"),
        "county_keys": numbers("hukou_county_key", "residence_county_key"),
        "address_keys": numbers("hukou_address_key", "residence_address_key"),
    }
    with ThreadPoolExecutor(_THREADS) as threads:
        lists = dict(zip(columns, threads.map(key_lists.of_columns, columns.values()), strict=True))
    return lists | {"sex_keys": KeyLists(np.arange(len(sex) + 1), sex)}  # unknown is a sex of its own


def _signatures(values: Columns, names: _Names, held: dict[str, KeyLists]) -> tuple[Keys, Keys]:
    """Two independent hashes of everything an entry can be compared by; equal in two builds where the entries are.

    An entry that says too little shares its hashes with no other.
    """
    signatures = []
    own = np.where(_says_too_little(values, held), _numbers(values["entry_id"]).astype(np.uint64) + np.uint64(1), 0)
    contents = [names.content(names.places(_numbers(values[column]))) for column in ("name_id", "former_name_id")]
    for column, salt in (("signature", 0x9E3779B97F4A7C15), ("counter_signature", 0xC2B2AE3D27D4EB4F)):
        signature = _mixed(_numbers(values[column]) + _mixed(own.astype(np.uint64) ^ np.uint64(salt)))
        for content in contents:
            signature = _mixed(signature) + _mixed(content ^ np.uint64(salt))
        for each in held.values():
            sums = np.concatenate([[np.uint64(0)], np.cumsum(_mixed(each.values ^ np.uint64(salt)))])
            signature = _mixed(signature) + sums[each.offsets[1:]] - sums[each.offsets[:-1]]
        signatures.append(signature)
    return signatures[0], signatures[1]


def _says_too_little(values: Columns, held: dict[str, KeyLists]) -> Flags:
    """Entries of which two alike may as well be two strangers': no number, and no birth date beside facts of a family.

    Nobody compares what is one profile, so only what identifies a child may make it one.
    """
    numbers = ("citizen_no_key", "embedded_no_key", "unverified_no_key", "certificate_key", "document_key")
    family = ("hukou_address_key", "residence_address_key", "household_key")

    def has_any(columns: Sequence[str]) -> Flags:
        found: Flags = np.logical_or.reduce([_numbers(values[column]) != 0 for column in columns])
        return found

    of_family = has_any(family)
    for each in held.values():
        of_family |= np.diff(each.offsets) > 0
    found: Flags = ~has_any((*numbers, *_OWN_NUMBERS)) & ~((_numbers(values["birth_key"]) != 0) & of_family)
    return found


def _mixed(keys: Keys) -> Keys:
    """Spread every bit of a key over all of it (splitmix64), so that sums tell sets apart."""
    mixed = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread: Keys = mixed ^ (mixed >> np.uint64(31))
    return spread


def _number_contents(signatures: tuple[Keys, Keys], entry_id: Places) -> tuple[Places, npt.NDArray[np.int32]]:
    """Number distinct contents by their least entry: the place of that entry by number, and the number by place."""
    order = np.lexsort((entry_id, signatures[1], signatures[0]))
    one, other = signatures[0][order], signatures[1][order]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    least = order[is_first]
    by_entry = np.argsort(entry_id[least])
    number = np.empty(len(least), dtype=np.int32)
    number[by_entry] = np.arange(len(least), dtype=np.int32)
    profile = np.empty(len(order), dtype=np.int32)
    profile[order] = number[np.cumsum(is_first) - 1]
    return least[by_entry], profile


def _profile_columns(
    values: Columns,
    names: _Names,
    lists: dict[str, KeyLists],
    many: npt.NDArray[np.intp],
    contents: dict[str, Keys],
) -> pa.Table:
    own = names.places(_numbers(values["name_id"]))
    made: dict[str, Any] = {
        "newborn_of": names.newborn_of(own),
        "has_name": names.is_name(own),
        "name_key": names.key(own, "folded_key"),
        "sound_key": names.key(own, "sound_key"),
        "variant_key": names.key(own, "variant_key"),
    }
    made |= {name: each.to_arrow() for name, each in lists.items()}
    numbered = {"profile_id": np.arange(len(many), dtype=np.int32), "entries": many.astype(np.int32)}
    compared = {name: made[name] if name in made else values[name] for name in _PASSED_ON}
    return pa.table(numbered | compared | contents)


def _common_values(lists: dict[str, KeyLists], sound_key: Keys, family_at_most: int) -> pa.Table:
    """Values at which more children stand than a family holds; children are told apart by the sound of their names.

    A child without a name counts with the others of its kind.
    """
    found = [
        (kind, value, children)
        for kind, column in _COMMON.items()
        for value, children in _crowds(lists[column].values, sound_key[lists[column].rows], family_at_most)
    ]
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
    order = np.argsort(values)
    values = values[order]
    start = np.flatnonzero(np.append(True, values[1:] != values[:-1])) if len(values) else order
    size = np.diff(start, append=len(values))
    often = size > at_most
    chosen = order[np.repeat(often, size)]
    group = np.repeat(np.arange(often.sum()), size[often])
    no_name = np.uint64(1)  # counts like a sound
    distinct = key_lists.of_pairs(int(often.sum()), group, np.maximum(sounds[chosen], no_name))
    children = np.diff(distinct.offsets)
    crowded = children > at_most
    yield from zip(values[start[often]][crowded].tolist(), children[crowded].tolist(), strict=True)


def _find(among: Places, wanted: Places) -> Places:
    """The place of each wanted value, -1 where there is none. Both are sorted first: it saves the cache."""
    place = np.full(len(wanted), -1)
    if len(among):
        order, asked = np.argsort(among), np.argsort(wanted)
        among, wanted = among[order], wanted[asked]
        at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
        place[asked] = np.where(among[at] == wanted, order[at], -1)
    return place


def _columns(con: duckdb.DuckDBPyConnection, name: str) -> Columns:
    """The columns that a statement gives, each on its own, so that one can go while another stays."""
    rows = statement.read(con, name)
    return dict(zip(rows.column_names, rows.columns, strict=True))


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """A column in numpy; no name is name -1."""
    if column.null_count:
        column = column.fill_null(-1)
    found: npt.NDArray[Any] = column.to_numpy()
    return found
