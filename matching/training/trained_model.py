"""The model version in force: weights, chance levels and frequencies as they were when it was trained.

A version is trained on the deliveries of one period and then holds: each release carries it on, and the next period
finds it in ``prior``. So a pair that didn't change keeps its score, whatever else a period brings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from matching import statement
from matching.comparison.columns import NO_DATE
from matching.comparison.comparison import Frequencies
from matching.model import Model
from matching.training.estimate import Shares, Weights

TABLES = ("trained_model", "level_weight", "value_frequency")
"""What a version consists of, in ``link`` of the release that holds it and in ``prior`` of the next."""


class ModelOutgrown(RuntimeError):
    """The model file compares by other levels than the version in force was trained with."""

    def __init__(self, version: str, odd: list[str]) -> None:
        super().__init__(
            f"The model in force, {version}, was trained with other levels than matching/model.yml has now; only one "
            f"of the two has {odd}. Train a new version and see what it would move: childindex run --retrain."
        )


@dataclass(frozen=True, slots=True)
class Trained:
    """A version: its name, the weights, and how many profiles and what population it was trained on."""

    version: str
    weights: Weights
    profiles: int
    population: int


def in_force(con: duckdb.DuckDBPyConnection, model: Model) -> Trained | None:
    """The version that ``prior`` hands on; None where this period is the first to be trained.

    Raises :class:`ModelOutgrown` where the model file's fields or levels aren't those of the version.
    """
    if model.columns or not is_any_in_force(con):
        return None
    rows = con.execute("select * exclude (model_file, trained_in) from prior.trained_model").fetchall()
    version, profiles, population, same, household, other, rounds, change, settled = rows[0]
    pairs = {"same": same, "household": household, "other": other}
    if odd := outgrown(con, model):
        raise ModelOutgrown(version, odd)
    weights = Weights(_shares(con, model), {side: pairs[side] for side in model.classes}, rounds, change, settled)
    return Trained(version, weights, profiles, population)


def carry_on(con: duckdb.DuckDBPyConnection) -> None:
    """Put the version in force into this release."""
    for table in ("trained_model", "level_weight"):
        con.execute(f"create or replace table link.{table} as select * from prior.{table}")
    con.execute(  # to make texts smaller that come once takes longer than all else of them
        "create or replace table link.value_frequency"
        " (kind varchar, value varchar using compression uncompressed, profiles integer)"
    )
    con.execute("insert into link.value_frequency by name from prior.value_frequency")


def write(con: duckdb.DuckDBPyConnection, model: Model, period: str, weights: Weights, profiles: int) -> Trained:
    """Name a version that was trained just now and put it into this release: all but its frequencies."""
    population = max(profiles, model.estimation.population_at_least)
    version = "/".join(filter(None, (model.version, period, _digest(weights))))
    pairs: dict[str, object] = {f"pairs_{side}": weights.pairs.get(side) for side in ("same", "household", "other")}
    row: dict[str, object] = {"version": version, "model_file": model.version, "trained_in": period}
    row |= {"profiles": profiles, "population": population} | pairs
    row |= {"rounds": weights.rounds, "change": weights.change, "settled": weights.settled}
    types = [pa.string()] * 3 + [pa.int32()] * 2 + [pa.float64()] * 3 + [pa.int32(), pa.float64(), pa.bool_()]
    shape = pa.schema(list(zip(row, types, strict=True)))
    statement.keep(con, "table link.trained_model", pa.Table.from_pylist([row], shape))
    statement.keep(con, "table link.level_weight", _level_weights(model, weights))
    return Trained(version, weights, profiles, population)


def version_of(con: duckdb.DuckDBPyConnection) -> str:
    """The version that the release at hand holds."""
    return str(con.execute("select version from link.trained_model").fetchall()[0][0])


def frequencies(con: duckdb.DuckDBPyConnection) -> Mapping[str, Frequencies]:
    """What ``link.value_frequency`` counts, by kind, as comparisons look it up."""
    rows = statement.read(con, "link/kept_frequency")
    kinds = rows.column("kind").combine_chunks().dictionary_encode()
    kind_of, code_of = kinds.indices.to_numpy(), {kind: code for code, kind in enumerate(kinds.dictionary.to_pylist())}
    keys, profiles = rows.column("key").to_numpy(), rows.column("profiles").to_numpy().astype(np.int64)
    days = rows.column("day").cast(pa.int64()).fill_null(NO_DATE).to_numpy()
    found = {}
    for kind in ("name", "variant", "sound", "birth"):
        which = np.flatnonzero(kind_of == code_of.get(kind, -1))
        values = (days if kind == "birth" else keys)[which]
        order = np.argsort(values)
        found[kind] = Frequencies(values[order], profiles[which][order])
    return found


def is_any_in_force(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether an earlier build left a version."""
    is_kept = all(statement.has_table(con, "prior", table) for table in TABLES)
    return is_kept and bool(con.execute("select count(*) from prior.trained_model").fetchall()[0][0])


def outgrown(con: duckdb.DuckDBPyConnection, model: Model) -> list[str]:
    """Fields and levels that the version in force has and the model file hasn't, or the other way round."""
    kept = set(con.execute("select field, level from prior.level_weight").fetchall())
    wanted = {(name, level) for name, field in model.fields.items() for level in field.level_names}
    return sorted(f"{field}.{level}" for field, level in wanted ^ kept)


def _shares(con: duckdb.DuckDBPyConnection, model: Model) -> dict[str, Shares]:
    rows = con.execute("select field, level, same, household, other from prior.level_weight").fetchall()
    sides = ("same", "household", "other")
    kept = {(field, level): dict(zip(sides, shares, strict=True)) for field, level, *shares in rows}
    return {
        side: {
            name: np.array([kept[name, level][side] for level in field.level_names])
            for name, field in model.fields.items()
        }
        for side in model.classes
    }


def _digest(weights: Weights) -> str:
    """Eight letters that tell one estimation from another."""
    told = hashlib.sha256()
    for side in sorted(weights.shares):
        told.update(f"{side} {weights.pairs[side]!r}".encode())
        for field in sorted(weights.shares[side]):
            told.update(weights.shares[side][field].tobytes())
    return told.hexdigest()[:8]


def _level_weights(model: Model, weights: Weights) -> pa.Table:
    """One row a level: how often each class shows it, and its weight against each alternative in log2 odds."""
    rows = []
    for name, field in model.fields.items():
        for code, level in enumerate(field.level_names):
            shares = {side: by_field[name][code] for side, by_field in weights.shares.items()}
            against = {
                f"against_{side}": float(np.log2(shares["same"] / share))
                for side, share in shares.items()
                if side != "same"
            }
            rows.append({"field": name, "level": level} | shares | against)
    return pa.Table.from_pylist(rows)
