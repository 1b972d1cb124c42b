import duckdb
import pytest

from benchmarks.peers.figures import Figures, measure

TRUTH = {1: "an", 2: "an", 3: "an", 4: "ping", 5: "ping", 6: "hong"}  # four true pairs


@pytest.fixture
def judged(tmp_path):
    """Judge an answer: pairs as (left, right, score, is_link), clusters as groups of entries."""

    def judge(pairs: list[tuple[int, int, float, bool]], clusters: list[set[int]]) -> Figures:
        con = duckdb.connect()
        con.execute("create table truth (unique_id bigint, child varchar)")
        con.executemany("insert into truth values (?, ?)", list(TRUTH.items()))
        con.execute("create table pair (left_id bigint, right_id bigint, score double, is_link boolean)")
        if pairs:
            con.executemany("insert into pair values (?, ?, ?, ?)", pairs)
        con.execute("create table cluster (unique_id bigint, cluster_id varchar)")
        held = [(entry, str(place)) for place, cluster in enumerate(clusters) for entry in cluster]
        con.executemany("insert into cluster values (?, ?)", held)
        for table in ("truth", "pair", "cluster"):
            con.execute(f"copy {table} to '{tmp_path / table}.parquet' (format parquet)")
        return measure(tmp_path, tmp_path)

    return judge


def test_an_answer_that_is_the_truth_has_ones_everywhere(judged):
    pairs = [(1, 2, 9, True), (1, 3, 8, True), (2, 3, 9, True), (4, 5, 7, True), (5, 6, 1, False)]
    found = judged(pairs, [{1, 2, 3}, {4, 5}, {6}])
    assert (found.pairs.f1, found.clusters.f1, found.exact, found.best_clusters) == (1, 1, 1, 1)


def test_pairs_and_clusters_are_judged_apart(judged):
    found = judged([(1, 2, 9, True), (2, 3, 9, True)], [{1, 2, 3}, {4}, {5}, {6}])
    assert (found.pairs.precision, found.pairs.recall) == (1, 0.5)
    assert (found.clusters.precision, found.clusters.recall) == (1, 0.75)
    assert found.exact == pytest.approx(2 / 3)  # an and hong are whole, ping isn't


def test_one_false_link_chains_two_children_into_one_cluster(judged):
    pairs = [(1, 2, 9, True), (2, 3, 9, True), (3, 4, 5, True), (4, 5, 9, True)]
    found = judged(pairs, [{1, 2, 3, 4, 5}, {6}])
    assert found.pairs.precision == 0.75
    assert found.clusters.precision == 0.4  # four of ten pairs
    assert found.exact == pytest.approx(1 / 3)


def test_the_best_threshold_stands_beside_the_stated_one(judged):
    pairs = [(1, 2, 9, True), (2, 3, 9, True), (1, 3, 9, True), (4, 5, 8, True), (3, 4, 5, True), (5, 6, 5, True)]
    found = judged(pairs, [{1, 2, 3, 4, 5, 6}])
    assert found.pairs.f1 == pytest.approx(0.8)
    assert (found.best_pairs, found.best_pairs_at) == (1, 8)
    assert (found.best_clusters, found.best_clusters_at) == (1, 8)


def test_a_pair_given_in_both_directions_counts_once(judged):
    found = judged([(1, 2, 9, True), (2, 1, 9, True)], [{1, 2}, {3}, {4}, {5}, {6}])
    assert (found.pairs.precision, found.pairs.recall) == (1, 0.25)


def test_an_engine_that_links_nothing_has_no_recall(judged):
    found = judged([], [{entry} for entry in TRUTH])
    assert (found.pairs.recall, found.clusters.recall, found.best_pairs) == (0, 0, 0)
    assert found.exact == pytest.approx(1 / 3)
