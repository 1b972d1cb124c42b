"""The operator sees what could not be read, without whom it is about, and hands in mended rows for the next run."""

import csv
import io
import re
from dataclasses import dataclass

import pytest

from connectors import quarantine, specs
from connectors.specs import FeedSpec
from tests.stewardship.conftest import PERIOD
from warehouse.stores import audit


@dataclass(frozen=True)
class Held:
    """A row in quarantine: of which table, where, and what it says."""

    spec: FeedSpec
    file: str
    row_no: int
    line: str

    @property
    def table(self) -> str:
        return f"{self.spec.feed}.{self.spec.table}"

    def mended(self) -> str:
        """The row as somebody mends it, under the department's headings."""
        out = io.StringIO()
        cells = {name: "1" if column.required else "" for name, column in self.spec.columns.items()}
        csv.writer(out).writerow([self.file, self.row_no, *(cells | {"name": "王小安"}).values()])
        return f"{quarantine.header_to_mend(self.spec)}\r\n{out.getvalue()}"


@pytest.fixture
def held(review) -> Held:
    con = review.house.read_published(PERIOD)
    try:
        feed, table, file, row_no, content, encoding = con.execute(
            "select line.feed, line.table_name, line.file, line.row_no, line.bytes, file.encoding "
            "from raw.quarantine as line join raw.file as file using (feed, table_name, file) "
            "where octet_length(line.bytes) > 20 order by all limit 1"
        ).fetchone()
    finally:
        con.close()
    return Held(specs.load()[feed, table], file, row_no, bytes(content).decode(encoding or "utf-8", "replace"))


def test_the_page_tells_how_many_and_why_and_of_whom_nothing(review, held):
    yun = review.enter("yun")
    page = yun.open("/quarantine")
    assert held.file in page.text
    link = re.search(rf'href="([^"]*feed={held.spec.feed}&amp;table={held.spec.table}[^"]*)#lines"', page.text)[1]
    lines = yun.open(link.replace("&amp;", "&"))
    shown = "".join(re.findall(r"<code>(.*?)</code>", lines.text))
    words = [
        each for each in re.split(r"[^0-9A-Za-z一-鿿]+", held.line) if len(each) > 2 and not set(each) <= set("9a文")
    ]
    assert words
    assert shown
    assert not [each for each in words if each in shown]
    assert audit.read(review.house.stores, act="quarantine read")


def test_only_the_operator_sees_it(review):
    for name in ("zhang", "li", "shen"):
        assert review.enter(name).open("/quarantine").status_code == 403


def test_mended_rows_are_kept_where_the_next_run_looks(review, held, home):
    yun = review.enter("yun")
    sent = yun.send(yun.open("/quarantine"), "/replay", table=held.table, rows=held.mended())
    assert sent.headers["location"] == "/quarantine?said=replay"
    (kept,) = review.house.home.mended(PERIOD, held.spec.raw_table).glob("*.csv")
    assert kept.stat().st_mode & 0o77 == 0
    (row,) = audit.read(review.house.stores, act="quarantine replay")
    assert "王小安" not in str(row)
    page = yun.open("/quarantine")
    assert "已交来的" in page.text
    again = yun.send(page, "/replay", table=held.table, rows=held.mended())
    assert again.status_code == 422
    assert "此前已交来" in again.text
    taken = yun.send(yun.open("/quarantine"), "/take-back")
    assert taken.headers["location"] == "/quarantine?said=taken"
    assert not kept.exists()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("file,row_no\r\nx.txt,1", "缺少必填列"),
        ("", "缺少 file"),
        ("{header}\r\n", "没有数据行"),
        ("{header}\r\nelsewhere.txt,3{commas}", "不在隔离区"),
        ("{header}\r\nx.txt,three{commas}", "行号不是数字"),
    ],
)
def test_what_no_run_could_land_is_refused_at_once_and_stays_in_the_form(review, held, rows, said):
    yun = review.enter("yun")
    given = rows.format(header=quarantine.header_to_mend(held.spec), commas="," * len(held.spec.columns))
    refused = yun.send(yun.open("/quarantine"), "/replay", table=held.table, rows=given)
    assert refused.status_code == 422
    assert said in refused.text
    assert given.strip().splitlines()[-1:] == [] or given.strip().splitlines()[-1] in refused.text
    assert not list(review.house.home.mended(PERIOD, held.spec.raw_table).glob("*.csv"))


@pytest.mark.parametrize("fields", [{"table": "education.nothing"}, {"table": "../../etc"}])
def test_a_table_that_is_none_is_not_found(review, held, fields):
    yun = review.enter("yun")
    sent = yun.send(yun.open("/quarantine"), "/replay", rows=held.mended(), **fields)
    assert sent.status_code == 404


def test_a_file_elsewhere_is_not_taken_back(review, held, tmp_path):
    yun = review.enter("yun")
    yun.send(yun.open("/quarantine"), "/replay", table=held.table, rows=held.mended())
    other = review.house.home.root / "site.yaml"
    assert yun.send(yun.open("/quarantine"), "/take-back", file="../../../site.yaml").status_code == 404
    assert other.exists()


@pytest.mark.slow
def test_the_next_run_lands_what_was_handed_in_and_the_page_of_changes_tells(review, held, run_period, home):
    yun = review.enter("yun")
    before = landed(review, held)
    yun.send(yun.open("/quarantine"), "/replay", table=held.table, rows=held.mended())
    run_period(home)
    assert landed(review, held) == before + 1
    assert "上一次运行发布于" in yun.open("/changes").text


def landed(review, held):
    con = review.house.read_published(PERIOD)
    try:
        return con.execute(f"select count(*) from raw.{held.spec.raw_table}").fetchone()[0]
    finally:
        con.close()
