"""Makes a report of a published period: its figures measured, protected where they leave the bureau, and sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import duckdb
import sqlalchemy as sa

from policy.period import Period
from reporting import basis
from reporting.pack import figures, notes, released, seal
from reporting.pack.figures import Measured, Pack, Population
from reporting.pack.seal import Change
from warehouse import analysts, releases
from warehouse.home import Home
from warehouse.places import Places
from warehouse.store import Warehouse
from warehouse.stores import accounts, seals
from warehouse.stores.seals import Word


class PublishedMeanwhile(RuntimeError):
    """A release was published while the figures were read: some would be of the one before."""

    def __init__(self) -> None:
        super().__init__(
            "读数期间发布了新的结果，请重新生成。 A release was published while the figures were read. "
            "Nothing was written; ask again."
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that judged children of the report."""

    rule_id: str
    jurisdiction: str
    document: str
    article: str | None
    as_told_in: str | None
    words: str
    younger_than_years: int
    away_at_least_months: int


@dataclass(frozen=True, slots=True)
class Report:
    """One report with its numbers. ``audience``: internal (all numbers) or external (protected)."""

    name: str
    pack: Pack
    period: Period
    jurisdiction: str
    with_unknown: bool  # children of no known county count too
    audience: str
    release: int
    build_id: int
    made_at: datetime  # UTC
    rules: Sequence[Rule]
    measured: Sequence[Measured]
    places: Places  # what divisions were called on the reference date
    canonical: str
    counts: str | None  # canonical too, behind figures that are to leave the bureau
    notes: Mapping[str, str]  # words that go with the figures, by title; not sealed
    word: Word | None = None  # a second person's, on figures that are to leave the bureau
    word_by: str = ""  # that person, by the name that colleagues know

    @property
    def is_released(self) -> bool:
        """Whether it may leave the bureau: a second person let it."""
        return self.audience == "external" and self.word is not None and self.word.word == "released"

    @property
    def sha256(self) -> str:
        """The seal that every page bears."""
        return seal.digest(self.canonical)

    @property
    def place(self) -> str:
        """Whose report it is, as read."""
        return "全国" if self.jurisdiction == "000000" else self.places.name(self.jurisdiction)

    @property
    def title(self) -> str:
        """Place, period and kind of report, as read."""
        half = "上半年" if self.period.half == 1 else "下半年"
        return f"{self.place}{self.period.year}年{half}{self.pack.title}"

    @property
    def basis(self) -> list[str]:
        """The clauses that ask for the report: those that bind the place, else all, as an example."""
        return basis.told(self.pack.basis, self.jurisdiction)

    def population(self, measured: Measured) -> Population:
        """Whom a figure of the report counts."""
        return figures.registry().populations[measured.figure.population]


def make(
    home: Home,
    stores: str | None,
    name: str,
    period: Period,
    jurisdiction: str,
    *,
    external: bool,
    with_unknown: bool,
    words: Path | None = None,
) -> Report:
    """Measure a report of a published period; nothing is kept. ``words``: a file of notes to go with it.

    ``with_unknown``: the place is the home's own jurisdiction, which answers for children of no known county.

    Raises ``FigureError``, ``NotesRefused``, ``NothingPublished``, ``ReleaseTooOld``.
    """
    pack = figures.pack(name)
    wanted = [each for each in figures.of_pack(name) if each.external or not external]
    with Warehouse(home, stores=stores) as house:
        with house.reading(period) as restricted:  # says what is published, if this period isn't
            release = house.published()
            with analysts.reading(home) as mart:
                opened = {"mart": mart, "restricted": restricted}
                told = [
                    figures.measure(opened[each.source], each, str(period), jurisdiction, with_unknown=with_unknown)
                    for each in wanted
                ]
                rules = _rules(mart, period, jurisdiction)
            places = Places.read(restricted, period.as_of)
            said = notes.read(words, pack, restricted) if words else {}
        if releases.in_force(house.home).number != release.number:
            raise PublishedMeanwhile
        measured, counts = told, None
        if external:
            measured, counts = released.protected(house.stores, name, str(period), jurisdiction, told)
    return Report(
        name=name,
        pack=pack,
        period=period,
        jurisdiction=jurisdiction,
        with_unknown=with_unknown,
        audience="external" if external else "internal",
        release=release.number,
        build_id=release.periods[str(period)].build_id,
        made_at=datetime.now(UTC),
        rules=rules,
        measured=measured,
        places=places,
        canonical=seal.canonical(name, str(period), jurisdiction, [each.rule_id for each in rules], measured),
        counts=counts,
        notes={pack.texts[section]: text for section, text in said.items()},
    )


def with_word(engine: sa.Engine, report: Report) -> Report:
    """The report with what a second person said of exactly these figures."""
    word = seals.word_on(engine, report.sha256) if report.audience == "external" else None
    if word is None:
        return report
    account = accounts.get(engine, word.account) if word.account else None
    return replace(report, word=word, word_by=account.display_name if account else word.os_user)


def _rules(mart: duckdb.DuckDBPyConnection, period: Period, jurisdiction: str) -> list[Rule]:
    sql = (resources.files("reporting.pack") / "rules.sql").read_text(encoding="utf-8")
    rows = mart.execute(sql, {"period": str(period), "jurisdiction": jurisdiction}).fetchall()
    return [Rule(*row) for row in rows]


def last_seal(engine: sa.Engine, report: Report) -> seals.Seal | None:
    """The newest seal of the same report: same kind, period, place and audience."""
    own = [
        each
        for each in seals.read(engine, pack=report.name, period=str(report.period))
        if (each.jurisdiction, each.audience) == (report.jurisdiction, report.audience)
    ]
    return own[-1] if own else None


def keep_seal(engine: sa.Engine, report: Report, account: str | None = None) -> list[Change] | None:
    """Seal a report. Returns what differs from its last seal: None where there was none, nothing where all stands.

    Figures that stand are not sealed again. ``account``: who made it, of the web app's, where they said so.
    """
    last = last_seal(engine, report)
    if last is not None and last.sha256 == report.sha256 and last.counts == report.counts:
        return []
    seals.keep(
        engine,
        pack=report.name,
        period=str(report.period),
        jurisdiction=report.jurisdiction,
        audience=report.audience,
        sha256=report.sha256,
        figures=report.canonical,
        counts=report.counts,
        account=account,
        release=report.release,
        build_id=report.build_id,
    )
    return None if last is None else list(seal.changes(last.figures, report.canonical))
