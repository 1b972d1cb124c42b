"""Telephone numbers: folded to digits, kept only where they can be somebody's."""

from __future__ import annotations

import re
import unicodedata

_SPLIT = re.compile(r"[/,;、，；|\\]|\s{2,}|或|和")
_NOT_DIGITS = re.compile(r"\D+")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_JUNK = re.compile(r"(\d)\1{6}|01234567|12345678|23456789|98765432|87654321|76543210")
_BLANK = frozenset({"", "无", "-", "--", "/", "0", "没有", "不详", "未知", "暂无"})


def judge(text: str | None) -> tuple[str | None, str | None]:
    """Return the phone as digits, or None and why not. Of several in one cell, the first valid one.

    Eleven digits of a mobile phone, or area code and number of a landline. Seven equal digits in a row or eight that
    count up or down are nobody's: they were typed to pass a form.
    """
    if text and _MOBILE.fullmatch(text):  # nearly all of them
        return (None, "placeholder") if _is_junk(text) else (text, None)
    folded = unicodedata.normalize("NFKC", text or "").strip()
    if folded in _BLANK:
        return None, None
    faults = []
    for part in [folded, *_SPLIT.split(folded)]:
        phone, fault = _judge_one(part)
        if phone:
            return phone, None
        faults.append(fault)
    return None, faults[0] if len(faults) < 3 else faults[-1]


def _judge_one(part: str) -> tuple[str | None, str | None]:
    if re.search(r"\dE\+?\d", part, re.IGNORECASE):
        return None, "destroyed"
    digits = _NOT_DIGITS.sub("", re.sub(r"\.0+$", "", part))
    for prefix in ("0086", "86"):
        if digits.startswith(prefix) and len(digits) - len(prefix) >= 10:
            digits = digits.removeprefix(prefix)
            break
    if _MOBILE.fullmatch(digits[1:]) and digits.startswith("0"):
        digits = digits[1:]
    if not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        return None, "malformed"
    return (None, "placeholder") if _is_junk(digits) else (digits, None)


def _is_junk(digits: str) -> bool:
    return _JUNK.search(digits, 3) is not None
