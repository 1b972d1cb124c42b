from datetime import date

import duckdb
import numpy as np
import pytest

from matching import linkage, model
from matching.accuracy.estimated_quality import Shift, shift_by, write_estimated_quality
from tests.matching.linked import Pair, Profile, write_link
from tests.matching.standing import Entry, Guardian, citizen_no, write_std

MODEL = model.load()
MOTHER = Guardian("李芳", citizen_no(date(1988, 3, 4), 22, "420984"), "13911112222")
HEALTH = "health.child_health"
VISIT = "civil_affairs.field_visit"
SURE = 30.0


def _row(con: duckdb.DuckDBPyConnection, measure: str, subgroup: str = "all") -> dict[str, float]:
    asked = con.execute(
        "select estimate, low, high, pairs, amiss from link.estimated_quality where (measure, subgroup) = (?, ?)",
        [measure, subgroup],
    )
    return dict(zip(("estimate", "low", "high", "pairs", "amiss"), asked.fetchall()[0], strict=True))


def _children(many: int, *others: Profile, scores: tuple[float, ...] = ()) -> tuple[list[Profile], list[Pair]]:
    """So many children with two surely linked entries, each beside ``others``, scored against both of the two."""
    profiles: list[Profile] = []
    pairs: list[Pair] = []
    for _ in range(many):
        at = len(profiles)
        profiles += [Profile(at), Profile(at, VISIT)]
        pairs.append((at, at + 1, SURE))
        for other in others:
            place = len(profiles)
            profiles.append(Profile(place, other.source, other.citizen_no))
            pairs += [(at + side, place, score) for side, score in enumerate(scores)]
    return profiles, pairs


def test_sure_links_and_no_rivals_leave_nothing_amiss():
    con = write_link(*_children(50))
    found = write_estimated_quality(con, MODEL)
    assert (found.precision, found.precision_low, found.recall, found.recall_low) == (1, 1, 1, 1)
    assert _row(con, "precision")["pairs"] == 50


def test_entries_left_alone_at_even_odds_are_missed_half_the_time():
    con = write_link(*_children(200, Profile(0, HEALTH), scores=(0.0, 0.0)))
    found = write_estimated_quality(con, MODEL)
    assert _row(con, "recall")["amiss"] == pytest.approx(200, rel=0.1)  # two pairs each
    assert found.recall_low < 0.5 < found.recall_high
    assert found.precision == 1


def test_the_interval_is_wider_than_chance_alone_since_the_model_may_err():
    con = write_link(*_children(2000, Profile(0, HEALTH), scores=(0.0,)))
    found = write_estimated_quality(con, MODEL)
    by_chance = 2 * 1.96 * np.sqrt(2000 * 0.25) / 4000
    assert found.recall_high - found.recall_low > 2 * by_chance


def test_of_several_pairs_the_mean_speaks():
    con = write_link(*_children(200, Profile(0, HEALTH), scores=(10.0, -20.0)))
    write_estimated_quality(con, MODEL)
    assert _row(con, "recall")["amiss"] == pytest.approx(200, rel=0.1)


def test_of_two_clusters_with_two_numbers_the_least_likely_pair_speaks():
    profiles, pairs = _children(200, Profile(0, HEALTH, citizen_no(order=3)), scores=(10.0, -20.0))
    numbered = [
        Profile(each.cluster, each.source, citizen_no(order=5)) if each.source == VISIT else each for each in profiles
    ]
    con = write_link(numbered, pairs)
    write_estimated_quality(con, MODEL)
    assert _row(con, "recall")["amiss"] < 1


def test_of_two_clusters_with_rows_of_a_table_that_holds_a_person_once_the_least_likely_pair_speaks():
    con = write_link(*_children(200, Profile(0, "education.enrolment"), scores=(10.0, -20.0)))
    write_estimated_quality(con, MODEL)
    assert _row(con, "recall")["amiss"] < 1


