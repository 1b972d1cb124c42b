"""The language of conditions: what it takes, what it refuses, and that it answers as SQL does."""

import re
from itertools import product

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.conditions import ConditionError, parse

DOMAINS = {
    "age_years": tuple(map(str, range(8))),
    "school_stage": ("preschool", "primary"),
    "is_poor": ("true", "false"),
}
CHILDREN = [
    dict(zip(DOMAINS, values, strict=True)) for values in product(*((*domain, None) for domain in DOMAINS.values()))
]
ATOMS = [
    "is_poor", "is_poor = false", "is_poor is null", "age_years is not null", "age_years < 3", "3 <= age_years",
    "age_years <> 4", "age_years between 2 and 5", "school_stage in ('primary')", "school_stage = 'preschool'",
    "school_stage not in ('preschool', 'primary')", "school_stage is null",
]  # fmt: skip


def joined(parts):
    return "({}) {} ({})".format(*parts)


TEXTS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        inner.map("not ({})".format), st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(joined)
    ),
    max_leaves=6,
)


@given(TEXTS)
def test_a_condition_answers_for_every_child_as_sql_does(text):
    con = duckdb.connect()
    con.execute("create table child (no integer, age_years integer, school_stage varchar, is_poor boolean)")
    rows = [(no, child["age_years"], child["school_stage"], child["is_poor"]) for no, child in enumerate(CHILDREN)]
    con.executemany("insert into child values (?, ?, ?, ?)", rows)
    answers = dict(con.execute(f"select no, {text} from child").fetchall())
    condition = parse(text, DOMAINS)
    assert [condition.ask(child) for child in CHILDREN] == [answers[no] for no in range(len(CHILDREN))]


@pytest.mark.parametrize(("through_the_year", "youngest", "oldest"), [(True, 3, 6), (False, 3, 5)])
def test_years_of_age_last_through_the_year_or_end_with_the_birthday(through_the_year, youngest, oldest):
    condition = parse("aged(3, 6)", DOMAINS, through_the_year)
    ages = [age for age in range(8) if condition.ask({"age_years": str(age)})]
    assert (ages[0], ages[-1]) == (youngest, oldest)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("income < 3", "income is no fact"),
        ("child.age_years < 3", "is no fact"),
        ("school_stage = 'senior'", "no value of school_stage"),
        ("school_stage < 'primary'", "has no order"),
        ("age_years", "no yes-or-no fact"),
        ("age_years < 'three'", "expected a whole number"),
        ("age_years between 5 and 3", "nothing lies between"),
        ("is_poor between 1 and 2", "is no number"),
        ("is_poor is true", "`null` or `not null`"),
        ("is_poor and", "breaks off"),
        ("(is_poor", "breaks off"),
        ("is_poor; drop table child", "expected one condition"),
        ("age_years in (select 3)", "not in the language"),
        ("length(school_stage) = 3", "is no fact"),
        ("age_years + 1 < 3", "is no fact"),
        ("", "expected one condition"),
    ],
)
def test_what_is_not_in_the_language_is_refused_and_quoted(text, said):
    with pytest.raises(ConditionError, match=re.escape(repr(text))) as caught:
        parse(text, DOMAINS)
    assert said in str(caught.value)
