"""The handbook's pictures are of pages that there are, small, and all shown."""

import io
import os
import re
from importlib import resources
from itertools import product
from pathlib import Path

import pyotp
import pytest
import yaml
from PIL import Image

from stewardship import keys
from stewardship.access import second_factor
from stewardship.visit import LANGUAGE_COOKIE
from stewardship.words import LANGUAGES
from tests.stewardship import browser
from tests.stewardship.conftest import COUNTY, PASSWORD, PERIOD
from tests.stewardship.test_app import simple
from warehouse import keys as kept_keys
from warehouse.stores.actors import Actor

LARGEST = 60 * 1024  # bytes
WIDTH = 1024
PEOPLE = {"steward": "li", "operator": "yun"}
PICTURES = yaml.safe_load((resources.files("stewardship") / "handbook.yml").read_text(encoding="utf-8"))
FOLDER = Path(str(resources.files("stewardship"))) / "static" / "handbook"


@pytest.fixture
def child(house) -> str:
    """A child whom feeds propose for the ledger and who is to be visited."""
    con = house.read_published(PERIOD)
    try:
        return con.execute(
            "select child_id from care.key_care join care.visit_due using (child_id) "
            "where key_care.state = 'proposed' and key_care.county = ? order by all limit 1",
            [COUNTY],
        ).fetchone()[0]
    finally:
        con.close()


@pytest.fixture
def at_work(review):
    """Some work is done: an answer that waits for a second person, a few that don't, one flag."""
    zhang = review.enter("zhang")
    waits = simple(review, "ledger")
    zhang.send(zhang.open(f"/cases/{PERIOD}/{waits}"), "/answer", answer="SAME", reason="同名同址")
    flagged = zhang.start()
    zhang.send(flagged, "/flag", words="两份户口，请主管看")
    page = zhang.start()
    for _ in range(4):
        sent = zhang.send(page, "/answer", answer="DIFFERENT")
        page = sent if sent.status_code == 200 else zhang.open(sent.headers["location"])


def template(language) -> str:
    folder = resources.files("stewardship") / "templates"
    return (folder / f"handbook.{language}.html.j2").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_small_and_shown(language):
    assert {file.name for file in (FOLDER / language).iterdir()} == {f"{name}.png" for name in PICTURES}
    for name in PICTURES:
        file = FOLDER / language / f"{name}.png"
        assert file.stat().st_size <= LARGEST, name
        with Image.open(file) as picture:
            assert picture.size == (WIDTH, round(WIDTH * browser.SCREEN["height"] / browser.SCREEN["width"])), name
    assert set(re.findall(r"picture\('([a-z_]+)'", template(language))) == set(PICTURES)


def test_both_languages_tell_the_same_in_the_same_order():
    told = [
        re.findall(r"<h2(?: id=\"(\w+)\")?>|picture\('(\w+)'|key\('(\w+)'|(<li>)", template(each)) for each in LANGUAGES
    ]
    assert told[0] == told[1]


def test_every_key_of_the_case_page_is_explained():
    assert set(re.findall(r"key\('(\w+)'", template("zh"))) == set(keys.DEFAULT)


@pytest.mark.parametrize("name", PICTURES)
def test_every_pictures_page_is_still_served(review, child, name):
    of = PICTURES[name]
    path = of["path"].format(child=child)
    clerk = review.enter(PEOPLE[of["who"] or "steward"])
    page = clerk.open(path)
    assert page.status_code == 200
    if "press" in of:
        assert f'id="{of["press"].removeprefix("#")}"' in page.text
    shown = clerk.open("/handbook").text
    source = re.search(rf'src="(/static/handbook/zh/{name}\.png\?v=[0-9a-f]+)"', shown)[1]
    answer = clerk.open(source)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"


@pytest.mark.slow
def test_the_pictures_are_taken_of_the_pages_as_they_are(house, home, keys, child, at_work, tmp_path):
    """Writes them into the folder that HANDBOOK_PICTURES names: that is what ``make handbook`` does."""
    out = Path(os.environ.get("HANDBOOK_PICTURES") or tmp_path)
    for language in LANGUAGES:
        (out / language).mkdir(exist_ok=True)
    key = kept_keys.access_key(house.home, lambda words: None)
    with browser.served(home, keys) as address, browser.chromium() as chromium:
        for who in (None, *PEOPLE):
            context = chromium.new_context(viewport=browser.SCREEN)
            page = context.new_page()
            page.set_default_timeout(30_000)
            if who is not None:
                page.goto(f"{address}/login")
                page.fill("[name=username]", PEOPLE[who])
                page.fill("[name=password]", PASSWORD)
                if who == "operator":
                    handed_out = second_factor.hand_out(house.stores, Actor("os:tests"), key, PEOPLE[who])
                    page.fill("[name=code]", pyotp.TOTP(handed_out.secret).now())
                page.keyboard.press("Enter")
                page.wait_for_url(lambda url: "/login" not in url)
            for language, (name, of) in product(LANGUAGES, PICTURES.items()):
                if of["who"] == who:
                    context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": address}])
                    page.goto(address + of["path"].format(child=child))
                    if "press" in of:
                        page.click(of["press"])
                        page.wait_for_selector("#case")
                    assert page.locator("main").inner_text().strip()
                    out.joinpath(language, f"{name}.png").write_bytes(small(page.screenshot()))
            context.close()


def small(taken: bytes) -> bytes:
    """The picture at the handbook's width, with as many colours as fit into its size."""
    with Image.open(io.BytesIO(taken)) as whole:
        shrunk = whole.convert("RGB").resize(
            (WIDTH, round(WIDTH * whole.height / whole.width)), Image.Resampling.LANCZOS
        )
    for colours in (64, 32, 16, 8, 4):
        out = io.BytesIO()
        shrunk.quantize(colours).save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            return out.getvalue()
    raise AssertionError("a page that fits no small picture")
