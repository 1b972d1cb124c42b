"""Splink on DuckDB, in the order of its documentation: prior, u by sampling, m by EM, predict, cluster.

`--settings NAME` is `splink_settings.NAME.yml` beside this file. A comparison there is one of Splink's own dictionary,
or `{library: NAME, …}`, which is made by its comparison library.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_library as library
import yaml
from splink import DuckDBAPI, Linker, SettingsCreator

from benchmarks.peers.engine import Clock, Task, task

_SCORED_FROM = 0.001  # pairs less likely than this are left out of what is written; no threshold looks at them


def main() -> None:
    """Train, predict and cluster with the named settings."""
    asked, clock = task(), Clock()
    con = asked.connect()
    model = load(asked.settings)
    with clock.phase("read", is_linkage=False):
        inputs = _inputs(con, asked, model["settings"]["link_type"])
    linker = Linker(inputs, settings(model), log_level=logging.ERROR)
    _train(linker, model["training"], clock)
    probability = float(model["threshold"])
    with clock.phase("predict"):
        predicted = linker.inference.predict(threshold_match_probability=_SCORED_FROM)
    with clock.phase("cluster"):
        clusters = _cluster(linker, predicted, probability, model.get("duplicate_free") or [])
    con.execute(
        "create view pair as select unique_id_l as left_id, unique_id_r as right_id, match_weight as score,"
        f" match_probability >= {probability} as is_link from {predicted.physical_name}"
    )
    (asked.out / "model.json").write_text(json.dumps(linker.misc.save_model_to_json(), ensure_ascii=False, indent=1))
    asked.leave(con, "pair", clusters.physical_name, clock, f"probability {probability:g}")


def load(name: str) -> dict[str, Any]:
    """Read ``splink_settings.NAME.yml``; one that is ``like: OTHER`` states only what differs."""
    file = Path(__file__).with_name(f"splink_settings.{name}.yml")
    stated: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    if "like" not in stated:
        return stated
    other = load(stated.pop("like"))
    return {**other, **stated, "settings": {**other["settings"], **stated.get("settings", {})}}


def settings(model: dict[str, Any]) -> SettingsCreator:
    """Splink's settings of a model file."""
    comparisons = [_comparison(each) for each in model["settings"]["comparisons"]]
    return SettingsCreator.from_path_or_dict({**model["settings"], "comparisons": comparisons})


def _comparison(stated: dict[str, Any]) -> Any:
    if "library" not in stated:
        return stated
    arguments = dict(stated)
    made = getattr(library, arguments.pop("library"))
    configured = arguments.pop("configure", None)
    comparison = made(arguments.pop("column"), **arguments)
    return comparison.configure(**configured) if configured else comparison


def _inputs(con: duckdb.DuckDBPyConnection, asked: Task, link_type: str) -> Any:
    """The table registered with Splink: whole, or one table a source where sources are linked and not deduplicated."""
    api = DuckDBAPI(connection=con)
    con.execute("create table entry as select * from read_parquet(?)", [str(asked.entries)])
    if link_type == "dedupe_only":
        return api.register("entry", dataset_display_name="entries")
    inputs = []
    for place, (source,) in enumerate(con.execute("select distinct source_dataset from entry order by all").fetchall()):
        con.execute(
            f"create table source_{place} as select * exclude (source_dataset) from entry where source_dataset = ?",
            [source],
        )
        inputs.append(
            api.register(f"source_{place}", dataset_display_name=source.replace(".", "_"))
        )  # Splink pastes it into SQL
    return inputs


def _train(linker: Linker, stated: dict[str, Any], clock: Clock) -> None:
    with clock.phase("prior"):
        linker.training.estimate_probability_two_random_records_match(
            stated["deterministic_rules"], recall=stated["recall"]
        )
    with clock.phase("u"):
        linker.training.estimate_u_using_random_sampling(max_pairs=float(stated["max_pairs"]), seed=stated.get("seed"))
    with clock.phase("em"):
        for rule in stated["em_rules"]:
            linker.training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=stated.get("em_max_pairs")
            )


def _cluster(linker: Linker, predicted: Any, probability: float, duplicate_free: list[str]) -> Any:
    if duplicate_free:
        return linker.clustering.cluster_using_single_best_links(
            predicted, duplicate_free_datasets=duplicate_free, threshold_match_probability=probability
        )
    return linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=probability
    )


if __name__ == "__main__":
    main()
