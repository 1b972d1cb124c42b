"""The departments' own numbers (学籍号 …), folded for comparison; the natural key keeps the delivered text."""

from __future__ import annotations

import re
import unicodedata

COLUMNS = (
    "student_no",
    "insured_no",
    "health_record_no",
    "registration_no",
    "disability_card_no",
    "birth_certificate_no",
    "household_no",
)
_MARKS = re.compile(r"[\s\u200b\ufeff'’‘`\"=\-‐‑–—―−]+")
_DESTROYED = re.compile(r"\d(?:\.\d+)?E\+?\d+")
_BLANK = frozenset({"", "无", "空", "不详", "未知", "暂无", "NULL", "NONE", "NAN", "N/A", r"\N", "/", "0"})


def fold(text: str) -> str | None:
    """Half-width, upper-case, without spaces, hyphens and quotation marks; None for blanks and what Excel destroyed."""
    folded = _MARKS.sub("", unicodedata.normalize("NFKC", text)).upper().removesuffix(".0")
    return None if folded in _BLANK or _DESTROYED.fullmatch(folded) else folded
