"""Lines with a field too many or too few: read only where exactly one reading passes the columns' checks.

A separator inside a field, or one too many, makes too many; a lost separator or a lost field makes too few. A second
reading that passes means that we'd be guessing, and the line goes to quarantine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.shapes import Fits, anything

Fields = tuple[str, ...]
_SURPLUS_AT_MOST = 5  # separators inside one field; of missing fields, one


def only_reading(fields: Sequence[str], fits: Sequence[Fits], separator: str) -> Fields | None:
    """The one reading of ``fields`` with as many fields as there are checks, or None."""
    surplus = len(fields) - len(fits)
    if surplus == 0:
        return tuple(fields)
    if not -1 <= surplus <= _SURPLUS_AT_MOST:
        return None
    readings = _merged(fields, fits, separator, surplus) if surplus > 0 else _filled(fields, fits)
    found: Fields | None = None
    for reading in readings:
        if found not in (None, reading):
            return None
        found = reading
    return found


def _merged(fields: Sequence[str], fits: Sequence[Fits], separator: str, surplus: int) -> Iterator[Fields]:
    """One field holds ``surplus`` separators, or so many empty fields are too many, most often at the line's end.

    Where the line only ends in too many, a reading that moves a value which stands in its own column is none.
    """
    before, after = _fitting(fields, fits)
    ends_in_blanks = not any(fields[len(fits) :]) and before == len(fits)
    if ends_in_blanks:
        yield tuple(fields[: len(fits)])
    tells_apart = (i for i, fit in enumerate(fits) if fields[i] and fit is not anything)
    in_place = max(tells_apart, default=-1) if ends_in_blanks else -1
    for at, fit in enumerate(fits):
        pieces = fields[at : at + surplus + 1]
        whole = separator.join(pieces) if sum(map(bool, pieces)) > 1 else "".join(pieces)
        if in_place <= at <= before and len(fits) - at - 1 <= after and fit(whole):
            yield (*fields[:at], whole, *fields[at + surplus + 1 :])


def _filled(fields: Sequence[str], fits: Sequence[Fits]) -> Iterator[Fields]:
    """One field was left out, or lost the separator from its neighbour."""
    before, after = _fitting(fields, fits)
    for at in range(len(fields) + 1):
        if at <= before and len(fields) - at <= after:
            yield (*fields[:at], "", *fields[at:])
    for at, field in enumerate(fields):
        if at <= before and len(fields) - at - 1 <= after:
            for cut in range(1, len(field)):
                if fits[at](field[:cut]) and fits[at + 1](field[cut:]):
                    yield (*fields[:at], field[:cut], field[cut:], *fields[at + 1 :])


def _fitting(fields: Sequence[str], fits: Sequence[Fits]) -> tuple[int, int]:
    """How many leading fields pass the leading checks, and how many trailing ones the trailing checks."""
    before = next((i for i, (field, fit) in enumerate(zip(fields, fits, strict=False)) if not fit(field)), None)
    backwards = zip(reversed(fields), reversed(fits), strict=False)
    after = next((i for i, (field, fit) in enumerate(backwards) if not fit(field)), None)
    shorter = min(len(fields), len(fits))
    return shorter if before is None else before, shorter if after is None else after
