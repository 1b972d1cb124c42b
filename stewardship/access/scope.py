"""Which counties an account's division codes cover."""

from collections.abc import Iterable

from policy.divisions import load as divisions
from warehouse.stores.actors import Actor


def covers(actor: Actor, code: str) -> bool:
    """Whether the code, or a division above it, is one of the actor's."""
    return not _with_those_above(code).isdisjoint(actor.counties)


def sees(actor: Actor, counties: Iterable[str | None], jurisdiction: str) -> bool:
    """Whether the actor may see what belongs to these counties (a child's residence and hukou).

    What belongs to none within the jurisdiction is seen by those who cover the whole of it: else nobody there would.
    """
    known = [county for county in counties if county]
    is_within = any(jurisdiction in _with_those_above(county) for county in known)
    return any(covers(actor, county) for county in known) or (not is_within and covers(actor, jurisdiction))


def counties(actor: Actor) -> frozenset[str]:
    """Every county code of any year that the actor's codes cover, for a list's filter: ``county in (…)``."""
    return frozenset({*actor.counties, *(record.code for record in divisions().records if covers(actor, record.code))})


def _with_those_above(code: str) -> set[str]:
    above = divisions().ancestors(code)
    return {place for place in (code, above.prefecture, above.province) if place}
