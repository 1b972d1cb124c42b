"""Lines with a field too many or too few: read only where exactly one reading passes the columns' checks.

A separator inside a field makes too many; a lost separator or a lost field makes too few. A second reading that passes
means that we'd be guessing, and the line goes to quarantine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.shapes import Fits

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
    """One field holds ``surplus`` separators, or the line ends in that many empty fields."""
    before, after = _fitting(fields, fits)
    if not any(fields[len(fits) :]) and before == len(fits):
        yield tuple(fields[: len(fits)])
    for at, fit in enumerate(fits):
        whole = separator.join(fields[at : at + surplus + 1])
        if at <= before and len(fits) - at - 1 <= after and fit(whole):
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
