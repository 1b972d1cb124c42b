"""Administrative divisions (行政区划) with their history: which county a delivered code or name means on a date.

A code is looked up together with a year, never alone: hundreds of codes were given out twice, and 429001 → 420681 →
429001 is a loop for whoever forgets the year. Where a county was split its successors are a set, never the first one.

Source: ``policy/codes/divisions.csv``, made by ``policy.build.divisions``; GB/T 2260 for the shape of a code.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files

import pyarrow as pa


class Level(StrEnum):
    """How precisely a delivered value names a place."""

    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"
    NONE = "none"


class DivisionFault(StrEnum):
    """What is wrong, or worth knowing, about a delivered division."""

    BLANK = "blank"
    MALFORMED = "malformed"  # neither 6, 9 or 12 digits nor a name
    PLACEHOLDER = "placeholder"  # 999999, 000000
    UNKNOWN = "unknown"  # no table of any year holds it
    RETIRED = "retired"  # information: replaced by the successors in force
    NOT_YET = "not_yet"  # younger than the date asked for: replaced by its predecessors, where known
    CITY_LEVEL = "city_level"
    PROVINCE_LEVEL = "province_level"
    PSEUDO = "pseudo"  # 429000, sum lines: a line of a statistical table, not a place
    DEVELOPMENT_ZONE = "development_zone"
    NAME_NOT_CODE = "name_not_code"  # information: a name that was resolved
    AMBIGUOUS_NAME = "ambiguous_name"  # several places in force bear it
    UNKNOWN_NAME = "unknown_name"


@dataclass(frozen=True, slots=True)
class Division:
    """One code under one name for one span of years.

    ``valid_from`` is the first year whose table of 31 December holds it (1981: or earlier), ``valid_to`` the first
    that no longer does (None: in force). ``successors`` took all of its territory in ``valid_to``, each of
    ``partial_transfers`` (code, year) a part of it before; ``current`` holds its territory today.
    """

    code: str
    name: str
    level: Level
    type: str
    parent: str
    valid_from: int
    valid_to: int | None
    successors: tuple[str, ...]
    partial_transfers: tuple[tuple[str, int], ...]
    current: tuple[str, ...]

    def is_in_force(self, year: int) -> bool:
        """Whether the table of 31 December of ``year`` holds this record."""
        return self.valid_from <= year and (self.valid_to is None or self.valid_to > year)

    def overlaps(self, other: Division) -> bool:
        """Whether some year's table holds both records."""
        return self.is_in_force(max(self.valid_from, other.valid_from)) and other.is_in_force(
            max(self.valid_from, other.valid_from)
        )


@dataclass(frozen=True, slots=True)
class StatisticalCode:
    """A code of the statistics bureau that is no division: digits and ``?``, and the fault it amounts to."""

    pattern: str
    fault: DivisionFault

    def matches(self, code: str) -> bool:
        """Whether the code is of this pattern."""
        return all(mark in {"?", digit} for mark, digit in zip(self.pattern, code, strict=True))


@dataclass(frozen=True, slots=True)
class Place:
    """What a delivered division value means on a date.

    ``codes`` are the county units in force that may be meant, sorted: none if the county isn't known, several if the
    county was split. ``prefecture`` and ``province`` are known wherever all ``codes`` agree, and often without any.
    ``township`` is the 9-digit code where 9 or 12 digits were delivered, ``village`` all 12, untested.
    """

    codes: tuple[str, ...]
    level: Level
    prefecture: str | None = None
    province: str | None = None
    fault: DivisionFault | None = None
    township: str | None = None
    village: str | None = None


@dataclass(frozen=True, slots=True)
class Ancestors:
    """The divisions above a code; None where there is none (a municipality's districts have no prefecture)."""

    prefecture: str | None
    province: str | None


