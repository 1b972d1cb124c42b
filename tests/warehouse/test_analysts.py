"""What an analyst's SQL can and can't do."""

import pytest

from tests.warehouse.houses import publish
from warehouse import analysts
from warehouse.analysts import QueryRefused
from warehouse.releases import NothingPublished


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    place = tmp_path_factory.mktemp("house") / "var"
    publish(place, "2026H1", {"c1": [1]}, ("c1",))
    publish(place, "2026H2", {"c1": [1], "c2": [2]}, ("c2",))
    return place


@pytest.mark.parametrize(
    "sql",
    [
        "select sum(children) as n from mart.child_count",
        "select sum(children) as n from child_count",
        "from (select sum(children) as n from child_count);",
        "with a as (from child_count) select sum(children) as n from a",
    ],
)
def test_reading_works_with_or_without_the_room(home, sql):
    answer = analysts.query(home, sql)
    assert (answer.columns, answer.rows) == (("n",), [(3,)])


@pytest.mark.parametrize(
    "sql", ["describe child_count", "summarize child_count", "show tables", "explain from child_count"]
)
def test_looking_around_works(home, sql):
    assert analysts.query(home, sql).rows


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("insert into child_count values ('2026H1', 3)", "Only select"),
        ("create table x as select 1", "Only select"),
        ("attach '{file}' as restricted", "Only select"),
        ("copy child_count to '{home}/out.csv'", "Only select"),
        ("set enable_external_access = true", "Only select"),
        ("load httpfs", "Only select"),
        ("select 1; select 2", "found 2"),
        ("", "found 0"),
        ("selec 1", "Not SQL"),
        ("select ?", "parameters"),
        ("select $a", "parameters"),
        ("select * from '{file}'", "disabled"),
        ("select * from read_csv('{home}/home_id')", "disabled"),
        ("select * from read_text('/etc/hostname')", "disabled"),
        ("select * from glob('{home}/*')", "disabled"),
        ("select * from read_parquet('http://127.0.0.1/x.parquet')", "disabled"),
        ("select * from no_such_table", "does not exist"),
        ("select * from statements", "does not exist"),  # a variable of the program that runs the query
    ],
)
def test_everything_else_is_refused_with_a_reason(home, sql, says):
    with pytest.raises(QueryRefused, match=says):
        analysts.query(home, sql.format(home=home, file=home / "published" / "2026H1.duckdb"))


def test_settings_can_not_be_changed_by_a_function_either(home):
    with pytest.raises(QueryRefused):
        analysts.query(home, "select * from pragma_enable_external_access()")


def test_a_query_without_end_is_stopped(home):
    with pytest.raises(QueryRefused, match=r"Stopped after 0\.2 seconds"):
        analysts.query(home, "select count(*) from range(1000000000) a, range(1000000000) b", seconds=0.2)


def test_before_anything_is_published_it_says_so(tmp_path):
    with pytest.raises(NothingPublished, match="Run `childindex run` first"):
        analysts.query(tmp_path, "select 1")


def test_queries_go_on_while_a_period_is_built(home):
    from warehouse.store import Warehouse

    with Warehouse(home) as house:
        house.begin("2027H1")
        assert analysts.query(home, "from child_count").rows
