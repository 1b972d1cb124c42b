"""Each gate of a delivery trips beyond its bound and not before it."""

import pytest

from quality import bounds
from quality.findings import Acceptance, Setting, Stop, Warn, settle
from quality.gates import judge_deliveries, judge_faults
from quality.profile import COUNTY, COUNTY_FILE, FAULT, FILLED, ROWS, WORD, ProfileRow
from quality.receipts import DriftRow, ReceiptRow

ENROLMENT = ("education", "enrolment")
ALERT = ("medical_insurance", "high_cost_alert")


def figures(table: tuple[str, str] = ENROLMENT, rows: float = 1000, **measured: dict[str, float]) -> list[ProfileRow]:
    """A table's profile; ``word_sex={"male": 5}`` is the measure ``word:sex``."""
    names = {"filled": FILLED, "county": COUNTY, "county_file": COUNTY_FILE}
    found = [ProfileRow(*table, ROWS, "", rows)]
    for name, counts in measured.items():
        measure = names.get(name) or name.replace("word_", WORD).replace("fault_", FAULT)
        found += [ProfileRow(*table, measure, subject, figure) for subject, figure in counts.items()]
    return found


def receipt(table: tuple[str, str] = ENROLMENT, rows: int = 1000, **rest) -> ReceiptRow:
    return ReceiptRow(*table, **{"status": "landed", "files": 1, "rows_read": rows, "rows_landed": rows, **rest})


@pytest.fixture
def setting(feeds) -> Setting:
    return Setting("2026H2", "var", feeds)


@pytest.fixture
def judge(setting):
    def judged(now, last, table=ENROLMENT, **rest) -> dict[tuple[str, str], type]:
        found = judge_deliveries(setting, [receipt(table)], now, last, bounds.load(), **rest)
        return {(each.gate, each.subject): type(each) for each in found}

    return judged


@pytest.mark.parametrize(
    ("now", "last", "table", "found"),
    [
        (800, 1000, ENROLMENT, {}),  # a fifth exactly
        (799, 1000, ENROLMENT, {("rows_lost", ""): Stop}),
        (0, 1000, ENROLMENT, {("rows_lost", ""): Stop}),
        (7, 10, ENROLMENT, {("rows_lost", ""): Stop}),
        (1500, 1000, ENROLMENT, {}),
        (1501, 1000, ENROLMENT, {("rows_gained", ""): Warn}),
        (30, 40, ALERT, {("rows_lost", ""): Warn}),  # alerts come and go by chance
        (3000, 4000, ALERT, {("rows_lost", ""): Stop}),
        (0, 40, ALERT, {("rows_lost", ""): Stop}),
        (4, 1, ALERT, {}),
        (4000, 1000, ALERT, {("rows_gained", ""): Warn}),
    ],
)
def test_rows_lost(judge, now, last, table, found):
    assert judge(figures(table, now), figures(table, last), table) == found


def test_a_first_period_has_nothing_to_be_held_against(judge):
    assert judge(figures(rows=3), []) == {}


def test_a_feed_spec_may_allow_more_rows_to_be_lost(setting, feeds):
    spec = feeds[ENROLMENT]
    wide = spec.model_copy(update={"expect": spec.expect.model_copy(update={"rows_change_at_most": 0.5})})
    setting = Setting("2026H2", "var", {ENROLMENT: wide})
    assert judge_deliveries(setting, [receipt()], figures(rows=600), figures(rows=1000), bounds.load()) == []


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ({"429006": 900, "429005": 100}, {}),
        ({"429006": 900}, {("county_file_gone", "429005"): Stop}),
        ({"429006": 900, "429005": 0}, {("county_file_gone", "429005"): Stop}),
        ({"429006": 900, "429005": 100, "429004": 7}, {}),  # one more county is welcome
    ],
)
def test_a_countys_file_gone(judge, now, found):
    last = figures(county_file={"429006": 900, "429005": 100})
    assert judge(figures(county_file=now), last) == found


def test_a_county_that_fell_silent_within_a_file_warns(judge):
    table = ("public_security", "residence")
    last = figures(table, county={"429006": 960, "429005": 30, "429004": 29})
    assert judge(figures(table, county={"429006": 970}), last, table) == {("county_silent", "429005"): Warn}


@pytest.mark.parametrize(
    ("now", "last", "found"),
    [
        (0, 900, {("column_emptied", "born_on"): Stop}),
        (18, 900, {("column_emptied", "born_on"): Stop}),
        (19, 900, {("filled_less", "born_on"): Warn}),
        (701, 900, {}),
        (699, 900, {("filled_less", "born_on"): Warn}),
        (0, 49, {}),  # hardly ever filled
        (0, 51, {("column_emptied", "born_on"): Stop}),
        (900, 0, {}),
    ],
)
def test_a_column_emptied(judge, now, last, found):
    assert judge(figures(filled={"born_on": now}), figures(filled={"born_on": last})) == found