_BLANKS = frozenset({"", "-", "--", "/", "无", "空", "不详", "未知", "NULL", "NONE", "NAN", "N/A", r"\N"})
_IGNORED = re.compile(r"[\s\u200b\ufeff'’‘\"`=\-]+")
_CODE = r"(\d{6}(?:\d{3}){0,2})"
_CODE_AND_NAME = re.compile(rf"{_CODE}[^\d]{{2,}}|[^\d]{{2,}}{_CODE}[)）\]】]?")  # 429006天门市; 天门市(429006)
_FLOAT = re.compile(r"(\d+)\.0*")
_SCIENTIFIC = re.compile(r"(\d)\.(\d{5})(?:E\+?0?5|\d{3,}E\+?(?:0?8|11))", re.IGNORECASE)
"""Six digits unrounded. Excel's 4.29006E+11 has lost the township, and rounding may have made a neighbour of it."""
_PLACEHOLDER = re.compile(r"(\d)\1{5}")
_HEADING = re.compile(r"(省|自治区)?直辖县级行政(区划|单位)|市辖区(?=.)")
_KIND = re.compile(r"(自治县|自治旗|林区|特区|地区|市|区|县|旗|盟)$")
_SHORT_PROVINCE = re.compile(r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)$")


class Divisions:
    """All records, with the look-ups on them. Make it with :func:`load`."""

    def __init__(self, records: Iterable[Division], statistical: Iterable[StatisticalCode] = ()) -> None:
        self.records: list[Division] = sorted(records, key=lambda record: (record.code, record.valid_from))
        self._by_code: dict[str, list[Division]] = defaultdict(list)
        for record in self.records:
            self._by_code[record.code].append(record)
        self._statistical = tuple(statistical)
        self._own_units: dict[int, frozenset[str]] = {}
        self._resolved: dict[tuple[str, int], Place] = {}

    def at(self, code: str, year: int) -> Division | None:
        """Return the record that holds ``code`` in the table of 31 December of ``year``."""
        for record in self._by_code.get(code, ()):
            if record.is_in_force(year):
                return record
        return None

    def resolve(self, value: str | None, on: date) -> Place:
        """Say which county units in force in the year of ``on`` a department's value means.

        Takes codes of 6, 9 or 12 digits as typed (spaces, full width, ``.0``) and names. In the year of a change the
        old and the new code both resolve, to the new one.
        """
        text = fold(value)
        if text.upper() in _BLANKS:
            return Place((), Level.NONE, fault=DivisionFault.BLANK)
        if not text.isdecimal():
            return self._resolve_name(text, on.year)
        if len(text) not in {6, 9, 12}:
            return Place((), Level.NONE, fault=DivisionFault.MALFORMED)
        place = self._resolve_code(text[:6], on.year)
        if len(text) > 6 and text[6:9] != "000" and place.codes:
            village = text if len(text) == 12 and text[9:] != "000" else None
            return replace(place, township=text[:9], village=village)
        return place

    def resolve_many(self, values: Sequence[str | None], on: date) -> list[Place]:
        """Resolve each value once however often it occurs; the answers are in the order of ``values``."""
        answers = {value: self.resolve(value, on) for value in set(values)}
        return [answers[value] for value in values]

    def name(self, code: str, on: date) -> str:
        """Full name for display, 湖北省天门市; a code out of force by its last name, an unknown one as it is."""
        record = self.at(code, on.year) or self._last_before(code, on.year) or self._first(code)
        if record is None:
            return code
        above = self.ancestors(code, on)
        parts = dict.fromkeys([above.province, above.prefecture])
        names = [self._name_only(part, on.year) for part in parts if part and part != code]
        return "".join([*names, record.name])

    def ancestors(self, code: str, on: date | None = None) -> Ancestors:
        """Province and prefecture of a code, by its record on the date (today: the last one)."""
        record = (self.at(code, on.year) if on else None) or self._last(code)
        if record is None:
            return Ancestors(None, None)
        province = f"{code[:2]}0000"
        if record.level is Level.PREFECTURE:
            return Ancestors(code, province)
        is_below_prefecture = record.level is Level.COUNTY and record.parent != province
        return Ancestors(record.parent if is_below_prefecture else None, province)

    def same_city_districts(self, left: str, right: str, on: date | None = None) -> bool:
        """Whether both codes are 市辖区 of one prefecture-level city; a municipality's districts are not."""
        ends = [(self.at(code, on.year) if on else None) or self._last(code) for code in (left, right)]
        parents = {end.parent for end in ends if end is not None and end.type == "市辖区"}
        if any(end is None or end.type != "市辖区" for end in ends) or len(parents) != 1:
            return False
        return not parents.pop().endswith("0000")

    def is_county_unit(self, code: str, year: int) -> bool:
        """Whether the code is a county, or a prefecture without counties, in force in the year."""
        record = self.at(code, year)
        return record is not None and (record.level is Level.COUNTY or code in self._prefectures_alone(year))

    def county_units(self, on: date) -> pa.Table:
        """County units in force on the date: code, name, full_name, type, prefecture, province. One row a unit."""
        units = [record for record in self.records if self._is_unit(record, on.year)]
        above = [self.ancestors(record.code, on) for record in units]
        return pa.table(
            {
                "code": pa.array([record.code for record in units], pa.string()),
                "name": pa.array([record.name for record in units], pa.string()),
                "full_name": pa.array([self.name(record.code, on) for record in units], pa.string()),
                "type": pa.array([record.type for record in units], pa.string()),
                "prefecture": pa.array([item.prefecture for item in above], pa.string()),
                "province": pa.array([item.province for item in above], pa.string()),
            }
        )

    def partial_transfers(self) -> pa.Table:
        """Parts of a territory that went elsewhere while the code lived on: from_code, to_code, year."""
        found = [(record.code, to, year) for record in self.records for to, year in record.partial_transfers]
        return pa.table(
            {
                "from_code": pa.array([item[0] for item in found], pa.string()),
                "to_code": pa.array([item[1] for item in found], pa.string()),
                "year": pa.array([item[2] for item in found], pa.int16()),
            }
        )

    def successions(self, on: date) -> pa.Table:
        """Where the territory of codes out of force is now: code, successor. A row for each part of a split one."""
        codes = [record.code for record in self.records if record.level is Level.COUNTY]
        retired = [code for code in dict.fromkeys(codes) if self.at(code, on.year) is None]
        found = [(code, successor) for code in retired for successor in self.resolve(code, on).codes]
        return pa.table(
            {
                "code": pa.array([code for code, _ in found], pa.string()),
                "successor": pa.array([successor for _, successor in found], pa.string()),
            }
        )

    def units_after(self, record: Division, year: int) -> frozenset[str]:
        """Codes in force in ``year`` that hold the territory of ``record``, by walking (code, year)."""
        if record.is_in_force(year):
            return frozenset({record.code})
        if record.valid_to is None or record.valid_to > year:
            return frozenset()
        steps = (self.at(code, record.valid_to) for code in record.successors)
        return frozenset().union(*(self.units_after(step, year) for step in steps if step is not None))

    def _resolve_code(self, code: str, year: int) -> Place:
        if (code, year) not in self._resolved:
            self._resolved[code, year] = self._look_up(code, year)
        return self._resolved[code, year]

    def _look_up(self, code: str, year: int) -> Place:
        if _PLACEHOLDER.fullmatch(code):
            return Place((), Level.NONE, fault=DivisionFault.PLACEHOLDER)
        record = self.at(code, year)
        if record is None and self._is_sum_line(code, year):
            return self._from_statistics(code, year)
        record = record or self._last_before(code, year)
        if record is not None:
            return self._from_record(record, year)
        return self._from_the_future(code, year) if code in self._by_code else self._from_statistics(code, year)

    def _is_sum_line(self, code: str, year: int) -> bool:
        """Whether xx01 sums up a city's districts; decades ago some of these codes were counties."""
        city = self.at(f"{code[:4]}00", year)
        return code.endswith("01") and city is not None and city.level is Level.PREFECTURE and city.type == "地级市"

    def _from_record(self, record: Division, year: int, fault: DivisionFault | None = None) -> Place:
        is_retired = not record.is_in_force(year)
        codes = self.units_after(record, year) if is_retired else frozenset({record.code})
        if is_retired and record.level is Level.COUNTY:
            codes = self._counties_instead(codes, year)
        return self._place(codes, year, fault or (DivisionFault.RETIRED if is_retired else None), record)

    def _place(self, codes: frozenset[str], year: int, fault: DivisionFault | None, record: Division) -> Place:
        """Put codes of any level into a place: county units stay, what lies above them is only known above."""
        units = tuple(sorted(code for code in codes if self.is_county_unit(code, year)))
        above = [self.ancestors(code, date(year, 12, 31)) for code in codes]
        province = _only({item.province for item in above}) or f"{record.code[:2]}0000"
        prefecture = _only({item.prefecture for item in above})
        if units:
            return Place(units, Level.COUNTY, prefecture, province, fault)
        if record.level is Level.PROVINCE:
            return Place((), Level.PROVINCE, None, province, DivisionFault.PROVINCE_LEVEL)
        wrong = DivisionFault.CITY_LEVEL if record.level is Level.PREFECTURE else DivisionFault.RETIRED
        level = Level.PREFECTURE if prefecture else Level.PROVINCE
        return Place((), level, prefecture, province, wrong)

    def _from_the_future(self, code: str, year: int) -> Place:
        """Go back from a code younger than the year to the codes whose territory it took."""
        record = self._by_code[code][0]
        codes = frozenset(
            before.code
            for before in self.records
            if before.is_in_force(year) and self.is_county_unit(before.code, year) and code in before.current
        )
        if codes:
            return self._place(codes, year, DivisionFault.NOT_YET, record)
        above = self.ancestors(code)
        level = Level.PREFECTURE if above.prefecture else Level.PROVINCE
        return Place((), level, above.prefecture, above.province, DivisionFault.NOT_YET)

    def _from_statistics(self, code: str, year: int) -> Place:
        """Judge a code that no division bears: a line of the statistical lists, or unknown."""
        province, city = self.at(f"{code[:2]}0000", year), self.at(f"{code[:4]}00", year)
        if province is None:
            return Place((), Level.NONE, fault=DivisionFault.UNKNOWN)
        if city is not None and city.code in self._prefectures_alone(year):
            return Place((city.code,), Level.COUNTY, city.code, province.code)
        for known in self._statistical:
            if known.matches(code) and (city is not None or known.fault is DivisionFault.PSEUDO):
                level = Level.PREFECTURE if city else Level.PROVINCE
                return Place((), level, city.code if city else None, province.code, known.fault)
        return Place((), Level.NONE, fault=DivisionFault.UNKNOWN)

    def _counties_instead(self, codes: frozenset[str], year: int) -> frozenset[str]:
        """The codes, with a prefecture that has counties by now replaced by them: 西沙群岛 became 三沙市."""
        above = {code for code in codes if not self.is_county_unit(code, year)}
        if not above:
            return codes
        below = {r.code for r in self.records if r.parent in above and r.level is Level.COUNTY and r.is_in_force(year)}
        return (codes - above) | below

    def _resolve_name(self, text: str, year: int) -> Place:
        if not any("\u4e00" <= character <= "\u9fff" for character in text):
            return Place((), Level.NONE, fault=DivisionFault.MALFORMED)
        name = _HEADING.sub("", text)
        records = self._names.get(name) or self._short_names.get(name, [])
        if not records:
            return Place((), Level.NONE, fault=DivisionFault.UNKNOWN_NAME)
        chosen = [record for record in records if record.is_in_force(year)]
        if not chosen:
            past = [record for record in records if record.valid_to is not None and record.valid_to <= year]
            latest = max((record.valid_to or 0 for record in past), default=0)
            chosen = [record for record in past if record.valid_to == latest]
        places = {self._from_record(record, year, DivisionFault.NAME_NOT_CODE) for record in chosen}
        if len(places) == 1:
            return places.pop()
        return Place((), Level.NONE, fault=DivisionFault.AMBIGUOUS_NAME if places else DivisionFault.UNKNOWN_NAME)

    @cached_property
    def _names(self) -> dict[str, list[Division]]:
        """Records by every way of writing them: alone, below the prefecture, the province, or both."""
        found: dict[str, dict[tuple[str, int], Division]] = defaultdict(dict)
        for record in self.records:
            for spelling in self._spellings(record):
                found[spelling][record.code, record.valid_from] = record
        return {spelling: list(records.values()) for spelling, records in found.items()}

    @cached_property
    def _short_names(self) -> dict[str, list[Division]]:
        """Records below a province by their names without 市, 区, 县: 天门, 北京海淀."""
        found: dict[str, list[Division]] = defaultdict(list)
        for spelling, records in self._names.items():
            for record in records:
                short = spelling.removesuffix(record.name) + _KIND.sub("", record.name)
                if record.level is not Level.PROVINCE and len(_KIND.sub("", record.name)) >= 2:
                    found[short].append(record)
        return dict(found)

    def _spellings(self, record: Division) -> set[str]:
        if record.level is Level.PROVINCE:
            return {record.name, _SHORT_PROVINCE.sub("", record.name)}
        year = record.valid_from if record.valid_to is None else record.valid_to - 1
        province = self._name_only(f"{record.code[:2]}0000", year)
        prefixes = {"", province, _SHORT_PROVINCE.sub("", province)}
        if not record.parent.endswith("0000"):
            cities = {self._name_only(record.parent, some) for some in (year, record.valid_from)}
            cities |= {city.name for city in self._by_code[record.parent] if city.overlaps(record)}
            cities |= {city.removesuffix("市") for city in cities}
            prefixes |= {prefix + city for prefix in prefixes for city in cities}
        return {prefix + record.name for prefix in prefixes}

    def _name_only(self, code: str, year: int) -> str:
        record = self.at(code, year) or self._last_before(code, year) or self._first(code)
        return record.name if record else ""

    def _is_unit(self, record: Division, year: int) -> bool:
        if not record.is_in_force(year):
            return False
        return record.level is Level.COUNTY or record.code in self._prefectures_alone(year)

    def _prefectures_alone(self, year: int) -> frozenset[str]:
        """Prefectures without counties in the year: 441900, 442000, 460400, 620200 in our days."""
        if year not in self._own_units:
            now = [record for record in self.records if record.is_in_force(year)]
            parents = {record.parent for record in now if record.level is Level.COUNTY}
            self._own_units[year] = frozenset(
                record.code for record in now if record.level is Level.PREFECTURE and record.code not in parents
            )
        return self._own_units[year]

    def _last_before(self, code: str, year: int) -> Division | None:
        ended = [r for r in self._by_code.get(code, ()) if r.valid_to is not None and r.valid_to <= year]
        return ended[-1] if ended else None

    def _last(self, code: str) -> Division | None:
        return self._by_code[code][-1] if code in self._by_code else None

    def _first(self, code: str) -> Division | None:
        return self._by_code[code][0] if code in self._by_code else None


