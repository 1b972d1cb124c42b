"""Room ``link``: which entries are one child, and why."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from typing import Any

import dagster as dg
import duckdb

from matching import linkage, model, retraining
from matching.accuracy import estimated_quality
from matching.candidates import plan
from matching.candidates.blocking import Found
from matching.cases import review, verification
from matching.children import identity
from matching.model import Model
from pipelines import link_checks
from pipelines.assets.raw import OWNERS, Results, count
from pipelines.monitoring_run import MonitoringRun
from pipelines.partitions import half_years
from policy.period import Period
from quality.validation import importing

_GOES_ON_FROM = "clustering"
"""The first step that people's decisions change."""
Step = Callable[[duckdb.DuckDBPyConnection, Model, Period, MonitoringRun, str | None], Any]
"""The last says why every entry is linked anew, where the last release can't be gone on from."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many automatic links were drawn for people to verify."""

    links: int


def _step(
    name: str, tables: dict[str, str], reads: list[tuple[str, str]], make: Step
) -> tuple[dg.AssetsDefinition, str]:
    """One step of the linkage as an asset for each table it makes."""
    keys = {table: dg.AssetKey(["link", table]) for table in tables}

    @dg.multi_asset(
        name=name,
        specs=[
            dg.AssetSpec(
                key=keys[table],
                deps=[dg.AssetKey(list(read)) for read in reads],
                group_name="link",
                description=description,
                partitions_def=half_years,
                owners=OWNERS,
                kinds={"duckdb", "python"},
            )
            for table, description in tables.items()
        ],
    )
    def made(context: dg.AssetExecutionContext, run: dg.ResourceParam[MonitoringRun]) -> Results:
        period = Period(context.partition_key)
        gates = importing() if run.goes_on and name == _GOES_ON_FROM else nullcontext()  # std didn't import for them
        with run.table("link", name, period) as con, run.last_release(name) as hindrance, gates:
            found = make(con, model.load(), period, run, hindrance)
            rows = {table: count(con, "link", table) for table in tables}
        figures = {k: v for k, v in asdict(found).items() if isinstance(v, int | float | str)}
        for table, number in rows.items():
            yield dg.MaterializeResult(asset_key=keys[table], metadata={"dagster/row_count": number, **figures})

    return made, name


def _write_candidate_pairs(con: duckdb.DuckDBPyConnection, how: Model, run: MonitoringRun) -> Found:
    """Find the pairs, and say what comparing them will take before that is begun."""
    found = run.engine.write_candidate_pairs(con, how)
    foreseen = plan.plan(found.pairs, count(con, "link", "profile"))
    run.notice(
        f"link: 至多比对 at most {foreseen.pairs:,} 对 pairs, 约 about {foreseen.memory / 2**30:.1f} GiB, "
        f"{foreseen.seconds:.0f} 秒 s"
    )
    return found


def _draw(con: duckdb.DuckDBPyConnection, period: Period, run: MonitoringRun) -> Drawn:
    """Draw links for people to verify, and repeat what they said of those drawn before where it is bad."""
    for warning in link_checks.warnings(run.warehouse.stores, str(period)):
        run.notice(warning)
    return Drawn(verification.write_sample(con, str(period), run.case_secret))


_STEPS = [
    _step(
        "profiles",
        {
            "entry_profile": "One row a child's entry: the profile it has.",
            "profile": "One row a distinct set of comparable values; profiles are what is linked.",
            "common_value": "One row a value so common that it says little: a school's phone, a dormitory's address.",
            "basis": "One row: whether unchanged entries are taken over from the last release, and why not if not.",
        },
        [("std", "entry"), ("std", "guardian"), ("std", "name"), ("std", "place")],
        lambda con, how, _period, _run, hindrance: linkage.write_profiles(con, how, hindrance),
    ),
    _step(
        "blocking",
        {"candidate_pair": "One row a pair of profiles that share a blocking key, with the rules that found it."},
        [("link", "profile"), ("link", "common_value")],
        lambda con, how, _, run, *__: _write_candidate_pairs(con, how, run),
    ),
    _step(
        "scoring",
        {
            "scored_pair": "One row a candidate pair that may be one child: levels, parts of the weight, band, guard.",
            "pattern": "One row a pattern of comparison levels, with its count and class probabilities.",
            "level_weight": "One row a comparison level: how often in each class, and what its agreement is worth.",
            "trained_model": "One row: the model version in force, and what it was trained on.",
            "value_frequency": "One row a value whose rarity counts: how often it was borne at the training.",
        },
        [("link", "candidate_pair")],
        lambda con, how, period, run, _: retraining.write_scored_pairs(con, how, str(period), run.retrain, run.engine),
    ),
    _step(
        "clustering",
        {
            "cluster": "One row a profile: the cluster it is in.",
            "refused_pair": "One row a link that clustering refused, and what stood against it.",
        },
        [("link", "scored_pair")],
        lambda con, how, _, run, *__: run.engine.write_clusters(con, how),
    ),
    _step(
        "cases",
        {
            "review_case": "One row a case for a steward: a small component, and why the machine can't decide it.",
            "review_pair": "One row a pair of a case.",
        },
        [("link", "cluster"), ("link", "refused_pair")],
        lambda con, how, _, run, *__: review.write_cases(con, how, run.case_secret),
    ),
    _step(
        "link_sample",
        {"link_sample": "One row a link that the machine made by itself, drawn by chance for people to verify."},
        [("link", "cluster"), ("link", "scored_pair"), ("std", "entry")],
        lambda con, _, period, run, __: _draw(con, period, run),
    ),
    _step(
        "estimated_quality",
        {"estimated_quality": "One row a measure and subgroup: estimated precision or recall of pairs, with interval."},
        [("link", "cluster"), ("link", "scored_pair"), ("std", "entry")],
        lambda con, how, period, *_: estimated_quality.write_estimated_quality(con, how, period.as_of.isoformat()),
    ),
    _step(
        "identity",
        {
            "entry_child": "One row a child's entry: the child it belongs to, how, and with what score.",
            "child_event": "One row an event in a child id's life: mint, continue, merge, split, retire.",
            "anchor": "One row a hashed fact by which next period's entries will find this child.",
            "shared_anchor": "One row a hashed fact that stands at several children, and a profile that bears it.",
        },
        [("link", "cluster")],
        lambda con, how, period, *_: identity.write_children(con, how, str(period)),
    ),
]
assets = [asset for asset, _ in _STEPS]
STEPS = len(_STEPS)
STEPS_AFTER_DECISIONS = STEPS - [name for _, name in _STEPS].index(_GOES_ON_FROM)
