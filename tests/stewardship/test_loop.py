"""What stewards decide, the next run obeys: from the page to one child."""

import pytest

from stewardship import casefile
from tests.stewardship.conftest import PERIOD

pytestmark = pytest.mark.slow


def clear_cases(book):
    """Cases of two children with one question that one person decides and whose entries nobody else's keys name."""
    for line in book.lines:
        file = casefile.assemble(book, book.case(line.case_id))
        is_own = all(row["named"] == row["key"] and not row["is_shared"] for row in file.case.entries)
        if len(file.questions) == 1 and file.if_same.second_because is None and is_own:
            yield file


def answer(clerk, file, said):
    page = clerk.open(f"/cases/{PERIOD}/{file.case.line.case_id}")
    sent = clerk.send(page, "/answer", answer=said)
    assert "said=saved" in sent.headers["location"]


def of_entries(house, entries):
    """The children that the published release has for these entries, which it may number anew."""
    con = house.read_published(PERIOD)
    try:
        return {
            child
            for row in entries
            for (child,) in con.execute(
                "select child_id from link.entry_child join std.entry using (entry_id) "
                "where feed = ? and table_name = ? and key = ?",
                [row["feed"], row["table_name"], row["key"]],
            ).fetchall()
        }
    finally:
        con.close()


def test_the_next_run_obeys_and_the_cases_are_gone(review, run_period, home):
    zhang = review.enter("zhang")
    likely = sorted(clear_cases(review.shown.book), key=lambda file: -(file.case.line.p_same or 0))
    joined, parted = likely[0], likely[1]
    answer(zhang, joined, "SAME")
    answer(zhang, parted, "DIFFERENT")
    assert len(of_entries(review.house, joined.case.entries)) == 2
    run_period(home)
    assert len(of_entries(review.house, joined.case.entries)) == 1
    assert len(of_entries(review.house, parted.case.entries)) == 2
    asked = {
        frozenset((row["feed"], row["table_name"], row["key"]) for row in review.shown.book.case(line.case_id).entries)
        for line in review.shown.book.lines
    }
    for file in (joined, parted):
        assert frozenset((row["feed"], row["table_name"], row["key"]) for row in file.case.entries) not in asked
    assert of_entries(review.house, joined.case.entries) == {joined.if_same.survives}
    con = review.house.read_published(PERIOD)
    merged = con.execute("select child_id, other_child_id from core.child_event where event = 'merge'").fetchall()
    con.close()
    assert [(gone, joined.if_same.survives) for gone in joined.if_same.merged] == merged
