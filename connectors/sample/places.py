"""Where the invented families live: counties in force with their weights, former codes, origins and peoples."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from connectors.sample import tables
from connectors.sample.streams import Bools, Floats, Ints, Streams, Texts, mixed, texts
from policy import divisions
from policy.divisions import Division

_TYPICAL_WEIGHT = {"市辖区": 45.0, "县级市": 60.0, "县": 40.0}
_MUNICIPALITIES = ("11", "12", "31", "50")
_PEOPLES = {
    "蒙古": "02",
    "回族": "03",
    "藏族": "04",
    "维吾尔": "05",
    "苗族": "06",
    "彝族": "07",
    "壮族": "08",
    "布依": "09",
    "朝鲜": "10",
    "满族": "11",
    "侗族": "12",
    "瑶族": "13",
    "白族": "14",
    "土家": "15",
    "哈尼": "16",
    "哈萨克": "17",
    "傣族": "18",
    "黎族": "19",
    "畲族": "22",
    "东乡": "26",
    "纳西": "27",
    "羌族": "33",
    "撒拉": "35",
    "仡佬": "37",
}


class UnknownJurisdiction(ValueError):
    """No county in force belongs to the code."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"jurisdiction {code!r}: no county in force has this code or lies below it. "
            "Give six digits: a province (540000), a prefecture (540100) or a county (429006)."
        )


