"""Whether a text looks like a value of a column's type: enough to tell two columns apart, never to judge a value.

Used where a broken line has several readings and to notice columns that were exchanged. A faulty value of the right
kind (``20160230``, an identity number with a wrong check digit) has the shape; a blank has every shape.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.specs import ColumnSpec

Fits = Callable[[str], bool]

# six digits could be a date of a two-digit year, but are a division far more often
_DATE = r"\d{5}|\d{7,8}|\d{2,4}[-/.年]\d{1,2}([-/.月](\d{1,2}日?)?)?([ T]?\d{1,2}:.*)?|\D*[年月初廿]\D*"
_PATTERNS: dict[str, str] = {
    "name": r"(?!.*\d{3})(?![男女]$)\D.{0,59}",
    "citizen_no": r"(-?\d){14,20}-?X?|(?=.*[A-Z])(?=.*\d)[A-Z0-9()]{5,20}|\d(\.\d+)?E\+?\d+|\d{6}[\d*]{8,11}[\dX*]",
    "key_number": r"[A-Z0-9_\-./+*#]{1,40}",
    "document_kind": r"[A-Z0-9]{1,3}|(?!.*\d{4})[^|,;]*[证照簿户护无其他码][^|,;]*",
    "date": _DATE,
    "month": r"\d{6}|" + _DATE,
    "division": r"\d{6}(\d{3}){0,2}(\.0)?|(?=.*[省市区县旗州盟镇乡])\D{2,40}",
    "phone": r"(?=(\D*\d){5,16}\D*$)[+\d()\-转,;/、 ]{5,40}",
    "money": r"[-+]?[¥￥]?\d[\d,]*(\.\d*)?元?",
    "integer": r"[-+]?\d{1,12}(\.0)?",
}
_SPACES = re.compile(r"[\s'`\"=\u200b\ufeff]+")  # ="4290…" keeps Excel from making a number of it


def fold(text: str) -> str:
    """Half-width, upper-case, without spaces, quotes and Excel's ``=``: what typing habits add."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).upper()


def anything(_text: str) -> bool:
    """The check of a column that tells nothing apart."""
    return True


def of(column: ColumnSpec | None) -> Fits:
    """The check for a column; a column that we don't know, an address and free text take anything."""
    if column is None or column.type in ("address", "text"):
        return anything
    if column.words:
        words = frozenset(fold(word) for word in column.words)
        return lambda text: not (folded := fold(text)) or folded in words
    pattern = re.compile(_PATTERNS[column.type])
    return lambda text: not (folded := fold(text)) or pattern.fullmatch(folded) is not None


def tells_apart(column: ColumnSpec) -> bool:
    """Whether the column's check refuses anything at all."""
    return of(column) is not anything
