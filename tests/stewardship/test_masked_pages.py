"""What pages hold: no number, phone or address of anybody, and no page that runs what somebody delivered or typed."""

import json
import re
from html import unescape
from urllib.parse import quote

import duckdb
import pytest

from stewardship.evidence import facts
from tests.stewardship.conftest import COUNTY, PERIOD
from tests.stewardship.test_app import simple

LONG_ENOUGH = 8  # characters; a shorter value stands in other texts too
LISTS = ("/cases", "/second", "/bulk", "/quality", "/quality/links", "/ledger", "/visits", "/supervise", "/changes")
OF_A_CHILD = ("", "/parts", "/ledger", "/visits/new", "/entrusted")
EVIL = "<script>alert(1)</script>\u202e=HYPERLINK(1)"


@pytest.fixture
def masked(review) -> set[str]:
    """Everything that departments delivered in the fields that are masked, of all children in cases."""
    columns = {
        column for fact in facts().values() if fact.mask in ("number", "phone", "address") for column in fact.columns
    }
    book, found = review.shown.book, set()
    for line in book.lines:
        for row in book.case(line.case_id).entries:
            told = json.loads(row["delivered"])
            found |= {str(told[column]).strip() for column in columns if told.get(column)}
    return {value for value in found if len(value) >= LONG_ENOUGH and re.search(r"\d", value)}


def pages(review):
    """Every page on which a clerk sees children, of the county's cases and their children."""
    li, book = review.enter("li"), review.shown.book
    cases = [line.case_id for line in book.lines if COUNTY in line.counties]
    children = sorted({row["child_id"] for case in cases[:12] for row in book.case(case).entries if row["child_id"]})
    paths = [*LISTS, *(f"/cases/{PERIOD}/{case}" for case in cases[:40])]
    paths += [f"/children/{child}{end}" for child in children for end in OF_A_CHILD]
    for path in paths:
        page = li.open(path)
        if page.status_code == 200:
            yield path, unescape(page.text)


def test_nothing_that_is_masked_stands_anywhere_in_a_page(review, masked):
    assert len(masked) > 100
    any_of = re.compile("|".join(re.escape(value) for value in sorted(masked, key=len, reverse=True)))
    seen = 0
    for path, text in pages(review):
        found = any_of.search(text)
        assert found is None, f"{path}: {text[max(found.start() - 60, 0) : found.start()]}"
        seen += 1
    assert seen > 100


def test_no_address_of_a_page_names_anybody(review):
    con = review.house.read_published(PERIOD)
    names = {name for (name,) in con.execute("select distinct name from core.child where length(name) > 1").fetchall()}
    con.close()
    for path, text in pages(review):
        for url in re.findall(r'(?:href|action)="([^"]*)"', text):
            assert not any(name in url for name in names), path
            assert not re.search(r"\d{15}", url), path


@pytest.fixture
def evil(review):
    """A child whose name in every table is a script and a formula; and its case."""
    book = review.shown.book
    case_id = simple(review)
    child = next(row["child_id"] for row in book.case(case_id).entries if row["child_id"])
    review.app.state.site.shelf._shown = None
    file = next(review.house.home.published.resolve().glob("20*.duckdb"))
    file.chmod(0o600)
    with duckdb.connect(str(file)) as con:
        con.execute("update core.child set name = ?", [EVIL])
        con.execute("update core.child_value set value = ? where field = 'name'", [EVIL])
        con.execute("update core.guardian set name = ?", [EVIL])
        con.execute("update std.name set folded = ?, delivered = ?", [EVIL, EVIL])
        con.execute("update std.township set name = ?", [EVIL])
        for (table,) in con.execute(
            "select table_name from duckdb_columns() where schema_name = 'raw' and column_name = 'name'"
        ).fetchall():
            con.execute(f"update raw.{table} set name = ?", [EVIL])
    return child, case_id


def test_a_name_that_is_a_script_is_a_name(review, evil):
    child, case_id = evil
    li = review.enter("li")
    paths = [*LISTS, f"/cases/{PERIOD}/{case_id}", *(f"/children/{child}{end}" for end in OF_A_CHILD)]
    shown = 0
    for path in paths:
        page = li.open(path)
        assert page.status_code in (200, 404), path
        assert "<script>alert" not in page.text, path
        shown += "&lt;script&gt;alert(1)" in page.text
    assert shown > 3
    assert "<script>alert" not in li.send(li.open("/search"), "/search", name="alert").text


def test_words_that_are_a_script_are_words(review):
    zhang, case_id = review.enter("zhang"), simple(review)
    path = f"/cases/{PERIOD}/{case_id}"
    for act in ("/note", "/flag"):
        zhang.send(zhang.open(path), act, words=EVIL)
    li = review.enter("li")
    for each in (path, "/supervise"):
        text = li.open(each).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;=HYPERLINK(1)" in text  # and nothing turns the words around


@pytest.mark.parametrize(
    "evil", ["\r\nset-cookie: session=x", "\r\n\r\n<script>", "/\t/elsewhere.example", "/\\elsewhere.example"]
)
def test_nothing_that_is_typed_makes_a_header(review, evil):
    zhang = review.enter("zhang")
    page = zhang.open(f"/login?back={quote(evil)}")
    sent = zhang.send(page, "/language", back=evil)
    started = zhang.send(zhang.open("/cases"), "/start", county=evil)
    asked = zhang.open(f"/children/{quote(evil, safe='')}")
    assert (sent.status_code, started.status_code, asked.status_code) == (303, 303, 404)
    for answer in (page, sent, started, asked):
        assert "session=x" not in answer.headers.get("set-cookie", "")
        place = answer.headers.get("location", "/")
        assert re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", place)
        assert "<script>" not in answer.text.replace("<script src=", "")
