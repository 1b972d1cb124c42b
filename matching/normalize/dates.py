"""Dates as departments type them: parsed where only one reading is possible, else missing with the reason kept.

A sound date has *alternatives* too: what it would be if day and month were swapped, or if it were the lunar birthday.
They are evidence for a comparison, never a value.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from borax.calendars.lunardate import InvalidLunarDateError, LCalendars, LunarDate  # type: ignore[import-untyped]


class Precision(StrEnum):
    """How much of a date is known; the rest of the value is its first day."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """One delivered text read as a date: the value, how precise, what else it may mean, what is wrong."""

    on: date | None = None
    precision: Precision | None = None
    alternatives: tuple[date, ...] = ()
    fault: str | None = None


_BLANK = frozenset({"", "无", "空", "-", "--", "/", "不详", "未知", "NULL", "NONE", "NAN", "NAT", "N/A", r"\N"})
_CLOCK = re.compile(r"[T ]?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|\+\d{2}:?\d{2})?$|(?<=\d)T00$")
_PLACEHOLDERS = frozenset(
    [date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1970, 1, 1), date(1111, 11, 11), date(1, 1, 1)]
)
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = (21916, 60000)  # 1960 to 2064
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_PLAIN = re.compile(r"((?:19|20)\d{2})([-/]?)(\d{2})\2(\d{2})", re.ASCII)
_FORWARD = re.compile(r"(\d{4}|\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_BACKWARD = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_YEAR = re.compile(r"(\d{4})年?")
_LUNAR = re.compile(r"[((]?(?:农历|阴历|旧历)[))]?[:：]?|[((](?:农历|阴历|农|阴)[))]$")


def fold(text: str | None) -> str:
    """Half-width, Chinese numerals as digits, no spaces, no time of day."""
    plain = unicodedata.normalize("NFKC", text or "").strip().strip("='’‘`\"")
    plain = _CLOCK.sub("", plain).replace(" ", "").replace("。", ".").replace("、", ".")
    return _fold_chinese_numerals(plain) if "年" in plain else plain


def _fold_chinese_numerals(text: str) -> str:
    """二〇一六年十月二十五日 as 2016年10月25日; the lunar 初五, 廿三 likewise."""
    text = re.sub(r"([年月])(正|元)月", r"\g<1>1月", text).replace("腊月", "12月").replace("冬月", "11月")
    text = text.replace("初", "").replace("廿", "二十").replace("卅", "三十")
    text = re.sub(r"([一二三])?十([一二三四五六七八九])?", _tens, text)
    text = text.translate(_CHINESE_DIGITS)
    return re.sub(r"(月\d{1,2})$", r"\1日", text)


def _tens(match: re.Match[str]) -> str:
    tens = "一二三".find(match[1]) + 1 if match[1] else 1
    units = "一二三四五六七八九".find(match[2]) + 1 if match[2] else 0
    return str(10 * tens + units)


def parse(text: str | None, as_of: date) -> ParsedDate:
    """Read one delivered date. ``as_of`` decides the century of two-digit years, and which serials are plausible."""
    if match := _PLAIN.fullmatch(text or ""):  # nearly all of them
        return _parse_day(match[1], match[3], match[4], as_of)
    folded = fold(text)
    if folded.upper() in _BLANK:
        return ParsedDate()
    if _LUNAR.search(folded):
        return _parse_lunar(_LUNAR.sub("", folded))
    return _with_alternatives(_parse_plain(folded.removesuffix(".0"), as_of))


@lru_cache(maxsize=65536)
def _parse_day(year: str, month: str, day: str, as_of: date) -> ParsedDate:
    """Read a day once for all the ways in which departments write it."""
    return _with_alternatives(_year_month_day(year, month, day, as_of))


def _with_alternatives(parsed: ParsedDate) -> ParsedDate:
    if parsed.on is None:
        return parsed
    if parsed.on in _PLACEHOLDERS or parsed.on.year < 1900 or parsed.on.year >= 2200:
        return ParsedDate(fault="placeholder")
    return replace(parsed, alternatives=tuple(sorted({*parsed.alternatives, *_alternatives(parsed)} - {parsed.on})))


def _parse_plain(text: str, as_of: date) -> ParsedDate:
    if re.fullmatch(r"[09\-/.]+|9999.*|0000.*", text):
        return ParsedDate(fault="placeholder")
    if text.isdecimal():
        return _parse_digits(text, as_of)
    if match := _FORWARD.fullmatch(text):
        return _year_month_day(match[1], match[2], match[3], as_of)
    if match := _BACKWARD.fullmatch(text):
        return _only_reading([(match[3], match[1], match[2]), (match[3], match[2], match[1])], "year_last")
    if match := _MONTH.fullmatch(text):
        return _first_of_month(match[1], match[2])
    if match := _YEAR.fullmatch(text):
        return ParsedDate(date(int(match[1]), 1, 1), Precision.YEAR, fault="year_only")
    return ParsedDate(fault="malformed")


def _parse_digits(text: str, as_of: date) -> ParsedDate:
    if len(text) == 8:
        if text[:2] in {"19", "20"}:
            return _year_month_day(text[:4], text[4:6], text[6:], as_of)
        return _only_reading([(text[4:], text[:2], text[2:4]), (text[4:], text[2:4], text[:2])], "year_last")
    if len(text) == 6 and text[:2] in {"19", "20"} and 1 <= int(text[4:]) <= 12:
        other = _year_month_day(text[:2], text[2:4], text[4:], as_of).on
        return replace(_first_of_month(text[:4], text[4:]), alternatives=(other,) if other else ())
    if len(text) == 6:
        return _year_month_day(text[:2], text[2:4], text[4:], as_of)
    if len(text) == 5 and _SERIALS[0] <= int(text) <= _SERIALS[1]:
        return ParsedDate(_EXCEL_EPOCH + timedelta(days=int(text)), Precision.DAY, fault="excel_serial")
    if len(text) == 4 and text[:2] in {"19", "20"}:
        return ParsedDate(date(int(text), 1, 1), Precision.YEAR, fault="year_only")
    return ParsedDate(fault="malformed")


def _year_month_day(year: str, month: str, day: str, as_of: date) -> ParsedDate:
    """Read a date in the Chinese order; where no such day exists, its one other reading, if there is just one."""
    fault = "two_digit_year" if len(year) == 2 else None
    full = _full_year(year, as_of)
    if int(month) == 0 or int(day) == 0:
        return _with_zeros(full, int(month))
    on = _day(full, int(month), int(day))
    if on is not None:
        return ParsedDate(on, Precision.DAY, fault=fault)
    swapped = _day(full, int(day), int(month))
    if swapped is not None:
        return ParsedDate(swapped, Precision.DAY, fault="swapped")
    lunar = _solar_of_lunar(full, int(month), int(day))
    return ParsedDate(alternatives=(lunar,) if lunar else (), fault="no_such_day")


def _with_zeros(year: int, month: int) -> ParsedDate:
    """20160000 is known to the year, 20160300 to the month."""
    if not 1900 <= year < 2200:
        return ParsedDate(fault="placeholder")
    if 1 <= month <= 12:
        return ParsedDate(date(year, month, 1), Precision.MONTH, fault="month_only")
    return ParsedDate(date(year, 1, 1), Precision.YEAR, fault="year_only")


def _only_reading(readings: list[tuple[str, str, str]], fault: str) -> ParsedDate:
    """Take the one day that the (year, month, day) readings allow; several are alternatives of a missing value."""
    days = {_day(int(year), int(month), int(day)) for year, month, day in readings} - {None}
    found = sorted(day for day in days if day is not None and 1900 <= day.year < 2200)
    if len(found) == 1:
        return ParsedDate(found[0], Precision.DAY, fault=fault)
    return ParsedDate(alternatives=tuple(found), fault="ambiguous" if found else "malformed")


def _first_of_month(year: str, month: str) -> ParsedDate:
    on = _day(int(year), int(month), 1)
    if on is None:
        return ParsedDate(fault="malformed")
    return ParsedDate(on, Precision.MONTH, fault="month_only")


def _full_year(year: str, as_of: date) -> int:
    if len(year) == 4:
        return int(year)
    century = as_of.year // 100 * 100
    return century + int(year) - (100 if int(year) > as_of.year - century else 0)


def _parse_lunar(text: str) -> ParsedDate:
    """Convert a date that says that it is lunar: one reading, so it is a value."""
    is_leap = "闰" in text
    match = _FORWARD.fullmatch(text.replace("闰", "")) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    on = _solar_of_lunar(int(match[1]), int(match[2]), int(match[3]), is_leap=is_leap) if match else None
    if on is None:
        return ParsedDate(fault="malformed")
    return ParsedDate(on, Precision.DAY, fault="lunar")


def _alternatives(parsed: ParsedDate) -> set[date]:
    if parsed.on is None or parsed.precision is not Precision.DAY or parsed.fault == "swapped":
        return set()
    on = parsed.on
    return {day for day in (_day(on.year, on.day, on.month), _solar_of_lunar(on.year, on.month, on.day)) if day}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _solar_of_lunar(year: int, month: int, day: int, *, is_leap: bool = False) -> date | None:
    """The solar day of a lunar date; None where that lunar day doesn't exist."""
    first, days = _lunar_month(year, month, is_leap)
    return first + timedelta(days=day - 1) if first is not None and 1 <= day <= days else None


@lru_cache(maxsize=4096)
def _lunar_month(year: int, month: int, is_leap: bool) -> tuple[date | None, int]:
    """The solar day on which a lunar month begins, and its days; None and 0 where there is no such month."""
    try:
        return LunarDate(year, month, 1, int(is_leap)).to_solar_date(), LCalendars.ndays(year, month, int(is_leap))
    except (InvalidLunarDateError, ValueError):
        return None, 0
