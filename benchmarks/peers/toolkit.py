"""The Python Record Linkage Toolkit, unsupervised: blocks, comparisons cut to yes and no, the ECM classifier.

`--settings NAME` is `toolkit_settings.NAME.yml` beside this file. The toolkit's clusters are chains of links.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import recordlinkage  # type: ignore[import-untyped]
import yaml

from benchmarks.peers.engine import Clock, components, task


def main() -> None:
    """Block, compare and classify."""
    asked, clock = task(), Clock()
    con = asked.connect()
    model = yaml.safe_load(Path(__file__).with_name(f"toolkit_settings.{asked.settings}.yml").read_text("utf-8"))
    with clock.phase("read", is_linkage=False):
        con.execute("create table entry as select * from read_parquet(?)", [str(asked.entries)])
        tables = _tables(con, model)
    with clock.phase("block"):
        candidates = _blocked(tables, model["blocks"])
    with clock.phase("compare"):
        features = _compared(tables, candidates, model["compare"])
    with clock.phase("classify"):
        classifier = recordlinkage.ECMClassifier()
        links = classifier.fit_predict(features)
        chances = classifier.prob(features).fillna(0.0)
    pair = pd.DataFrame(
        {
            "left_id": candidates.get_level_values(0),
            "right_id": candidates.get_level_values(1),
            "score": np.log2(chances.to_numpy() + 1e-300),
            "is_link": candidates.isin(links),
        }
    )
    con.register("pair", pair)
    with clock.phase("cluster"):
        con.register("cluster", components(con, "entry", "(select * from pair where is_link)"))
    asked.leave(con, "pair", "cluster", clock, "ECM's own decision")


def _tables(con: duckdb.DuckDBPyConnection, model: dict[str, Any]) -> list[pd.DataFrame]:
    """One table to deduplicate, or two to link, with the columns that the model names."""
    used = {column for block in model["blocks"] for column in block}
    used |= {column for column, *_ in model["compare"]}
    columns = ", ".join(sorted(used))
    if model.get("link_only"):
        sources = con.execute("select distinct source_dataset from entry order by all").fetchall()
        return [
            con.execute(f"select unique_id, {columns} from entry where source_dataset = ?", list(source))
            .df()
            .set_index("unique_id")
            for source in sources
        ]
    return [con.sql(f"select unique_id, {columns} from entry").df().set_index("unique_id")]


def _blocked(tables: list[pd.DataFrame], blocks: list[list[str]]) -> pd.MultiIndex:
    """Pairs that agree on all columns of any block; blanks, which the toolkit would join, agree with nothing."""
    found: pd.MultiIndex | None = None
    for columns in blocks:
        known = [table.dropna(subset=columns) for table in tables]
        pairs = recordlinkage.index.Block(columns).index(*known)
        found = pairs if found is None else found.union(pairs)
    assert found is not None
    return found


def _compared(tables: list[pd.DataFrame], candidates: pd.MultiIndex, compare: list[list[Any]]) -> pd.DataFrame:
    """One column of 0 and 1 a comparison: ``[column]`` for equality, ``[column, method, threshold]`` for strings."""
    comparer = recordlinkage.Compare()
    for column, *how in compare:
        if how:
            comparer.string(column, column, method=how[0], threshold=how[1], label=column)
        else:
            comparer.exact(column, column, label=column)
    features: pd.DataFrame = comparer.compute(candidates, *tables)
    return features


if __name__ == "__main__":
    main()
