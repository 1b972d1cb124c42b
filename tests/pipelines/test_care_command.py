"""People's acts on the ledger of key care, by the command, and the list that the next build makes of them."""

from datetime import date

import pytest
from click.testing import CliRunner

from pipelines.cli import commands
from tests.warehouse.core.town import Town
from warehouse.home import Home
from warehouse.store import Warehouse
from warehouse.stores import audit, ledger
from warehouse.stores.engine import open_stores

CHILD = "caaaaaaaaaaaa2"


def town(period, *visits):
    found = Town(period)
    found.entry(CHILD, "hukou", hukou="420502")
    found.entry(CHILD, "registration", lives="429006", residence_since=date(2024, 1, 1))
    for day in visits:
        found.entry(CHILD, "visit", visited_on=day, visit_kind="in_home", in_hardship=True)
    return found


@pytest.fixture
def home(tmp_path):
    town("2026H1", date(2026, 3, 1)).publish(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """A home whose ledger nobody has acted on; tests that are refused leave it so."""
    home = tmp_path_factory.mktemp("listed")
    town("2026H1", date(2026, 3, 1)).publish(home)
    return home


def acted(home):
    return ledger.read_until(open_stores(Home.at(home).stores), "2199H1").num_rows


def care(home, act, *more, child=CHILD, category="hardship", reason="入户核实", period="2026H1"):
    words = ["care", act, child, "--category", category, "--home", str(home), "--period", period, "--reason", reason]
    return CliRunner().invoke(commands, [*words, *more])


def entry(home, period):
    with Warehouse(home) as house, house.read_published(period) as con:
        ask = "select state, opened_on, closed_on, close_reason, source from care.key_care where category = 'hardship'"
        return con.execute(ask).fetchall()


def test_what_a_person_opened_stays_open_over_periods_until_a_person_closes_it(home):
    assert entry(home, "2026H1")[0][0] == "proposed"
    assert care(home, "open", "--on", "2026-07-05").exit_code == 0
    town("2026H1", date(2026, 3, 1)).publish(home)
    assert entry(home, "2026H1")[0][:2] == ("open", date(2026, 7, 5))
    town("2026H2").publish(home)
    assert entry(home, "2026H2") == [("open", date(2026, 7, 5), None, None, "ledger")]
    assert care(home, "close", "--on", "2026-11-01", reason="家庭收入恢复", period="2026H2").exit_code == 0
    town("2026H2").publish(home)
    assert entry(home, "2026H2") == [("closed", date(2026, 7, 5), date(2026, 11, 1), "家庭收入恢复", "ledger")]


def test_an_act_of_a_later_period_changes_no_earlier_list(home):
    town("2026H2", date(2026, 8, 1)).publish(home)
    assert care(home, "open", period="2026H2").exit_code == 0
    town("2026H1", date(2026, 3, 1)).publish(home)
    assert entry(home, "2026H1")[0][0] == "proposed"


@pytest.mark.parametrize(
    ("act", "how", "said"),
    [
        ("review", {}, "can't follow"),
        ("open", {"child": "cbbbbbbbbbbbb2"}, "No child of this id"),
        ("open", {"category": "poverty"}, "hardship"),
        ("open", {"reason": " "}, "say why"),
    ],
)
def test_an_act_that_cannot_be_is_refused_and_says_why(listed, act, how, said):
    done = care(listed, act, **how)
    assert done.exit_code == 2
    assert said in done.output
    assert acted(listed) == 0


def test_an_act_is_recorded_once_it_is_done_and_not_before(listed):
    done = care(listed, "open", "--on", "2199-01-01")
    assert done.exit_code == 2
    assert "Lies ahead" in done.output
    assert acted(listed) == 0


def test_an_act_is_on_record_with_who_did_it_and_an_entry_is_not_opened_twice(home):
    care(home, "open")
    found = audit.read(open_stores(Home.at(home).stores), act="care open")
    assert [(row.subject, row.detail) for row in found] == [(f"{CHILD} 2026H1", '{"category":"hardship"}')]
    assert "only review, close" in care(home, "open").output
    assert acted(home) == 1
