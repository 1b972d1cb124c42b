"""What is shipped to the nodes: the same comparisons, without the connection they were made with."""

from __future__ import annotations

import stat

import duckdb
import numpy as np
import pytest

from matching import model
from matching.candidates import blocking
from matching.comparison.comparison import Comparison
from matching.comparison.comparisons import of_made
from matching.comparison.pairs import compare, random_pairs
from matching.profiles import collapse
from matching.scoring import scored_pairs
from tests.matching.engines import county
from tests.matching.standing import write_std

pytest.importorskip("pyspark")

from matching.engines.spark import shipped


def test_shipped_comparisons_give_the_same_levels(tmp_path):
    con = duckdb.connect()
    write_std(con, county.entries(40))
    collapse.write_profiles(con, model.load())
    here: dict[str, Comparison] = {}

    def keep(comparisons, *pairs):
        here.update(comparisons.together())
        shipped.write(tmp_path / "file", here)
        return compare(comparisons, *pairs)

    blocking.write_candidate_pairs(con, model.load())
    scored_pairs.write_scored_pairs(con, model.load(), compare_pairs=keep)
    there = shipped.read(tmp_path / "file")
    assert there["name"].setting.con is None
    pairs = random_pairs(here["name"].profiles.size, 2_000)
    one, other = (compare(of_made(made), pairs)[0] for made in (here, there))
    assert len(np.unique(one)) > 20
    assert (one == other).all()


def test_arrays_lie_in_the_file_and_only_its_owner_reads_it(tmp_path):
    shipped.write(tmp_path / "file", {"counts": np.arange(1000)})
    counts = shipped.read(tmp_path / "file")["counts"]
    assert counts.sum() == 499_500
    assert not counts.flags.writeable
    assert not counts.flags.owndata
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