@dataclass(frozen=True)
class Geography:
    """All county units of the country, by position; ``local`` are those of the jurisdiction."""

    jurisdiction: str
    codes: Texts
    names: Texts  # the county's own name
    full_names: Texts  # with province and prefecture
    weights: Floats
    prefectures: Texts  # the prefecture's code, or the province's where there is none
    is_district: Bools  # 市辖区
    local: Ints  # positions
    former: dict[int, tuple[Division, ...]]  # records of retired codes whose territory is this county alone

    @cached_property
    def numbers(self) -> Ints:
        """The codes as integers."""
        return self.codes.astype(np.int64)

    @cached_property
    def provinces(self) -> Texts:
        """The first two digits of each code."""
        return texts([code[:2] for code in self.codes])

    @cached_property
    def is_local(self) -> Bools:
        """Whether a county belongs to the jurisdiction."""
        found = np.zeros(len(self.codes), dtype=np.bool_)
        found[self.local] = True
        return found

    @cached_property
    def has_former(self) -> Bools:
        """Whether a county's territory ever bore another code."""
        return np.array([at in self.former for at in range(len(self.codes))], dtype=np.bool_)

    @cached_property
    def central_set(self) -> Ints:
        """Which central-district set a county is in; -1 none. Moves inside one set make no migrant child.

        Beijing's six; elsewhere the districts of one prefecture-level city; no set for a municipality and for
        Tianmen (which has no districts).
        """
        six = {"110101", "110102", "110105", "110106", "110107", "110108"}
        found = np.full(len(self.codes), -1, dtype=np.int64)
        for at, code in enumerate(self.codes):
            if code in six:
                found[at] = 110000
            elif self.is_district[at] and code[:2] not in _MUNICIPALITIES:
                found[at] = int(self.prefectures[at])
        return found

    def codes_at_birth(self, counties: Ints, years: Ints) -> Ints:
        """Return the code that each county's territory bore in a year: what begins a citizen number."""
        pair = counties * 10_000 + years
        distinct, where = np.unique(pair, return_inverse=True)
        found = np.array(
            [self._code_in(int(value // 10_000), int(value % 10_000)) for value in distinct], dtype=np.int64
        )
        return found[where]

    def _code_in(self, county: int, year: int) -> int:
        for record in self.former.get(county, ()):
            if record.valid_from <= year and record.valid_to is not None and year < record.valid_to:
                return int(record.code)
        return int(self.codes[county])

    def origins(self, destination_province: str) -> Floats:
        """Weigh the counties outside the jurisdiction by how many of their families move to a province."""
        known = tables.grouped("origins", "destination", "origin")
        key = destination_province if destination_province in known else ""
        names, weights = tables.weighted("origins", "origin", "weight", destination=key)
        by_province = dict(zip(names, weights, strict=True))
        if not key:
            by_province[destination_province] = by_province.get(destination_province, 0) + 1.2 * sum(weights)
        total: dict[str, float] = defaultdict(float)
        outside = np.where(self.is_local, 0.0, self.weights)
        for province, weight in zip(self.provinces, outside, strict=True):
            total[province] += weight
        share = [by_province.get(p, 0.0) / total[p] if total[p] else 0.0 for p in self.provinces]
        found: Floats = outside * np.asarray(share)
        return found if found.sum() > 0 else outside

    def peoples(self, county: int) -> dict[str, float]:
        """Return the shares of the ethnic groups (GB/T 3304 codes) among a county's own families."""
        code = str(self.codes[county])
        known = tables.grouped("ethnic_mix", "province", "ethnic")
        key = next((code[:length] for length in (4, 2) if code[:length] in known), "")
        if not key:
            return {"01": 1.0}
        groups, weights = tables.weighted("ethnic_mix", "ethnic", "weight", province=key)
        scale = sum(weights)
        found = {group: weight / scale for group, weight in zip(groups, weights, strict=True)}
        for word, group in _PEOPLES.items():
            if word in self.full_names[county].removeprefix(self._province_name(county)):
                found[group] = found.get(group, 0.0) + 1.5
        return found

    def _province_name(self, county: int) -> str:
        return next((word for word in (_LONG_PROVINCES) if self.full_names[county].startswith(word)), "")

    def addresses(self, counties: Ints, homes: Ints, prefix: Ints) -> Texts:
        """Write the address of each home: ``homes`` are scattered integers, one a home.

        ``prefix`` says how much of the division's name is written before it: 0 nothing, 1 the county, 2 all.
        """
        words = {kind: texts(tables.grouped("place_words", "kind", "word")[kind]) for kind in _ADDRESS_WORDS}
        township = words["township"][self._townships(counties, homes)]
        tibetan = self.provinces[counties] == "54"
        township[tibetan] = words["tibetan_township"][self._townships(counties, homes)[tibetan]]
        rural = mixed(homes, 2) % 100 < np.where(self.is_district[counties], 12, 55)
        village = _at(words["village"], homes, 3) + texts((mixed(homes, 4) % 12 + 1).astype(str)) + "组"
        village = village + texts((mixed(homes, 5) % 140 + 1).astype(str)) + "号"
        town = _at(words["road"], homes, 6) + texts((mixed(homes, 7) % 300 + 1).astype(str)) + "号"
        town = town + _at(words["estate"], homes, 8) + texts((mixed(homes, 9) % 40 + 1).astype(str)) + "号楼"
        town = town + texts((mixed(homes, 10) % 6 + 1).astype(str)) + "单元"
        town = town + texts((mixed(homes, 11) % 18 * 100 + 101 + mixed(homes, 12) % 4).astype(str)) + "室"
        before = np.where(prefix == 2, self.full_names[counties], np.where(prefix == 1, self.names[counties], ""))
        found: Texts = before + township + np.where(rural, village, town)
        return found

    def _townships(self, counties: Ints, homes: Ints) -> Ints:
        """Which of its county's townships each home lies in, from 0: its name and its code are this one's."""
        known = tables.grouped("place_words", "kind", "word")
        count = np.where(self.provinces[counties] == "54", len(known["tibetan_township"]), len(known["township"]))
        found: Ints = mixed(homes, 1) % count
        return found

    def written_codes(self, counties: Ints, homes: Ints, digits: Ints) -> Texts:
        """Write division codes with 6, 9 (township) or 12 (village) digits."""
        township = texts(np.char.zfill((self._townships(counties, homes) + 1).astype(str), 3))
        village = texts(np.char.zfill((mixed(homes, 3) % 50 + 201).astype(str), 3))
        found: Texts = self.codes[counties] + np.where(digits >= 9, township, "") + np.where(digits == 12, village, "")
        return found


_ADDRESS_WORDS = ("township", "tibetan_township", "village", "road", "estate")
_LONG_PROVINCES = ("内蒙古自治区", "宁夏回族自治区", "新疆维吾尔自治区", "广西壮族自治区", "西藏自治区")


def _at(words: Texts, homes: Ints, salt: int) -> Texts:
    found: Texts = words[mixed(homes, salt) % len(words)]
    return found


def load(jurisdiction: str, first_year: int, last_year: int, streams: Streams) -> Geography:
    """Read the county units in force throughout the years, and mark those of the jurisdiction."""
    every = divisions.load()
    units = [
        record
        for record in every.records
        if every.is_county_unit(record.code, last_year)
        and record.is_in_force(last_year)
        and record.valid_from < first_year
        and record.code[:2] not in {"71", "81", "82"}
    ]
    names_above = {r.code: r.name for r in every.records if r.level != "county" and r.is_in_force(last_year)}
    parent = {r.code: _prefecture(r.code, names_above) for r in units}
    codes = texts([record.code for record in units])
    length = 2 if jurisdiction.endswith("0000") else 4 if jurisdiction.endswith("00") else 6
    stem = jurisdiction[:length]
    local = np.flatnonzero([code.startswith(stem) for code in codes])
    if not local.size or every.at(jurisdiction, last_year) is None:  # 659000 has counties below it and is no place
        raise UnknownJurisdiction(jurisdiction)
    return Geography(
        jurisdiction=jurisdiction,
        codes=codes,
        names=texts([record.name for record in units]),
        full_names=texts([_full_name(record, parent[record.code], names_above) for record in units]),
        weights=_weights(units, streams),
        prefectures=texts([parent[record.code] for record in units]),
        is_district=np.array([record.type == "市辖区" for record in units], dtype=np.bool_),
        local=local.astype(np.int64),
        former=_former(every.records, {record.code: at for at, record in enumerate(units)}),
    )


def _prefecture(code: str, above: dict[str, str]) -> str:
    return code[:4] + "00" if code[:4] + "00" in above else code[:2] + "0000"


def _full_name(record: Division, prefecture: str, above: dict[str, str]) -> str:
    province = above.get(record.code[:2] + "0000", "")
    middle = above[prefecture] if not prefecture.endswith("0000") and prefecture != record.code else ""
    return province + middle + record.name


def _weights(units: list[Division], streams: Streams) -> Floats:
    known = {row["code"]: float(row["ten_thousands"]) for row in tables.rows("population")}
    by_prefecture: dict[str, int] = defaultdict(int)
    for record in units:
        by_prefecture[record.code[:4]] += 1
    rng = streams.of("county weights")
    found = []
    for record in units:
        chance = float(rng.lognormal(0.0, 0.5))
        share = known.get(record.code[:4], 0.0) / by_prefecture[record.code[:4]]
        found.append(known.get(record.code) or (share or _TYPICAL_WEIGHT.get(record.type, 35.0)) * chance)
    return np.asarray(found)


def _former(records: list[Division], units: dict[str, int]) -> dict[int, tuple[Division, ...]]:
    found: dict[int, list[Division]] = defaultdict(list)
    for record in records:
        ended = record.level == "county" and record.valid_to is not None
        if ended and len(record.current) == 1 and record.current[0] in units and record.current[0] != record.code:
            found[units[record.current[0]]].append(record)
    return {at: tuple(values) for at, values in found.items()}
