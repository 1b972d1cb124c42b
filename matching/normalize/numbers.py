"""Citizen identity numbers (公民身份号码): folded, judged, and never repaired.

A number's six leading digits say where it was issued, nothing about today's hukou; they are only checked for being
a province at all.

Source: GB 11643-1999, check character by ISO 7064 MOD 11-2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import mul

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_POWERS = 10 ** np.arange(17, 0, -1, dtype=np.int64)
_CHECK_CHARACTERS = "10X98765432"
_CHECK_BYTES = np.frombuffer(_CHECK_CHARACTERS.encode(), np.uint8)
# 81-83: residence permits of Hong Kong, Macau and Taiwan residents; 9x: foreigners' permanent residence since 2023.
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
) | {f"9{digit}" for digit in range(10)}
_IS_PROVINCE = np.array([f"{pair:02d}" in _PROVINCES for pair in range(100)])

_MARKS = re.compile(r"[\s\u200b-\u200f\ufeff'’‘`´\"“”=\-‐‑‒–—―_−*]+")
_BLANK = frozenset({"", "无", "空", "不详", "未知", "没有", "暂无", "NULL", "NONE", "NAN", "N/A", r"\N", "/", "0"})
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+")
_FLOAT = re.compile(r"(\d{6,})\.0*")
_DOCUMENT = re.compile(r"[A-Z]{1,3}\d{6,12}|[A-Z]\d{7}\(?[0-9A-Z]\)?|[A-Z]{1,2}\d{6}\(?[0-9A]\)?|\d{8}|\d{10}")


class NumberState(StrEnum):
    """What a delivered number turned out to be, by itself. The row it stands in can still disown it."""

    BLANK = "blank"
    SOUND = "sound"
    SUSPECT = "suspect"  # passes the check, but ends as Excel's rounding leaves it: sound only if seen elsewhere
    FAILED_CHECK = "failed_check"
    DESTROYED = "destroyed"
    FIFTEEN = "fifteen"
    OTHER_DOCUMENT = "other_document"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Number:
    """One delivered number judged. ``sex`` is told by sound, suspect and 15-digit numbers only.

    ``born_on`` also by 18 digits that fail the check or that Excel has rounded: it spares the fourteen first ones.
    """

    state: NumberState
    number: str | None = None
    born_on: date | None = None
    sex: str | None = None
    fault: str | None = None


def fold(text: str | None) -> str:
    """Half-width, upper-case, without spaces, hyphens, quotation marks or Excel's ``=``."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text or "")).upper()


def check_character(first_17: str) -> str:
    """The 18th character that belongs to 17 digits."""
    total = sum(map(mul, map(int, first_17), _WEIGHTS))
    return _CHECK_CHARACTERS[total % 11]


def judge(text: str | None, as_of: date) -> Number:
    """Say what one delivered text is as a citizen number on the reference date."""
    folded = fold(text)
    if folded in _BLANK or set(folded) <= {"0"}:
        return Number(NumberState.BLANK)
    if _SCIENTIFIC.fullmatch(folded):
        return Number(NumberState.DESTROYED, fault="destroyed")
    was_float = _FLOAT.fullmatch(folded)
    if was_float:
        folded = was_float[1]
    if len(folded) == 18 and folded[:17].isdecimal() and (folded[17].isdecimal() or folded[17] == "X"):
        return _judge_18(folded, as_of, was_float=was_float is not None)
    if len(folded) == 15 and folded.isdecimal():
        return _judge_15(folded, as_of)
    if _DOCUMENT.fullmatch(folded) and not was_float:
        return Number(NumberState.OTHER_DOCUMENT, folded.replace("(", "").replace(")", ""))
    return Number(NumberState.MALFORMED, folded, fault="malformed")


def _judge_18(number: str, as_of: date, *, was_float: bool) -> Number:
    born_on = _date_of(number[6:14])
    if born_on is not None and not date(1900, 1, 1) < born_on <= as_of:
        born_on = None
    is_sound = check_character(number[:17]) == number[17] and number[:2] in _PROVINCES and born_on is not None
    is_rounded = was_float or _ends_rounded(number)
    if not is_sound:
        state = NumberState.DESTROYED if is_rounded else NumberState.FAILED_CHECK
        return Number(state, None if is_rounded else number, born_on, fault=state.value)
    state = NumberState.SUSPECT if is_rounded else NumberState.SOUND
    return Number(state, number, born_on, "male" if int(number[16]) % 2 else "female")


def _ends_rounded(number: str) -> bool:
    """Whether the last digits are what is left of 15 significant ones: 000, or the double nearest to that."""
    if number[17] == "X":
        return False
    value = int(number)
    nearest = round(value, -3)
    return value == nearest or value == int(float(nearest))


