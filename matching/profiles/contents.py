"""What an entry says as two hashes; contents that are alike become one profile, numbered in the entries' order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.key_lists import KeyLists, Keys, Places
from matching.profiles.entry_columns import Columns, numbers
from matching.profiles.name_keys import Names

Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int32]
OWN_NUMBERS = ("insured_key", "student_key", "health_record_key", "disability_card_key", "registration_key")


@dataclass(frozen=True, slots=True)
class First:
    """The entries of a portion whose contents no entry before them has, in their order: profiles of their own.

    ``row``: where each stands in the portion. ``entries``: how many of the portion have its contents; ``told``: the sum
    of what these tell.
    """

    row: Places
    profile: Index
    signature: Keys
    counter_signature: Keys
    entries: Index
    told: Keys

    def where(self, chosen: Flags, profile: Index) -> First:
        """The chosen of them. ``profile``: other numbers of all."""
        return First(
            self.row[chosen],
            profile[chosen],
            self.signature[chosen],
            self.counter_signature[chosen],
            self.entries[chosen],
            self.told[chosen],
        )


class Contents:
    """The contents there are, as they come, portion after portion in the order of the entries.

    Held in the order of their hashes, so that those of a portion are found among them by going along both.
    """

    def __init__(self) -> None:
        self._one, self._other = np.zeros(0, np.uint64), np.zeros(0, np.uint64)
        self._number = np.zeros(0, np.int32)
        self._profile: list[Index] = []
        self._entries: list[Index] = []
        self._told: list[Keys] = []
        self._again: list[tuple[Index, Index, Keys]] = []
        self.size = 0

    @property
    def profile(self) -> Index:
        """The profile of each entry that came, in the order of the entries."""
        return np.concatenate(self._profile)

    def add(self, entry_id: Places, hashes: tuple[Keys, Keys], told: Keys) -> First:
        """Number the contents of a portion's entries, which stand in any order."""
        order = np.lexsort((entry_id, hashes[1], hashes[0]))
        one, other = hashes[0][order], hashes[1][order]
        begins = np.ones(len(order), dtype=bool)
        begins[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
        content = np.cumsum(begins) - 1
        one, other, least = one[begins], other[begins], order[begins]
        many = np.bincount(content, minlength=len(least)).astype(np.int32)
        sums = np.zeros(len(least), dtype=np.uint64)
        np.add.at(sums, content, told[order])
        number = places_of(self._one, self._other, self._number, one, other)
        is_known = number >= 0
        new = np.flatnonzero(~is_known)
        by_entry = new[np.argsort(entry_id[least[new]])]
        number[by_entry] = np.arange(self.size, self.size + len(new), dtype=np.int32)
        self._remember(one[new], other[new], number[new])
        self._again.append((number[is_known], many[is_known], sums[is_known]))
        self.size += len(new)
        profile = np.empty(len(order), dtype=np.int32)
        profile[order] = number[content]
        self._profile.append(profile[np.argsort(entry_id)])
        found = First(
            least[by_entry],
            number[by_entry],
            one[by_entry],
            other[by_entry],
            many[by_entry],
            sums[by_entry],
        )
        self._entries.append(found.entries)
        self._told.append(found.told)
        return found

    def later(self) -> pa.Table:
        """Profiles of which entries came in a later portion than the first: all their entries, and what those tell."""
        number, many, sums = (np.concatenate(columns) for columns in zip(*self._again, strict=True))
        profile, place = np.unique(number, return_inverse=True)
        entries = np.concatenate(self._entries)[profile]
        told = np.concatenate(self._told)[profile]
        np.add.at(entries, place, many)
        np.add.at(told, place, sums)
        return pa.table({"profile_id": profile, "entries": entries, "told": told})

    def _remember(self, one: Keys, other: Keys, number: Index) -> None:
        """Put contents, which are in order, among those there are."""
        order = np.argsort(np.concatenate([self._one, one]), kind="stable")  # two sorted runs
        self._one = np.concatenate([self._one, one])[order]
        self._other = np.concatenate([self._other, other])[order]
        self._number = np.concatenate([self._number, number])[order]


def places_of(known: Keys, counter: Keys, number: Index, one: Keys, other: Keys) -> Index:
    """The number of each of these contents; -1 where it isn't known. ``known`` rises; ``counter``: its other hashes."""
    found = np.full(len(one), -1, dtype=np.int32)
    place = np.searchsorted(known, one)
    asked = np.arange(len(one))
    while len(asked):  # once, but for two contents of one hash
        asked = asked[place[asked] < len(known)]
        asked = asked[known[place[asked]] == one[asked]]
        same = counter[place[asked]] == other[asked]
        found[asked[same]] = number[place[asked[same]]]
        asked = asked[~same]
        place[asked] += 1
    return found


def signatures(values: Columns, names: Names, held: dict[str, KeyLists]) -> tuple[Keys, Keys]:
    """Two independent hashes of everything an entry can be compared by; equal in two builds where the entries are.

    An entry that says too little shares its hashes with no other.
    """
    signatures = []
    own = np.where(_says_too_little(values, held), numbers(values["entry_id"]).astype(np.uint64) + np.uint64(1), 0)
    contents = [names.content(names.places(numbers(values[column]))) for column in ("name_id", "former_name_id")]
    for column, salt in (("signature", 0x9E3779B97F4A7C15), ("counter_signature", 0xC2B2AE3D27D4EB4F)):
        signature = mixed(numbers(values[column]) + mixed(own.astype(np.uint64) ^ np.uint64(salt)))
        for content in contents:
            signature = mixed(signature) + mixed(content ^ np.uint64(salt))
        for each in held.values():
            sums = np.concatenate([[np.uint64(0)], np.cumsum(mixed(each.values ^ np.uint64(salt)))])
            signature = mixed(signature) + sums[each.offsets[1:]] - sums[each.offsets[:-1]]
        signatures.append(signature)
    return signatures[0], signatures[1]


def _says_too_little(values: Columns, held: dict[str, KeyLists]) -> Flags:
    """Entries of which two alike may as well be two strangers': no number, and no birth date beside facts of a family.

    Nobody compares what is one profile, so only what identifies a child may make it one.
    """
    family = ("hukou_address_key", "residence_address_key", "household_key")

    of_family: Flags = np.logical_or.reduce([numbers(values[column]) != 0 for column in family])
    for each in held.values():
        of_family |= np.diff(each.offsets) > 0
    is_dated: Flags = values["born_on"].is_valid().to_numpy() & of_family
    found: Flags = ~values["is_numbered"].to_numpy() & ~is_dated
    return found


def mixed(keys: Keys) -> Keys:
    """Spread every bit of a key over all of it (splitmix64), so that sums tell sets apart."""
    mixed = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread: Keys = mixed ^ (mixed >> np.uint64(31))
    return spread
