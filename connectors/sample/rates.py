"""How often each fault of real deliveries is put in. A rate is a share of the values or rows that could have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Self

_MOST = 0.95


def _missing() -> Mapping[str, tuple[float, float, float]]:
    return MappingProxyType(
        {  # under one year, one to five, six and older
            "education.enrolment": (0.45, 0.45, 0.36),
            "public_security.residence": (0.80, 0.72, 0.62),
            "public_security.hukou": (0.0, 0.0, 0.0),
            "health.child_health": (0.90, 0.75, 0.62),
            "medical_insurance.enrolment": (0.50, 0.36, 0.30),
            "medical_insurance.high_cost_alert": (0.20, 0.12, 0.10),
            "civil_affairs.field_visit": (0.65, 0.55, 0.48),
            "civil_affairs.welfare": (0.08, 0.04, 0.03),
        }
    )


@dataclass(frozen=True)
class FaultRates:
    """All rates. ``scaled(2)`` doubles them, ``scaled(0)`` gives faultless deliveries."""

    # A row with the child's number has been checked against the register; one without is typed by hand from hearing,
    # and five names in a hundred typed so are wrong: five times the hundredth that the rates of names below come to.
    # Exact matching (the number, else name, sex and birth date) stays under 0.9 at half of all rates whatever this is:
    # it fails by missing numbers.
    hand_typed: float = 5.0  # so much oftener is its name or birth date wrong, seldom both; never scaled
    everyday_name: float = (
        0.05  # of children: known by a name that sounds like the registered one; in rows typed by hand
    )
    everyday_birthday: float = 0.04  # of children: keep their birthday by the lunar calendar; in rows typed by hand
    # names of children; adults' names have four fifths of these, twice over
    same_sound: float = 0.0045
    look_alike: float = 0.0028
    swapped_characters: float = 0.001
    lost_character: float = 0.0006
    other_surname: float = 0.0003
    traditional: float = 0.0015
    spaces_in_name: float = 0.008
    nickname: float = 0.001
    former_name_kept: float = 0.4  # of the renamed
    rare_character_lost: float = 0.3  # of names that hold one: ?, □, a blank or its sound instead
    newborn_name: float = 0.5  # of those under two months in health records: 之子, 之女
    other_spelling: float = 0.1  # of transliterated names
    other_dot: float = 0.3  # of names with a dot
    cut_name: float = 0.02  # of names with a dot: the form's field was too short, or the father's name left out
    latin_name: float = 0.006  # of transliterated names
    tibetan_script: float = 0.01  # of Tibetan names
    # citizen numbers in the child's own column
    number_missing: Mapping[str, tuple[float, float, float]] = field(default_factory=_missing)
    excel_scientific: float = 0.004  # of numbers that passed a spreadsheet
    excel_zeros: float = 0.004
    wrong_digit: float = 0.006
    swapped_digits: float = 0.003
    lower_case_x: float = 0.2  # of numbers that end in X
    full_width: float = 0.003
    spaces_in_number: float = 0.005
    hyphens_in_number: float = 0.002
    leading_quote: float = 0.005
    fifteen_digits: float = 0.001
    siblings_number: float = 0.003  # of children with siblings
    guardians_number: float = 0.006  # of insurance and health rows; a third as often elsewhere
    # dates of birth, and as often other dates
    mistyped_date: float = 0.0024
    wrong_year: float = 0.0006
    day_and_month_swapped: float = 0.002  # of the days that can be read as months
    lunar_date: float = 0.0015
    impossible_date: float = 0.0006
    year_1900: float = 0.0005
    two_digit_year: float = 0.0006
    excel_serial: float = 0.0008
    blank_date: float = 0.001
    # division codes
    retired_code: float = 0.02  # of the places that had another code
    city_code: float = 0.003
    province_code: float = 0.001
    placeholder_code: float = 0.002
    name_for_code: float = 0.003
    blank_code: float = 0.004
    long_code: float = 0.3  # 9 or 12 digits, where the feed allows them; no fault
    # phones, addresses, guardians
    school_phone: float = 0.01
    placeholder_phone: float = 0.006
    mistyped_phone: float = 0.008
    blank_phone: float = 0.04
    former_phone: float = 0.06  # of records: the number that the family had before, the same in all that kept it
    school_address: float = 0.02  # and of boarders ten times
    blank_address: float = 0.03
    missing_guardian: float = 0.025
    adults_number_missing: float = 0.12
    fathers_number_missing: float = 0.3  # in health records, where the mother is asked
    wrong_sex: float = 0.002
    # rows
    repeated_row: float = 0.003
    second_key: float = 0.008  # the same child under two keys of one feed
    blank_key: float = 0.0005
    destroyed_key: float = 0.0005  # of numeric keys
    borrowed_key: float = 0.0003  # a key copied from the row above
    # lines of text files
    undecodable_bytes: float = 0.00006
    nul_byte: float = 0.00006
    stray_quote: float = 0.00008
    embedded_newline: float = 0.0003
    extra_separator: float = 0.0002
    # whole files
    other_encoding: float = 0.03
    byte_order_mark: float = 0.05  # present where none is due, or missing where one is
    cut_last_line: float = 0.02

    def without(self, *kinds: str) -> Self:
        """Switch kinds of faults off, by the names in ``KINDS``."""
        off: dict[str, object] = {}
        for kind in kinds:
            if kind not in KINDS:
                raise ValueError(f"no kind of fault is called `{kind}`: take of {', '.join(KINDS)}")
            for name in KINDS[kind]:
                value = getattr(self, name)
                off[name] = MappingProxyType(dict.fromkeys(value, (0.0, 0.0, 0.0))) if name in _MAPPED else 0.0
        return replace(self, **off)  # type: ignore[arg-type]

    def scaled(self, factor: float) -> Self:
        """Multiply every rate but the two that are no faults; none goes above 0.95."""
        if factor < 0:
            raise ValueError(f"fault rates can't be scaled by {factor}: give a factor of 0 or more")
        changed: dict[str, object] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name in ("long_code", "hand_typed"):
                continue
            if isinstance(value, Mapping):
                changed[each.name] = MappingProxyType(
                    {feed: tuple(min(rate * factor, _MOST) for rate in rates) for feed, rates in value.items()}
                )
            else:
                changed[each.name] = min(value * factor, _MOST)
        return replace(self, **changed)  # type: ignore[arg-type]


_MAPPED = ("number_missing",)
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": (
            *("everyday_name", "same_sound", "look_alike", "swapped_characters", "lost_character", "other_surname"),
            *("traditional", "spaces_in_name", "nickname", "former_name_kept", "rare_character_lost", "newborn_name"),
        ),
        "spelling": ("other_spelling", "other_dot", "cut_name", "latin_name", "tibetan_script"),
        "missing_number": ("number_missing",),
        "number": (
            *("excel_scientific", "excel_zeros", "wrong_digit", "swapped_digits", "lower_case_x", "full_width"),
            *("spaces_in_number", "hyphens_in_number", "leading_quote", "fifteen_digits"),
        ),
        "borrowed_number": ("siblings_number", "guardians_number"),
        "date": (
            *("everyday_birthday", "mistyped_date", "wrong_year", "day_and_month_swapped", "lunar_date"),
            *("impossible_date", "year_1900", "two_digit_year", "excel_serial", "blank_date"),
        ),
        "place": ("retired_code", "city_code", "province_code", "placeholder_code", "name_for_code", "blank_code"),
        "household": (
            *("school_phone", "placeholder_phone", "mistyped_phone", "blank_phone", "former_phone"),
            *("school_address", "blank_address"),
            *("missing_guardian", "adults_number_missing", "fathers_number_missing", "wrong_sex"),
        ),
        "row": ("repeated_row", "second_key", "blank_key", "destroyed_key", "borrowed_key"),
        "file": (
            *("undecodable_bytes", "nul_byte", "stray_quote", "embedded_newline", "extra_separator"),
            *("other_encoding", "byte_order_mark", "cut_last_line"),
        ),
    }
)
"""Every fault by kind, for deliveries in which some kinds don't occur."""

DEFAULT = FaultRates()