def test_a_column_that_left_with_its_header_is_emptied(judge):
    assert judge(figures(), figures(filled={"grade": 950})) == {("column_emptied", "grade"): Stop}


def test_few_values_are_emptied_by_chance(judge):
    assert judge(figures(rows=100), figures(rows=100, filled={"grade": 6})) == {}


@pytest.mark.parametrize(("unknown", "found"), [(20, {}), (21, {("unknown_words", "sex"): Warn})])
def test_unknown_words_warn_in_a_first_period_too(judge, unknown, found):
    now = figures(filled={"sex": 1000}, word_sex={"male": 1000 - unknown, "": unknown})
    assert judge(now, []) == found


def test_a_shifted_distribution_warns(judge):
    last = figures(word_school_stage={"primary": 500, "junior": 500})
    assert judge(figures(word_school_stage={"primary": 550, "junior": 450}), last) == {}
    shifted = figures(word_school_stage={"primary": 900, "junior": 100})
    assert judge(shifted, last) == {("distribution_shift", "school_stage"): Warn}


def test_a_small_table_may_shift_by_chance(judge):
    last = figures(rows=8, word_school_stage={"primary": 4, "junior": 4})
    assert judge(figures(rows=8, word_school_stage={"primary": 6, "junior": 2}), last) == {}


def test_a_table_that_did_not_come_is_declared_and_does_not_stop(setting):
    (found,) = judge_deliveries(setting, [receipt(status="missing", rows=0)], [], figures(), bounds.load())
    assert (type(found), found.gate) == (Warn, "missing")
    assert found.message_zh == "随迁子女就学与学籍（education.enrolment）：本期没有送来，已声明；上期有的事实沿用。"


def test_a_refused_table_is_left_to_its_landing(setting):
    assert judge_deliveries(setting, [receipt(status="refused", rows=0)], [], figures(), bounds.load()) == []


def test_quarantine_and_repeats_warn(setting):
    received = receipt(rows_read=1000, rows_landed=960, rows_quarantined=2, rows_repeated=38)
    found = judge_deliveries(setting, [received], figures(), [], bounds.load())
    assert {(each.gate, each.figure) for each in found} == {("quarantined", 0.002), ("repeated", 0.038)}


def test_an_optional_column_that_was_not_delivered_warns(judge):
    drift = [DriftRow(*ENROLMENT, "grade", "absent_column")]
    assert judge(figures(), [], drift=drift) == {("absent_column", "grade"): Warn}


def test_an_unknown_column_is_named_unless_it_looks_like_data(judge):
    drift = [DriftRow(*ENROLMENT, "备注", "unknown_column"), DriftRow(*ENROLMENT, "13800009999", "unknown_column")]
    assert judge(figures(), [], drift=drift) == {("unknown_column", "备注"): Warn, ("unknown_column", "<11>"): Warn}


@pytest.mark.parametrize(
    ("now", "last", "gate"),
    [(50, None, None), (51, None, "faults"), (1000, 10, "faults"), (40, 10, None), (41, 10, "faults_risen")],
)
def test_row_faults_warn_at_whatever_rate(setting, now, last, gate):
    before = figures(fault_born_on={"no_such_day": last}) if last is not None else []
    found = judge_faults(setting, figures(fault_born_on={"no_such_day": now}), before, bounds.load())
    assert [each.gate for each in found] == ([gate] if gate else [])
    assert all(isinstance(each, Warn) for each in found)


def test_a_stop_says_figure_bound_and_the_command_in_both_languages(setting):
    (stop,) = judge_deliveries(setting, [receipt()], figures(rows=790), figures(rows=1000), bounds.load())
    command = 'childindex accept --home var --period 2026H2 --feed education --table enrolment --reason "…"'
    for message in (stop.message_zh, stop.message_en):
        assert "21.0 %" in message
        assert "20.0 %" in message
        assert command in message
    assert stop.message_zh.startswith("随迁子女就学与学籍（education.enrolment）：本期 790 行，上期 1,000 行")


@pytest.mark.parametrize(
    ("acceptance", "passes"),
    [
        (Acceptance("education"), True),
        (Acceptance("education", "enrolment"), True),
        (Acceptance("education", "enrolment", "rows_lost", "abc"), True),
        (Acceptance("health"), False),
        (Acceptance("education", "other"), False),
        (Acceptance("education", "enrolment", "column_emptied"), False),
        (Acceptance("education", "enrolment", None, "another delivery"), False),
    ],
)
def test_an_acceptance_lets_pass_what_it_names_and_is_kept(setting, acceptance, passes):
    found = judge_deliveries(setting, [receipt()], figures(rows=1), figures(rows=1000), bounds.load())
    outcome = settle(found, [acceptance], {ENROLMENT: "abc"})
    assert outcome.passed is passes
    assert [each.by for each in outcome.accepted] == ([acceptance] if passes else [])


def test_what_nobody_can_accept_is_not_accepted(setting):
    stop = Stop("link", "entry_child", "accounting", "", 1, 0, "", "")
    assert settle([stop], [Acceptance("link")]).stops == (stop,)
