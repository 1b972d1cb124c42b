"""Faults as clerks, forms and spreadsheets make them, put into values by the rates of ``rates``.

Chance belongs to the row and column, so a fault stays in a record from one period to the next until it is revised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from connectors.sample import citizen_no, dates, names, tables
from connectors.sample.names import Names
from connectors.sample.places import Geography
from connectors.sample.rates import FaultRates
from connectors.sample.streams import Bools, Ints, Luck, Texts, mixed, texts

_DOTS = ("•", "・", "‧", ".", "", "．", " ")
_BLANKS = (" ", "　", "  ")
_LOST = ("?", "□", "*", "〓", "？")
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
Rate: TypeAlias = float | npt.NDArray[np.floating[Any]]


@dataclass
class Ledger:
    """How often each fault was put in, and how many values it could have hit: (table, column, fault) → count.

    ``rows``: which rows have which fault, (column, fault, identities), of the block being written; None: not kept.
    """

    made: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    chances: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    expected: dict[tuple[str, str, str], float] = field(default_factory=dict)
    rows: list[tuple[str, str, Ints]] | None = None

    def keep(self, column: str, fault: str, rows: Ints) -> None:
        """Remember that these rows have the fault, where rows are kept."""
        if self.rows is not None and rows.size:
            self.rows.append((column, fault, rows))


@dataclass(frozen=True)
class Spoiler:
    """Puts faults into one table's columns. ``rows`` are the identities of the rows, scattered integers."""

    table: str  # feed.table
    rates: FaultRates
    luck: Luck
    ledger: Ledger
    geography: Geography

    def hits(self, rows: Ints, column: str, rates: Mapping[str, Rate]) -> dict[str, Ints]:
        """Choose for each row at most one of the faults; return the positions that have each."""
        luck = self.luck(rows, self.table, column)
        below = np.zeros(len(rows))
        found: dict[str, Ints] = {}
        for fault, rate in rates.items():
            above = below + rate
            at = np.flatnonzero((luck >= below) & (luck < above))
            below = above
            self._count(column, fault, len(at), np.broadcast_to(np.asarray(rate), luck.shape))
            self.ledger.keep(column, fault, rows[at])
            if at.size:
                found[fault] = at
        return found

    def _count(self, column: str, fault: str, made: int, rate: npt.NDArray[np.floating[Any]]) -> None:
        key = (self.table, column, fault)
        self.ledger.made[key] += made
        self.ledger.chances[key] += int(np.count_nonzero(rate))
        self.ledger.expected[key] = self.ledger.expected.get(key, 0.0) + float(rate.sum())

    def is_hand_typed(self, rows: Ints, own: Ints, age_days: Ints) -> Bools:
        """Whether a child's row holds no number of its own: then no system has checked it."""
        found: Bools = (own == 0) | (self.luck(rows, self.table, "number missing") < self._missing(age_days))
        return found

    def _missing(self, age_days: Ints) -> npt.NDArray[np.floating[Any]]:
        bands = self.rates.number_missing.get(self.table, (0.0, 0.0, 0.0))
        return np.select([age_days < 365, age_days < 6 * 365], bands[:2], default=bands[2])

    def _apply(self, values: Texts, at: Ints, rows: Ints, column: str, change: Callable[[str, int], str]) -> None:
        seeds = self.luck.whole(rows[at], self.table, column, "how")
        for position, seed in zip(at.tolist(), seeds.tolist(), strict=True):
            values[position] = change(values[position], seed)

    # names

    def names(
        self,
        rows: Ints,
        column: str,
        people: Names,
        texts_in_force: Texts | None = None,
        former: Texts | None = None,
        pet: Texts | None = None,
        share: Rate = 1.0,
    ) -> Texts:
        """Write names with their faults. ``former``: an earlier name, or empty; ``pet``: the name at home."""
        rates = self.rates
        values = (people.text if texts_in_force is None else texts_in_force).copy()
        han = people.style == names.HAN
        made = people.first >= 0
        dotted = made & (people.second >= 0) & np.isin(people.style, (names.UYGHUR, names.KAZAKH))
        rare = _holds_rare(values) & han
        there = values != ""
        long = np.array([len(value) >= 3 for value in values], dtype=np.bool_)
        table: dict[str, Rate] = {
            "same_sound": rates.same_sound * share * there,
            "look_alike": rates.look_alike * share * there,
            "swapped_characters": rates.swapped_characters * share * (long & han),
            "lost_character": rates.lost_character * share * long,
            "other_surname": rates.other_surname * share * (han & there),
            "traditional": rates.traditional * share * there,
            "rare_character_lost": rates.rare_character_lost * rare,
            "other_spelling": rates.other_spelling * made,
            "cut_name": rates.cut_name * dotted,
            "latin_name": rates.latin_name * made,
            "tibetan_script": rates.tibetan_script * (people.style == names.TIBETAN),
            "nickname": rates.nickname * share * (long | made) * (pet is not None),
        }
        if former is not None:
            table["former_name_kept"] = rates.former_name_kept * (former != "")
        for fault, at in self.hits(rows, column, table).items():
            if fault == "other_spelling":
                values[at] = self._respelled(rows[at], column, people.take(at))
            elif fault in ("latin_name", "tibetan_script"):
                values[at] = _other_writing(people.take(at), fault)
            elif fault == "former_name_kept" and former is not None:
                values[at] = former[at]
            elif fault == "nickname" and pet is not None:
                values[at] = pet[at]
            else:
                self._apply(values, at, rows, column, _NAME_CHANGES[fault])
        dots = self.hits(rows, column + " dot", {"other_dot": rates.other_dot * dotted})
        for at in dots.values():
            self._apply(values, at, rows, column + " dot", lambda name, seed: name.replace("·", _DOTS[seed % 7]))
        spaces = self.hits(rows, column + " space", {"spaces_in_name": rates.spaces_in_name * share * there})
        for at in spaces.values():
            self._apply(values, at, rows, column + " space", _spaced)
        return values

    def _respelled(self, rows: Ints, column: str, people: Names) -> Texts:
        luck = np.stack([self.luck(rows, column, "head"), self.luck(rows, column, "tail")], axis=1)
        blank = texts([""] * len(rows))
        return names.compose(people.style, people.surname, blank, people.first, people.second, luck)

    # citizen numbers

    def numbers(
        self, rows: Ints, column: str, own: Ints, age_days: Ints, sibling: Ints, guardian: Ints, spreadsheet: bool
    ) -> Texts:
        """Write the child's own numbers with their faults; 0 is no number."""
        rates = self.rates
        sound = citizen_no.written(own)
        values = sound.copy()
        own_feed = self.table.startswith(("medical_insurance", "health"))
        there = own > 0
        at_hukou = self.table == "public_security.hukou"  # the register itself: numbers there are the numbers
        typed = 0.05 if at_hukou else 1.0
        table: dict[str, Rate] = {
            "siblings_number": rates.siblings_number * typed * (sibling > 0),
            "guardians_number": rates.guardians_number * (1 if own_feed else 0.33) * typed * (guardian > 0),
            "excel_scientific": rates.excel_scientific * spreadsheet * there,
            "excel_zeros": rates.excel_zeros * spreadsheet * there,
            "wrong_digit": rates.wrong_digit * typed * there,
            "swapped_digits": rates.swapped_digits * typed * there,
            "fifteen_digits": rates.fifteen_digits * typed * there,
        }
        for fault, at in self.hits(rows, column, table).items():
            if fault == "siblings_number":
                values[at] = citizen_no.written(sibling[at])
            elif fault == "guardians_number":
                values[at] = citizen_no.written(guardian[at])
            else:
                self._apply(values, at, rows, column, _NUMBER_CHANGES[fault])
        left_out = self.luck(rows, self.table, "number missing") < self._missing(age_days)
        self._count(column, "number_missing", int((left_out & there).sum()), self._missing(age_days) * there)
        self.ledger.keep(column, "number_missing", rows[left_out & there & (values == sound)])
        values[left_out & (values == sound)] = ""
        return self._number_shapes(values, rows, column)

    def adult_numbers(self, rows: Ints, column: str, own: Ints) -> Texts:
        """Write adults' numbers: some left out, typing faults as in children's."""
        values = citizen_no.written(own)
        table: dict[str, Rate] = {
            "adults_number_missing": self.rates.adults_number_missing * (own > 0),
            "wrong_digit": self.rates.wrong_digit * (own > 0),
            "swapped_digits": self.rates.swapped_digits * (own > 0),
        }
        for fault, at in self.hits(rows, column, table).items():
            if fault == "adults_number_missing":
                values[at] = ""
            else:
                self._apply(values, at, rows, column, _NUMBER_CHANGES[fault])
        return self._number_shapes(values, rows, column)

    def _number_shapes(self, values: Texts, rows: Ints, column: str) -> Texts:
        rates = self.rates
        there = values != ""
        ends_in_x = np.array([value.endswith("X") for value in values], dtype=np.bool_)
        table: dict[str, Rate] = {
            "lower_case_x": rates.lower_case_x * ends_in_x,
            "full_width": rates.full_width * there,
            "spaces_in_number": rates.spaces_in_number * there,
            "hyphens_in_number": rates.hyphens_in_number * there,
            "leading_quote": rates.leading_quote * there,
        }
        for fault, at in self.hits(rows, column + " shape", table).items():
            self._apply(values, at, rows, column + " shape", _NUMBER_CHANGES[fault])
        return values

    # dates

    def dates(self, rows: Ints, column: str, days: Ints, shape: str, share: Rate = 1.0) -> Texts:
        """Write days by a ``strftime`` shape with their faults."""
        rates = self.rates
        values = dates.written(days, shape)
        there = values != ""
        of_month = dates.compact_number(np.where(there, days, 0)) % 100
        swappable = there & (of_month <= 12) & (of_month != dates.month(np.where(there, days, 0)))
        table: dict[str, Rate] = {
            "mistyped_date": rates.mistyped_date * share * there,
            "wrong_year": rates.wrong_year * share * there,
            "day_and_month_swapped": rates.day_and_month_swapped * share * swappable,
            "lunar_date": rates.lunar_date * share * there,
            "impossible_date": rates.impossible_date * share * there,
            "year_1900": rates.year_1900 * share * there,
            "two_digit_year": rates.two_digit_year * share * there,
            "excel_serial": rates.excel_serial * share * there,
            "blank_date": rates.blank_date * share * there,
        }
        if self.table == "public_security.hukou":
            table = {fault: rate * 0.15 for fault, rate in table.items()}
        for fault, at in self.hits(rows, column, table).items():
            seeds = self.luck.whole(rows[at], self.table, column, "how")
            values[at] = [
                _DATE_CHANGES[fault](day, seed, shape)
                for day, seed in zip(days[at].tolist(), seeds.tolist(), strict=True)
            ]
        return values

    # places, phones

    def codes(self, rows: Ints, column: str, counties: Ints, homes: Ints, long: bool = False) -> Texts:
        """Write division codes with their faults; a county of -1 is unknown and stays empty."""
        rates, geography = self.rates, self.geography
        there = counties >= 0
        at_least = np.maximum(counties, 0)
        digits = np.full(len(rows), 6)
        if long:
            luck = self.luck(rows, self.table, column, "digits")
            digits = np.where(luck < rates.long_code / 2, 9, np.where(luck < rates.long_code, 12, 6))
        values = geography.written_codes(at_least, homes, digits)
        values[~there] = ""
        renamed = geography.has_former[at_least] & there
        in_city = there & (geography.prefectures != geography.codes)[at_least]
        table: dict[str, Rate] = {
            "retired_code": rates.retired_code * renamed,
            "city_code": rates.city_code * in_city,
            "province_code": rates.province_code * there,
            "placeholder_code": rates.placeholder_code * there,
            "name_for_code": rates.name_for_code * there,
            "blank_code": rates.blank_code * there,
        }
        for fault, at in self.hits(rows, column, table).items():
            where = counties[at]
            if fault == "retired_code":
                seeds = self.luck.whole(rows[at], self.table, column, "how")
                values[at] = [
                    geography.former[county][seed % len(geography.former[county])].code
                    for county, seed in zip(where.tolist(), seeds.tolist(), strict=True)
                ]
            elif fault == "city_code":
                values[at] = geography.prefectures[where]
            elif fault == "province_code":
                values[at] = geography.provinces[where] + "0000"
            elif fault == "name_for_code":
                values[at] = geography.full_names[where]
            else:
                values[at] = "999999" if fault == "placeholder_code" else ""
        return values

    def phones(self, rows: Ints, column: str, numbers: Ints) -> Texts:
        """Write telephone numbers with their faults."""
        rates = self.rates
        values = texts(numbers.astype(str))
        values[numbers == 0] = ""
        there = numbers > 0
        table: dict[str, Rate] = {
            "blank_phone": rates.blank_phone * there,
            "placeholder_phone": rates.placeholder_phone * there,
            "mistyped_phone": rates.mistyped_phone * there,
            "former_phone": rates.former_phone * there,
        }
        for fault, at in self.hits(rows, column, table).items():
            if fault == "mistyped_phone":
                self._apply(values, at, rows, column, _wrong_digit)
            elif fault == "former_phone":
                values[at] = (numbers[at] // 10**8 * 10**8 + mixed(numbers[at], 43) % 10**8).astype(str)
            else:
                values[at] = "13800000000" if fault == "placeholder_phone" else ""
        return values

    def blanked(self, rows: Ints, column: str, values: Texts, fault: str, rate: float) -> Texts:
        """Leave some values out."""
        for at in self.hits(rows, column, {fault: rate * (values != "")}).values():
            values = values.copy()
            values[at] = ""
        return values


@cache
def _rare() -> frozenset[str]:
    return frozenset(row["character"] for row in tables.rows("rare_characters"))


def _holds_rare(values: Texts) -> Bools:
    rare = _rare()
    return np.array([not rare.isdisjoint(value) for value in values], dtype=np.bool_)


def _other_writing(people: Names, fault: str) -> Texts:
    column = names.elements().latin if fault == "latin_name" else names.elements().script
    head, tail = column[people.first], np.where(people.second >= 0, column[np.maximum(people.second, 0)], "")
    if fault == "latin_name":
        spaced = np.where(tail != "", " " + tail, "")
        return texts([text.title() for text in head + spaced])
    found: Texts = head + tail
    return np.where(found == "", people.text, found)


def _replaced(name: str, at: int, other: str) -> str:
    return name[:at] + other + name[at + 1 :]


def _changed_by(table: dict[str, tuple[str, ...]], name: str, seed: int) -> str:
    """Replace one character by one that the table has for it, seldom the surname's."""
    first = 0 if seed % 8 == 0 else 1
    known = [at for at in range(min(first, len(name) - 1), len(name)) if name[at] in table]
    known = known or [at for at in range(len(name)) if name[at] in table]
    if not known:
        return _repeated_or_lost(name, seed)
    at = known[seed // 8 % len(known)]
    others = table[name[at]]
    return _replaced(name, at, others[seed // 64 % len(others)])


def _repeated_or_lost(name: str, seed: int) -> str:
    at = seed % len(name) if name else 0
    return name[:at] + name[at + 1 :] if len(name) > 2 and seed % 2 else name[: at + 1] + name[at:]


def same_sound(name: str, seed: int) -> str:
    """Replace one character of a name by one that sounds like it."""
    return _changed_by(tables.same_sound(), name, seed)


def _look_alike(name: str, seed: int) -> str:
    return _changed_by(tables.grouped("look_alike", "character", "looks_like"), name, seed)


def _swapped(name: str, seed: int) -> str:
    at = 1 if seed % 10 else 0
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :] if len(name) > at + 1 else name


def _lost_character(name: str, seed: int) -> str:
    at = 1 + seed % (len(name) - 1)
    return _replaced(name, at, "")


def _other_surname(name: str, seed: int) -> str:
    surnames = tables.weighted("surnames", "surname", "per_10000")[0][:100]
    return surnames[seed % 100] + name[1:]


def _traditional(name: str, seed: int) -> str:
    table = tables.grouped("traditional", "character", "traditional")
    return "".join(table[char][0] if char in table else char for char in name)


def _rare_lost(name: str, seed: int) -> str:
    sound = tables.syllable_of()
    other = _LOST[seed % len(_LOST)]
    return "".join(char if char not in _rare() else (sound[char].upper() if seed % 4 == 0 else other) for char in name)


def _cut(name: str, seed: int) -> str:
    return name.split("·")[0] if seed % 2 else name[: max(4, len(name) - 2)]


def _spaced(name: str, seed: int) -> str:
    blank = _BLANKS[seed % 3]
    if seed % 5 == 0:
        return name + blank
    return name[:1] + blank + name[1:]


def _wrong_digit(number: str, seed: int) -> str:
    at = seed % len(number)
    if not number[at].isdecimal():
        at = 5
    return _replaced(number, at, str((int(number[at]) + 1 + seed // 100 % 9) % 10))


def _swapped_digits(number: str, seed: int) -> str:
    for step in range(15):
        at = 6 + (seed + step) % (len(number) - 8)
        if number[at] != number[at + 1]:
            return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number


def _scientific(number: str, seed: int) -> str:
    return f"{int(number[:17]) * 10:.5E}".replace("E+0", "E+") if seed % 4 else f"{int(number[:17]) * 10:.2E}"


def _spaced_number(number: str, seed: int) -> str:
    if seed % 2:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    return number + " " if seed % 4 else " " + number


_NAME_CHANGES: dict[str, Callable[[str, int], str]] = {
    "same_sound": same_sound,
    "look_alike": _look_alike,
    "swapped_characters": _swapped,
    "lost_character": _lost_character,
    "other_surname": _other_surname,
    "traditional": _traditional,
    "rare_character_lost": _rare_lost,
    "cut_name": _cut,
}
_NUMBER_CHANGES: dict[str, Callable[[str, int], str]] = {
    "excel_scientific": _scientific,
    "excel_zeros": lambda number, _: number[:15] + "000",
    "wrong_digit": _wrong_digit,
    "swapped_digits": _swapped_digits,
    "fifteen_digits": lambda number, _: number[:6] + number[8:17],
    "lower_case_x": lambda number, _: number.lower(),
    "full_width": lambda number, _: number.translate(_FULL_WIDTH),
    "spaces_in_number": _spaced_number,
    "hyphens_in_number": lambda number, _: f"{number[:6]}-{number[6:14]}-{number[14:]}",
    "leading_quote": lambda number, _: "'" + number,
}


def _written(day: int, shape: str) -> str:
    return dates.as_date(day).strftime(shape)


def _mistyped_date(day: int, seed: int, shape: str) -> str:
    """Another day of the month, another month, or the day beside it."""
    if seed % 3 == 0:
        return _written(day + (1 if seed % 2 else -1), shape)
    if seed % 3 == 1:
        return _written(day + (10 if seed % 2 else -10), shape)
    return _written(day + (31 if seed % 2 else -30), shape)


def _wrong_year(day: int, seed: int, shape: str) -> str:
    return _written(day + (365 if seed % 2 else -365), shape)


def _swapped_day(day: int, seed: int, shape: str) -> str:
    value = dates.as_date(day)
    return value.replace(month=value.day, day=value.month).strftime(shape)


def lunar_birthday(day: int, shape: str) -> str:
    """The birthday by the farmers' calendar, written as if it were the common one."""
    begins, months = _lunar_months()
    at = int(np.searchsorted(begins, day, side="right")) - 1
    if at < 0 or at >= len(months):
        return _written(day, shape)
    year, month = months[at]
    return (
        shape.replace("%Y", str(year)).replace("%m", f"{month:02d}").replace("%d", f"{day - int(begins[at]) + 1:02d}")
    )


@cache
def _lunar_months() -> tuple[Ints, list[tuple[int, int]]]:
    rows = tables.rows("lunar_months")
    begins = np.array([row["begins"] for row in rows], dtype="datetime64[D]").astype(np.int64)
    return begins, [(int(row["lunar_year"]), int(row["lunar_month"])) for row in rows]


def _impossible(day: int, seed: int, shape: str) -> str:
    month, of_month = ((2, 30), (2, 31), (4, 31), (13, 5), (0, 0))[seed % 5]
    year = str(dates.as_date(day).year)
    return shape.replace("%Y", year).replace("%m", f"{month:02d}").replace("%d", f"{of_month:02d}")


_DATE_CHANGES: dict[str, Callable[[int, int, str], str]] = {
    "mistyped_date": _mistyped_date,
    "wrong_year": _wrong_year,
    "day_and_month_swapped": _swapped_day,
    "lunar_date": lambda day, seed, shape: lunar_birthday(day, shape),
    "impossible_date": _impossible,
    "year_1900": lambda day, seed, shape: shape.replace("%Y", "1900").replace("%m", "01").replace("%d", "01"),
    "two_digit_year": lambda day, seed, shape: _written(day, shape)[2:],
    "excel_serial": lambda day, seed, shape: str(day + 25569),
    "blank_date": lambda day, seed, shape: "",
}
