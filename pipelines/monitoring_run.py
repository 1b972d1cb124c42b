"""What the assets of one run share: the site's settings, the open warehouse, the progress, the gates' words.

Dagster hands it to every asset as the resource ``run``. Nothing is read from the environment before a run begins.
"""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from time import perf_counter

import dagster as dg
import duckdb

from connectors import specs
from connectors.locate import Delivery, locate
from connectors.specs import FeedSpec
from matching.engines import spark
from matching.engines.engine import Engine, OneMachine
from matching.periods import last_release
from pipelines import inputs
from pipelines import site as settings
from pipelines.failure import StepFailed, is_ours
from pipelines.progress import Sink, Stopwatch
from pipelines.site import Site, SiteError
from pipelines.summary import Summary, summarise
from policy.period import Period
from quality.findings import Outcome
from quality.profile import ProfileRow
from quality.receipts import ReceiptRow, read_receipts
from quality.validation import ValidationResult, Validator
from warehouse import build, keys
from warehouse.home import Home
from warehouse.law import write_law
from warehouse.part import Part
from warehouse.store import Warehouse
from warehouse.stores import periods, profiles, runs

_log = logging.getLogger(__name__)
REFUSED = "refused"  # the gate that a refused delivery stops at
WATCHED_ON = "childindex/watched_on"  # the tag of a run between two closes: its day
WATCH_INBOX = "watch"  # below the inbox, where the half-year's own deliveries don't lie
AFTER_DECISIONS = "after_decisions"  # the job that goes on from what is published