def _judge_15(number: str, as_of: date) -> Number:
    """Old numbers carry 19yy and no check; the 18-digit form follows from them (GB 11643-1999, 5).

    Where that makes a person of about a hundred years, a system has shortened a number of 20yy.
    """
    recent = _date_of(f"20{number[6:12]}")
    first_17 = f"{number[:6]}{19 if recent is None or recent > as_of else 20}{number[6:]}"
    born_on = _date_of(first_17[6:14])
    if born_on is None or number[:2] not in _PROVINCES:
        return Number(NumberState.MALFORMED, number, fault="malformed")
    sex = "male" if int(number[14]) % 2 else "female"
    return Number(NumberState.FIFTEEN, first_17 + check_character(first_17), born_on, sex, "fifteen")


def _date_of(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


SCHEMA = pa.schema(
    {
        "delivered": pa.string(),
        "state": pa.string(),
        "number": pa.string(),
        "born_on": pa.date32(),
        "sex": pa.string(),
        "fault": pa.string(),
    }
)


def judge_all(delivered: pa.Array, as_of: date) -> pa.Table:
    """Judge distinct delivered texts: clean sound ones in numpy, all at once, the rest one by one."""
    clean = pc.and_(pc.equal(pc.binary_length(delivered), 18), pc.match_substring_regex(delivered, r"^\d{17}[\dX]$"))
    clean = pc.fill_null(clean, False)
    candidates = delivered.filter(clean)
    is_sound, births, is_male = _judge_clean(candidates, as_of)
    sound = candidates.filter(pa.array(is_sound))
    rest = pa.concat_arrays([candidates.filter(pa.array(~is_sound)), delivered.filter(pc.invert(clean))])
    return pa.concat_tables(
        [
            pa.table(
                {
                    "delivered": sound,
                    "state": pa.array(np.full(len(sound), "sound"), pa.string()),
                    "number": sound,
                    "born_on": pa.array(births[is_sound]),
                    "sex": pa.array(np.where(is_male[is_sound], "male", "female"), pa.string()),
                    "fault": pa.nulls(len(sound), pa.string()),
                }
            ).cast(SCHEMA),
            _table(rest.to_pylist(), as_of),
        ]
    )


def _table(texts: Sequence[str], as_of: date) -> pa.Table:
    judged = [judge(text, as_of) for text in texts]
    columns = {
        "delivered": list(texts),
        "state": [item.state.value for item in judged],
        "number": [item.number for item in judged],
        "born_on": [item.born_on for item in judged],
        "sex": [item.sex for item in judged],
        "fault": [item.fault for item in judged],
    }
    return pa.table({name: pa.array(columns[name], SCHEMA.field(name).type) for name in SCHEMA.names})


def _judge_clean(
    numbers: pa.Array, as_of: date
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.datetime64], npt.NDArray[np.bool_]]:
    """Soundness, birth date and sex of texts of 17 digits and a digit or X; not sound also means not decided."""
    if not len(numbers):
        return np.zeros(0, bool), np.zeros(0, "datetime64[D]"), np.zeros(0, bool)
    numbers = pa.concat_arrays([numbers.cast(pa.string())])
    offset = int(np.frombuffer(numbers.buffers()[1], np.int32)[numbers.offset])
    raw = np.frombuffer(numbers.buffers()[2], np.uint8)[offset : offset + 18 * len(numbers)].reshape(-1, 18)
    digits = raw[:, :17].astype(np.int32) - 48
    passes = _CHECK_BYTES[(digits @ np.array(_WEIGHTS, np.int32)) % 11] == raw[:, 17]
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1])
    month, day = digits[:, 10] * 10 + digits[:, 11], digits[:, 12] * 10 + digits[:, 13]
    plausible = (year >= 1900) & (year <= as_of.year) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = (np.where(plausible, year, 1970) - 1970) * 12 + np.where(plausible, month, 1) - 1
    births = months.astype("datetime64[M]").astype("datetime64[D]") + (np.where(plausible, day, 1) - 1)
    real = births.astype("datetime64[M]").astype(np.int64) == months
    rounded = _end_rounded(digits, raw[:, 17])
    in_time = (births > np.datetime64("1900-01-01")) & (births <= np.datetime64(as_of))
    known = _IS_PROVINCE[digits[:, 0] * 10 + digits[:, 1]]
    return passes & plausible & real & in_time & known & ~rounded, births, digits[:, 16] % 2 == 1


def _end_rounded(digits: npt.NDArray[np.int32], last: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """As :func:`_ends_rounded`, of all numbers at once, from 17 digits and the last character."""
    values = digits.astype(np.int64) @ _POWERS + (last.astype(np.int64) - ord("0"))
    nearest = (values + 500) // 1000 * 1000
    rounded: npt.NDArray[np.bool_] = (last != ord("X")) & (
        (values == nearest) | (values == nearest.astype(np.float64).astype(np.int64))
    )
    return rounded
