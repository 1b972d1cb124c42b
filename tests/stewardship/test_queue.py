"""The queue: filters with exact counts, its order, and the next case of very many."""

import copy
import re
from dataclasses import replace
from functools import lru_cache
from statistics import median
from time import perf_counter

import pytest

from stewardship import casefile
from stewardship.queue import Filters, Queue
from tests.stewardship.conftest import COUNTY, PERIOD
from warehouse.stores import accounts
from warehouse.stores.engine import now

MANY = 50_000
AT_MOST = 0.2  # seconds from a verdict to the next case


@pytest.fixture
def mine(review):
    """The open cases of the county's steward."""
    return list(review.shown.queue.lines(accounts.get(review.house.stores, "zhang").actor, Filters()))


def counted(page) -> int:
    return int(re.search(r"待核 <b>([\d,]+)</b>", page.text)[1].replace(",", ""))


def is_answerable(book, line) -> bool:
    """Whether a case is one question whose answer can be kept."""
    file = casefile.assemble(book, book.case(line.case_id), "d")
    judged = casefile.judgements(file.case, file.answered)
    return len(file.questions) == 1 and not casefile.unkept(file.case, file.answered, judged)


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("county", lambda line: line.counties),
        ("township", lambda line: line.townships),
        ("feeds", lambda line: line.feed_pairs),
        ("band", lambda line: (line.band,)),
        ("kind", lambda line: line.kinds),
        ("guard", lambda line: line.guards),
    ],
)
def test_a_filter_counts_exactly_what_it_admits(review, mine, name, has):
    zhang = review.enter("zhang")
    offered = review.shown.queue.choices(accounts.get(review.house.stores, "zhang").actor)[name]
    assert offered
    for value in offered[:6]:
        page = zhang.open(f"/cases?{name}={value}")
        assert counted(page) == sum(value in has(line) for line in mine)


def test_two_filters_hold_together(review, mine):
    line = next(line for line in mine if line.townships and line.guards)
    township, guard = line.townships[0], line.guards[0]
    page = review.enter("zhang").open(f"/cases?township={township}&guard={guard}")
    assert counted(page) == sum(township in each.townships and guard in each.guards for each in mine) >= 1


def test_what_is_most_worth_an_answer_comes_first_and_that_is_not_the_score(mine):
    worth = [line.value for line in mine]
    assert worth == sorted(worth, reverse=True)
    assert [line.score or 0.0 for line in mine] != sorted((line.score or 0.0 for line in mine), reverse=True)
    even = replace(mine[0], p_same=0.5, migrants=0, statuses_differ=False, has_care_record=False)
    assert replace(even, p_same=0.99).value < even.value
    assert even.value < replace(even, migrants=1).value < replace(even, migrants=1, has_care_record=True).value


def test_the_next_of_fifty_thousand_cases_comes_at_once(review):
    """A page, its verdict, the next page: over the app, with copies of this county's cases under other numbers."""
    shelf = review.app.state.site.shelf
    known = shelf.shown()
    simple = [line for line in known.book.lines if COUNTY in line.counties and is_answerable(known.book, line)]
    lines = [replace(simple[place % len(simple)], case_id=10**10 + place) for place in range(MANY)]
    book = copy.copy(known.book)
    book.lines, book.by_id = lines, {line.case_id: line for line in lines}

    def laid_out(case_id):
        original = simple[(case_id - 10**10) % len(simple)].case_id
        return replace(known.book.case(original), line=book.by_id[case_id])

    book._laid_out = lru_cache(maxsize=512)(laid_out)
    queue = known.queue
    since = dict.fromkeys(book.by_id, now())
    shelf._shown = replace(
        known, queue=Queue(book, queue._stores, queue.begun_at, queue.jurisdiction, queue._seal, since)
    )
    zhang = review.enter("zhang")
    page, seconds = zhang.start(), []
    for _ in range(15):
        began = perf_counter()
        page = zhang.send(page, "/answer", answer="DIFFERENT")
        assert page.status_code == 303
        assert page.headers["location"].startswith(f"/cases/{PERIOD}/1")
        page = zhang.open(page.headers["location"])
        seconds.append(perf_counter() - began)
    assert f'<b id="open-left">{MANY - 15:,}</b>' in page.text
    assert median(seconds) < AT_MOST