class MonitoringRun:
    """One run's hands. ``table`` and ``checking`` lend connections to the period's building file, and to nothing else.

    ``retrain``: train a new version of the linkage model, though one is in force. ``full``: link every entry anew.
    ``on``: a day between two closes on which watched counties are looked at; such a run publishes nothing.
    ``goes_on``: take the deliveries as they were published, and work in what people decided since.
    ``figures`` are what the gates will compare the next period with; ``outcome`` is what they said so far.
    """

    def __init__(
        self,
        home: Path,
        site: Site,
        run_id: str,
        sink: Sink | None = None,
        notice: Callable[[str], None] = _log.warning,
        retrain: bool = False,
        full: bool = False,
        on: date | None = None,
        goes_on: bool = False,
    ) -> None:
        self.home = home
        self.site = site
        self.run_id = run_id
        self.sink = sink or Stopwatch()
        self.notice = notice
        self.retrain = retrain
        self.full = full
        self.on = on
        self.goes_on = goes_on
        self.outcome = Outcome()
        self.figures: list[ProfileRow] = []
        self.validations: list[ValidationResult] = []
        self.receipts: list[ReceiptRow] = []
        self.summary: Summary | None = None
        self.failure: Exception | None = None
        self._inputs: Mapping[str, str] = {}
        self._part: Part | None = None
        self._open: Period | None = None
        self._began = perf_counter()
        self._published = False

    @cached_property
    def warehouse(self) -> Warehouse:
        """The one opener of restricted files, with the site's share of the machine."""
        parameters = self.site.parameters
        return Warehouse(
            self.home,
            threads=parameters.threads,
            memory_limit=parameters.memory,
            stores=self.site.stores_url,
            keep=parameters.keep_releases,
        )

    @cached_property
    def engine(self) -> Engine:
        """Where the linkage's heavy steps run, as site.yaml or the command says; closed with the run."""
        parameters = self.site.parameters
        if parameters.engine == "duckdb":
            return OneMachine()
        place = spark.Place(parameters.threads, parameters.memory, parameters.master, parameters.exchange)
        return spark.open_engine(place, self.warehouse.home.building / "spark")

    @cached_property
    def feeds(self) -> dict[tuple[str, str], FeedSpec]:
        """The feed specs, the site's own laid over ours."""
        own = self.home / "feeds"
        return specs.load(own if own.is_dir() else None)

    @cached_property
    def validator(self) -> Validator:
        """One Great Expectations context for the whole run."""
        return Validator(self.warehouse.cursor)

    def begin(self, period: Period) -> None:
        """Begin the period's file anew, with the law in force and what the last release and the stores hold."""
        with self._worded("raw", "delivery"):
            periods.check_open(self.warehouse.stores, str(period))
            self.warehouse.close()
            self._inputs = inputs.digests(self.home, self.site, period, self.warehouse.published())
            opened = self.warehouse.begin(period)
            self._open = period
            if self.on is None:
                runs.note(self.warehouse.stores, self.run_id, str(period), "started", build_id=opened.build_id)
            with self.warehouse.cursor() as con:
                write_law(con, self.as_of(period))

    def as_of(self, period: Period) -> date:
        """The reference date: the day of a look between two closes, else the half-year's last."""
        return self.on or period.as_of

    def build_table(self, con: duckdb.DuckDBPyConnection, room: str, table: str, period: Period) -> int:
        """Make a table of SQL; where the run goes on, of the children only whom new decisions touch."""
        if not self.goes_on:
            return build.build_table(con, room, table, self.parameters(period))
        if self._part is None:
            self._part = self.warehouse.part()
        return self._part.build_table(con, room, table, self.parameters(period))

    def _go_on(self, period: Period) -> None:
        """Go on from what is published of the period, with its figures and receipts."""
        periods.check_open(self.warehouse.stores, str(period))
        self.warehouse.close()
        known = self.warehouse.published().periods[str(period)]
        opened = self.warehouse.go_on(period)
        self._open = period
        runs.note(self.warehouse.stores, self.run_id, str(period), "started", build_id=opened.build_id)
        self.figures = [ProfileRow(*row) for row in profiles.read(self.warehouse.stores, known.build_id)]
        self._inputs = known.inputs
        with self.warehouse.cursor() as con:
            last_release.go_on(con)
            self.receipts = read_receipts(con)

    def inputs(self, period: Period) -> Mapping[str, str]:
        """What the open build was made of; nothing where that changed meanwhile, so that the next run begins anew."""
        if self.goes_on:
            return self._inputs
        now = inputs.digests(self.home, self.site, period, self.warehouse.published())
        return now if now == self._inputs else {}

    def parameters(self, period: Period) -> dict[str, object]:
        """What the SQL files of the rooms may bind."""
        return {
            "as_of": self.as_of(period),
            "period": str(period),
            "period_begins_on": period.begins_on,
            "jurisdiction": self.site.jurisdiction,
            "token_key": keys.token_key(self.home, self.notice),
        }

    @property
    def case_secret(self) -> str:
        """What numbers of cases are made with, beside what the cases are about."""
        return keys.token_key(self.home, self.notice)

    def located(self, spec: FeedSpec, period: Period) -> Delivery:
        """Find a table's delivery: in the inbox, or the database that site.yaml names for its feed."""
        siblings = specs.of_feed(self.feeds.values(), spec.feed)
        return locate(spec, self.site.inbox, str(period), self.site.url_of(spec.feed), siblings)

    def misses(self, spec: FeedSpec) -> bool:
        """Whether a table that doesn't come is to be declared: an optional one is from its first delivery on."""
        if not spec.is_optional:
            return True
        with self.warehouse.cursor() as con:
            came = con.execute(
                "select count(*) from prior.receipt where feed = ? and table_name = ?", [spec.feed, spec.table]
            ).fetchall()
        return bool(came[0][0])

    def mended(self, period: Period, spec: FeedSpec) -> list[Path]:
        """Files of mended rows that an operator gave for this table and period, oldest first."""
        return sorted(Home.at(self.home).mended(str(period), spec.raw_table).glob("*.csv"))

    @contextmanager
    def table(self, room: str, name: str, period: Period) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor for making one table; times it, and words what goes wrong without naming anybody."""
        self.sink.begun(room, name)
        with self._worded(room, name):
            self._ready(period)
            if room == "published" and self._part is not None:
                self._part.drop(self.warehouse.cursor())
                self._part = None
            with self.warehouse.cursor() as con:
                yield con
        self.sink.done(room, name)

    @contextmanager
    def last_release(self, step: str) -> Iterator[str | None]:
        """Have the last release beside the open period, for linking; yields why every entry is linked anew, if so.

        Where the run goes on, that is the period's own, for the step that says which child is which.
        """
        if self.goes_on and step != "identity":
            yield None
            return
        if self.full or self.retrain or self.site.parameters.engine != "duckdb":
            yield "asked for" if self.full else "a new model version is trained" if self.retrain else "linked by Spark"
            return
        with self.warehouse.last_release(is_own=self.goes_on) as hindrance:
            yield hindrance

    @contextmanager
    def room(self, room: str, period: Period) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor for making several tables in one call; the caller tells the sink of each."""
        with self._worded(room, room):
            self._ready(period)
            with self.warehouse.cursor() as con:
                yield con

    @contextmanager
    def publishing(self, period: Period) -> Iterator[Summary]:
        """Count what is about to be published, hand it out for publishing, and keep that it was published."""
        self.sink.begun("published", "release")
        with self._worded("published", "release"):
            self._ready(period)
            build_id = self.warehouse.build.build_id
            with self.warehouse.cursor() as con:
                self.summary = summarise(con)
            yield self.summary
        self.sink.done("published", "release")
        self._published = True
        said = {"counts": self.summary.counts, "seconds": self.sink.seconds, "warnings": len(self.outcome.warnings)}
        self._note(period, "published", build_id, said)

    def close(self) -> None:
        """Let the files and the writer's lock go, and keep how a run ended that didn't publish."""
        if self._open is not None and self.on is not None:
            self.warehouse.discard()
        elif self._open is not None and not self._published:
            stops = self.outcome.stops
            state: runs.State = "refused" if self.refused else "stopped" if stops else "failed"
            said = {"stops": [each.message_zh for each in stops]}
            self._note(self._open, state, self.warehouse.build.build_id, said)
        self._open = None
        if "engine" in self.__dict__:
            self.engine.close()
            del self.engine
        if "warehouse" in self.__dict__:
            self.warehouse.close()

    @contextmanager
    def _worded(self, room: str, name: str) -> Iterator[None]:
        """Keep what went wrong, in words that name nobody."""
        try:
            yield
        except Exception as error:
            self.failure = error if is_ours(error) else StepFailed(room, name, error)
            raise self.failure from None

    @property
    def refused(self) -> bool:
        """Whether a delivery was refused and nobody accepted going on without it."""
        return any(each.gate == REFUSED for each in self.outcome.stops)

    def _note(self, period: Period, state: runs.State, build_id: int, said: Mapping[str, object]) -> None:
        seconds = perf_counter() - self._began
        stores = self.warehouse.stores
        runs.note(stores, self.run_id, str(period), state, build_id=build_id, seconds=seconds, summary=said)

    def _ready(self, period: Period) -> None:
        """Have the period's file open: the one being built, else a copy of the published one to go on from."""
        if self._open != period and self.goes_on:
            self._go_on(period)
        elif self._open != period:
            periods.check_open(self.warehouse.stores, str(period))
            self.warehouse.close()
            self.warehouse.resume(period)
            self._open = period


def home_of(configured: str) -> Path:
    """The home folder that the resource names, else ``CHILDINDEX_HOME``, else ``var``."""
    return Path(configured or os.environ.get("CHILDINDEX_HOME", "var")).expanduser().resolve()


@dg.resource(
    config_schema={"home": dg.Field(str, default_value="", description="Else CHILDINDEX_HOME, else ./var")},
    description="The site's settings and the open warehouse, for one run.",
)
def monitoring_run(context: dg.InitResourceContext) -> Iterator[MonitoringRun]:
    """Open what ``dagster dev``, the schedule and the sensor run with."""
    home = home_of(context.resource_config["home"])
    site = settings.load(home)
    if site is None:
        raise SiteError(f"{home} has no {settings.SITE_FILE}. Make one: childindex init --home {home}")
    on = context.run.tags.get(WATCHED_ON) if context.run else None
    if on is not None:
        site = site.model_copy(update={"inbox": site.inbox / WATCH_INBOX})
    goes_on = context.run is not None and context.run.job_name == AFTER_DECISIONS
    day = date.fromisoformat(on) if on else None
    run = MonitoringRun(home, site, context.run_id or "outside-a-run", on=day, goes_on=goes_on)
    try:
        yield run
    finally:
        run.close()
