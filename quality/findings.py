"""What a gate says: a stop, which an operator may accept with a reason, or a warning. Figures and bounds, no values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connectors.specs import Expect, FeedSpec


def percent(share: float) -> str:
    """A share as the messages say it; no more decimals than say something."""
    return f"{100 * share:.2f} %" if 0 < abs(share) < 0.01 or 0.99 < share < 1 else f"{100 * share:.1f} %"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where gates are asked: the period and HOME that the command in a message names, and the feed specs in force.

    The specs give each table's own bounds (``expect``) and the Chinese titles.
    """

    period: str
    home: str = "HOME"
    specs: Mapping[tuple[str, str], FeedSpec] = field(default_factory=dict)

    def title(self, feed: str, table: str, column: str = "") -> str:
        """The Chinese title and our name of a table or a column of it: ``学籍号（student_no）``.

        ``feed`` and ``table`` may also be the room and the name of a table of ours that holds a delivery's rows.
        """
        ours = column or f"{feed}.{table}"
        spec = self.specs.get((feed, table)) or next((s for s in self.specs.values() if s.raw_table == table), None)
        titled = spec.columns.get(column) if spec and column else spec
        return f"{titled.title}（{ours}）" if titled else ours

    def accept_command(self, feed: str, table: str) -> str:
        """The command that lets a stop of this table pass."""
        return f'childindex accept --home {self.home} --period {self.period} --feed {feed} --table {table} --reason "…"'


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure beyond its bound.

    ``feed`` and ``table`` name the delivered table; for a finding about our own tables they are room and table.
    ``subject`` is what in it the figure is of: a column, a file's county, a file; empty for the whole table.
    The messages say figure, bound and what to do; Chinese is what the operator reads.
    """

    feed: str
    table: str
    gate: str
    subject: str
    figure: float
    bound: float
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Stop(Finding):
    """The run goes no further. ``command`` lets it pass and ends both messages; empty where the fault is our own."""

    command: str = ""

    @property
    def acceptable(self) -> bool:
        """True when an operator may let it pass."""
        return bool(self.command)


@dataclass(frozen=True, slots=True)
class Warn(Finding):
    """Shown and counted; the run goes on."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound and how it is said. ``is_least``: figures below it trip; ``is_share``: shown in percent.

    ``is_said`` is false where the figure is a plain fact, such as a table that didn't come.
    """

    bound: float
    is_least: bool = False
    is_share: bool = True
    is_said: bool = True

    @property
    def zh(self) -> str:
        """In Chinese, as the end of a sentence."""
        return f"（{'下限' if self.is_least else '上限'} {self._shown}）" if self.is_said else ""

    @property
    def en(self) -> str:
        """In English, as the end of a sentence."""
        return f" ({'at least' if self.is_least else 'at most'} {self._shown})" if self.is_said else ""

    @property
    def _shown(self) -> str:
        return percent(self.bound) if self.is_share else f"{self.bound:g}"


@dataclass(frozen=True, slots=True)
class Door:
    """One table before its gates: puts their findings into words, always with figure, bound and what to do."""

    setting: Setting
    feed: str
    table: str

    def title(self, column: str = "") -> str:
        """The Chinese title of the table or of a column of it, with our name."""
        return self.setting.title(self.feed, self.table, column)

    @property
    def expect(self) -> Expect:
        """The bounds of the table's feed spec, or what a spec that says nothing gets."""
        spec = self.setting.specs.get((self.feed, self.table))
        return spec.expect if spec else Expect()

    def stop(self, gate: str, subject: str, figure: float, limit: Limit, zh: str, en: str) -> Stop:
        """A stop that the operator may accept; its messages end with the command that does."""
        command = self.setting.accept_command(self.feed, self.table)
        return Stop(
            *(self.feed, self.table, gate, subject, figure, limit.bound),
            f"{self.title()}：{zh}{limit.zh}。请先核实；确认无误可放行：{command}",
            f"{self.feed}.{self.table}: {en}{limit.en}. Ask first; if it is right, let it pass: {command}",
            command=command,
        )

    def fault(self, gate: str, subject: str, figure: float, limit: Limit, zh: str, en: str) -> Stop:
        """A stop that nobody can accept, since the tables contradict themselves."""
        return Stop(
            *(self.feed, self.table, gate, subject, figure, limit.bound),
            f"{self.title()}：{zh}{limit.zh}。结果自相矛盾，不能放行；请重新运行，仍如此则连同本页上报。",
            f"{self.feed}.{self.table}: {en}{limit.en}. Our own tables disagree, so this can't be accepted: "
            "run again; if it stays, report it with this page.",
        )

    def warn(self, gate: str, subject: str, figure: float, limit: Limit, zh: str, en: str) -> Warn:
        """A warning."""
        return Warn(
            *(self.feed, self.table, gate, subject, figure, limit.bound),
            f"{self.title()}：{zh}{limit.zh}。",
            f"{self.feed}.{self.table}: {en}{limit.en}.",
        )


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An operator's word that a stop may pass: a row of the store's ``acceptance``.

    ``table`` None stands for every table of the feed, ``gate`` None for every gate, ``delivery_sha256`` None for
    whichever delivery of the period; one that names a delivery does not hold for the next one.
    """

    feed: str
    table: str | None = None
    gate: str | None = None
    delivery_sha256: str | None = None
    reason: str = ""
    os_user: str = ""
    at: str = ""

    def covers(self, stop: Stop, delivery_sha256: str | None) -> bool:
        """True when this acceptance lets ``stop`` pass for the delivery that lies there now."""
        return (
            stop.acceptable
            and self.feed == stop.feed
            and self.table in (None, stop.table)
            and self.gate in (None, stop.gate)
            and self.delivery_sha256 in (None, delivery_sha256)
        )


@dataclass(frozen=True, slots=True)
class Accepted:
    """A stop that an operator let pass, with the word that did."""

    stop: Stop
    by: Acceptance


@dataclass(frozen=True, slots=True)
class Outcome:
    """What all gates together came to."""

    stops: tuple[Stop, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    warnings: tuple[Warn, ...] = ()

    @property
    def passed(self) -> bool:
        """True when nothing that wasn't accepted stops the run."""
        return not self.stops

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.stops + other.stops, self.accepted + other.accepted, self.warnings + other.warnings)


def settle(
    findings: Iterable[Stop | Warn],
    acceptances: Iterable[Acceptance] = (),
    deliveries: Mapping[tuple[str, str], str | None] | None = None,
) -> Outcome:
    """Part findings into stops, accepted stops and warnings. ``deliveries``: sha256 of each table's delivery."""
    known = list(acceptances)
    stops: list[Stop] = []
    accepted: list[Accepted] = []
    warnings: list[Warn] = []
    for found in findings:
        if isinstance(found, Warn):
            warnings.append(found)
            continue
        sha256 = (deliveries or {}).get((found.feed, found.table))
        word = next((each for each in reversed(known) if each.covers(found, sha256)), None)
        if word:
            accepted.append(Accepted(found, word))
        else:
            stops.append(found)
    return Outcome(tuple(stops), tuple(accepted), tuple(warnings))
