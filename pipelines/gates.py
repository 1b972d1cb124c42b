"""The doors of a run: what `quality` says of deliveries, entries and release, held against what the stores remember."""

from collections.abc import Iterable

import duckdb

from matching import retraining
from pipelines.monitoring_run import REFUSED, MonitoringRun
from policy.period import Period
from quality import audits, gates, receipts, suites
from quality.bounds import load as load_bounds
from quality.expectations import Suite
from quality.findings import Acceptance, Outcome, Setting, Stop, Warn, settle
from quality.profile import ProfileRow, profile_delivery, profile_faults
from warehouse import specs
from warehouse.conformity import Difference, check_table
from warehouse.stores import acceptances, profiles


def of_deliveries(run: MonitoringRun, con: duckdb.DuckDBPyConnection, period: Period) -> Outcome:
    """Hold every delivery against the last period's figures; keep this one's."""
    received = receipts.read_receipts(con)
    run.receipts = received
    for receipt in received:
        if receipt.status == "landed":
            run.figures += profile_delivery(con, run.feeds[receipt.feed, receipt.table_name])
    found: list[Stop | Warn] = [*_refusals(received)]
    if run.on is None:  # between two closes a county delivers what it has: fewer rows say nothing
        found += gates.judge_deliveries(
            setting(run, period),
            received,
            run.figures,
            _last_figures(run, period),
            load_bounds(),
            receipts.read_drift(con),
        )
    return _settle(run, period, found, received)


def of_entries(run: MonitoringRun, con: duckdb.DuckDBPyConnection, period: Period) -> Outcome:
    """Count the faults of the entries and validate ``raw`` and ``std``. Only a broken structure of our own stops."""
    bounds = load_bounds()
    faults = profile_faults(con)
    run.figures += faults
    rows = [row for row in run.figures if row.measure == "rows"]
    found: list[Stop | Warn] = [
        *gates.judge_faults(setting(run, period), [*rows, *faults], _last_figures(run, period), bounds),
        *_validated(
            run,
            period,
            [
                *suites.of_deliveries(run.feeds.values(), bounds),
                *suites.of_entries(run.feeds.values(), specs.load().values(), run.as_of(period), bounds),
            ],
        ),
    ]
    return _settle(run, period, found, receipts.read_receipts(con))


def of_release(run: MonitoringRun, con: duckdb.DuckDBPyConnection, period: Period) -> Outcome:
    """Audit what is about to be published: accounting, keys, churn of ids, sizes of clusters."""
    received = receipts.read_receipts(con)
    measured = audits.measure_release(con, received)
    run.figures += measured
    bounds = load_bounds()
    found: list[Stop | Warn] = [
        *audits.judge_release(setting(run, period), received, measured, _last_figures(run, period), bounds),
        *audits.judge_conformity(setting(run, period), _differences(con)),
        *audits.judge_retrained(setting(run, period), _moved(con)),
        *_validated(run, period, suites.of_published(specs.load().values())),
    ]
    return _settle(run, period, found, received)


def _differences(con: duckdb.DuckDBPyConnection) -> list[Difference]:
    """Where the tables that we make aren't what their specs say; raw ones hold a site's own columns."""
    return [found for spec in specs.load().values() if spec.room != "raw" for found in check_table(con, spec)]


def _moved(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """What a new version of the linkage model moves, by kind; nothing where none was trained beside another."""
    rows = con.execute("select subject, item, value from link.quality where step = ? order by all", [retraining.STEP])
    return {f"{subject} {item}": float(value) for subject, item, value in rows.fetchall()}


def _refusals(received: Iterable[receipts.ReceiptRow]) -> list[Stop]:
    return [
        Stop(each.feed, each.table_name, REFUSED, "", 1.0, 0.0, each.message_zh, each.message)
        for each in received
        if each.status == REFUSED
    ]


def _validated(run: MonitoringRun, period: Period, of: list[Suite]) -> list[Stop | Warn]:
    results = [result for suite in of for result in run.validator.validate(suite)]
    run.validations += results
    return audits.judge_expectations(setting(run, period), results)


def _settle(
    run: MonitoringRun, period: Period, found: list[Stop | Warn], received: Iterable[receipts.ReceiptRow]
) -> Outcome:
    words = [
        Acceptance(
            each.feed, each.table_name, each.gate, each.delivery_sha256, each.reason, each.os_user, each.at.isoformat()
        )
        for each in acceptances.read(run.warehouse.stores, str(period))
    ]
    outcome = settle(found, words, {(each.feed, each.table_name): each.sha256 for each in received})
    run.outcome += outcome
    return outcome


def _last_figures(run: MonitoringRun, period: Period) -> list[ProfileRow]:
    """The figures of the last earlier published period; none in a first period."""
    release = run.warehouse.published()
    last = release.last_before(str(period))
    if last is None:
        return []
    return [ProfileRow(*row) for row in profiles.read(run.warehouse.stores, release.periods[last].build_id)]


def setting(run: MonitoringRun, period: Period) -> Setting:
    """Where the gates are asked: the period, HOME and the Chinese titles of the feeds' tables and columns."""
    return Setting(str(period), str(run.home), run.feeds)