def test_a_weak_tie_inside_a_cluster_may_be_wrong():
    many = 500
    profiles = [Profile(2 * (place // 2), HEALTH if place % 2 else VISIT) for place in range(2 * many)]
    con = write_link(profiles, [(2 * place, 2 * place + 1, 6.0) for place in range(many)])
    found = write_estimated_quality(con, MODEL)
    assert _row(con, "precision")["amiss"] == pytest.approx(many / 65, rel=0.3)
    assert found.precision_low < 1 - 1 / 65 < found.precision_high


def test_a_profile_counts_for_all_its_entries():
    con = write_link([Profile(0, entries=3), Profile(0, HEALTH, entries=2)], [(0, 1, SURE)])
    write_estimated_quality(con, MODEL)
    assert _row(con, "precision")["pairs"] == 10
    assert _row(con, "precision", "education.enrolment × health.child_health")["pairs"] == 6
    assert _row(con, "precision", "education.enrolment × education.enrolment")["pairs"] == 3


def test_what_a_person_decided_is_in_no_doubt():
    con = write_link(
        [Profile(0), Profile(1, HEALTH), Profile(2, VISIT), Profile(2, HEALTH)], [(0, 1, 3.0), (2, 3, 3.0)]
    )
    con.execute("create schema std; create schema prior")
    con.execute("create table std.entry as select range as entry_id, 'f' as feed, 't' as table_name,"
                " 'k' || range as key from range(4)")  # fmt: skip
    con.execute(
        "create table link.entry_profile as select range as entry_id, range::integer as profile_id from range(4)"
    )
    con.execute(
        "create table prior.decision as select 'f' as left_feed, 't' as left_table, 'k' || a as left_key,"
        " 'f' as right_feed, 't' as right_table, 'k' || b as right_key, said as judgement, now() as decided_at"
        " from (values (0, 1, 'DIFFERENT'), (2, 3, 'SAME')) as decided(a, b, said)"
    )
    found = write_estimated_quality(con, MODEL)
    assert (found.precision, found.recall) == (1, 1)


def test_it_says_the_same_again():
    con = write_link(*_children(20, Profile(0, HEALTH), scores=(1.0, 2.0)))
    write_estimated_quality(con, MODEL)
    first = con.execute("from link.estimated_quality order by all").fetchall()
    write_estimated_quality(con, MODEL)
    assert con.execute("from link.estimated_quality order by all").fetchall() == first


def test_no_working_table_is_left():
    con = write_link(*_children(2))
    write_estimated_quality(con, MODEL)
    assert con.execute("select table_name from duckdb_tables() where temporary").fetchall() == []


def test_children_are_told_apart_by_people_age_and_county():
    con = duckdb.connect()
    write_std(con, [Entry(citizen_no=citizen_no(), guardians=(MOTHER,)), Entry(source=HEALTH, guardians=(MOTHER,))])
    linkage.link(con, MODEL, "2026H1")
    write_estimated_quality(con, MODEL, "2026-06-30")
    rows = con.execute("select dimension, subgroup from link.estimated_quality where measure = 'recall'").fetchall()
    assert set(rows) == {
        ("all", "all"),
        ("tables", "education.enrolment × education.enrolment"),
        ("tables", "education.enrolment × health.child_health"),
        ("tables", "health.child_health × health.child_health"),
        ("ethnic_group", "unknown"),
        ("age", "6-11"),
        ("county", "429006"),
    }


def test_without_blind_answers_the_shift_is_the_models_own():
    assert shift_by(np.array([]), np.array([], dtype=bool)) == Shift()


def test_blind_answers_shift_the_probabilities_and_narrow_them():
    likely = np.full(100, 0.5)
    found = shift_by(likely, np.arange(100) < 80)
    assert 0.5 < found.mean < np.log(4)
    assert found.deviation < Shift().deviation


def test_blind_answers_as_the_model_expects_shift_nothing():
    assert shift_by(np.full(100, 0.8), np.arange(100) < 80).mean == pytest.approx(0, abs=1e-6)