def fold(value: str | None) -> str:
    """A delivered division as plain text: half width, no spaces or quotes, Excel's ``.0`` undone.

    Of a code and a name in one cell, the code.
    """
    text = _IGNORED.sub("", unicodedata.normalize("NFKC", value or ""))
    if match := _FLOAT.fullmatch(text):
        return match[1]
    if match := _SCIENTIFIC.fullmatch(text):
        return match[1] + match[2]
    if match := _CODE_AND_NAME.fullmatch(text):
        return match[1] or match[2]
    return text


@cache
def load() -> Divisions:
    """Read the committed table once a process."""
    statistical = (
        StatisticalCode(row["pattern"], DivisionFault(row["kind"])) for row in _rows("statistical_codes.csv")
    )
    return Divisions((_record(row) for row in _rows("divisions.csv")), statistical)


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("policy").joinpath("codes", name).read_text(encoding="utf-8")
    return iter(csv.DictReader(text.splitlines()))


def _record(row: dict[str, str]) -> Division:
    transfers = (item.split("@") for item in row["partial_transfers"].split())
    return Division(
        code=row["code"],
        name=row["name"],
        level=Level(row["level"]),
        type=row["type"],
        parent=row["parent"],
        valid_from=int(row["valid_from"]),
        valid_to=int(row["valid_to"]) if row["valid_to"] else None,
        successors=tuple(row["successors"].split()),
        partial_transfers=tuple((code, int(year)) for code, year in transfers),
        current=tuple(row["current"].split()),
    )


def _only(values: set[str | None]) -> str | None:
    return next(iter(values)) if len(values) == 1 else None
