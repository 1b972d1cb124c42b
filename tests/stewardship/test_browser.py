"""The app in a real browser, at 1366×768, by keyboard alone."""

import pytest

from tests.stewardship import browser
from tests.stewardship.conftest import PASSWORD, PERIOD
from tests.stewardship.test_app import simple
from warehouse.stores import claims, verdicts

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(chromium, address):
    """Sit somebody down in front of the app: a page of a browser of their own, logged in."""
    opened = []

    def sit(username: str, **settings):
        context = chromium.new_context(viewport=browser.SCREEN, **settings)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(f"{address}/")
        page.locator("[name=username]").focus()
        page.keyboard.type(username)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases*")
        return page

    yield sit
    for context in opened:
        context.close()


def left(page) -> int:
    return int(page.locator("#open-left").inner_text().replace(",", ""))


def begin(page) -> None:
    page.keyboard.press("Enter")  # the focus is on 开始核查
    page.wait_for_selector("#case")


def decide(page, key: str) -> None:
    """Press a key; come back when another question stands in front, or the list."""
    before = page.locator("[name=key]").first.get_attribute("value")
    page.keyboard.press(key)
    page.wait_for_function(
        "before => { const key = document.querySelector('.answers [name=key]');"
        " return !key ? !!document.querySelector('.tabs') : key.value !== before }",
        arg=before,
    )


def test_fifty_cases_by_keyboard_alone(desk, house):
    page = desk("zhang")
    begin(page)
    at_first, keys = left(page), "212"
    pressed = 0
    while page.locator("#case").count() and at_first - left(page) < 50:
        decide(page, keys[pressed % 3])
        pressed += 1
    assert at_first - left(page) >= 50
    standings = verdicts.standings(house.stores, PERIOD)
    assert sum(standing.state != "open" for standing in standings) == at_first - left(page)
    assert {standing.verdict.steward for standing in standings} == {"zhang"}
    assert all(url.startswith(page.url.split("/cases")[0]) for url in page.asked)  # nothing from outside


def test_z_takes_the_last_answer_back(desk, house):
    page = desk("zhang")
    begin(page)
    at_first, first = left(page), page.url.partition("?")[0]
    while left(page) == at_first:
        decide(page, "2")
    page.keyboard.press("z")
    page.wait_for_url("**said=undone*")
    page.wait_for_selector("#case")
    assert left(page) == at_first
    assert page.url.partition("?")[0] == first


def test_an_answer_that_did_not_arrive_is_said_not_to_be_kept_and_can_be_sent_again(desk, house):
    page = desk("zhang")
    begin(page)
    page.context.set_offline(True)
    page.keyboard.press("2")
    page.wait_for_selector("#unsent:visible")
    assert not verdicts.standings(house.stores, PERIOD)
    page.context.set_offline(False)
    decide(page, "2")
    assert page.locator("#unsent").is_hidden()


def test_unsure_asks_for_a_reason_where_the_keyboard_is(desk, house):
    page = desk("zhang")
    begin(page)
    before = left(page)
    page.keyboard.press("3")
    assert page.evaluate("document.activeElement.name") == "reason"
    while left(page) == before:  # each question of the case has its own reason
        page.locator("[data-act-input=unsure]").focus()
        page.keyboard.type("123 名字不清")  # digits are typed, not obeyed
        page.keyboard.press("Escape")
        decide(page, "3")
    (given,) = [each.verdict for each in verdicts.standings(house.stores, PERIOD)]
    assert given.answer == "UNSURE"
    assert "123 名字不清" in given.reason


def test_enter_in_the_reason_of_an_answer_says_unsure_and_never_same(desk, house):
    page = desk("zhang")
    begin(page)
    before = left(page)
    while left(page) == before:
        page.keyboard.press("3")
        page.keyboard.type("两份户口")
        decide(page, "Enter")
    (given,) = [each.verdict for each in verdicts.standings(house.stores, PERIOD)]
    assert given.answer == "UNSURE"


def test_enter_in_the_reason_of_a_second_look_confirms_nothing(desk, address, house, review):
    zhang, case_id = review.enter("zhang"), simple(review, "ledger")
    zhang.send(zhang.open(f"/cases/{PERIOD}/{case_id}"), "/answer", answer="SAME")
    page = desk("wang")
    page.goto(f"{address}/cases/{PERIOD}/{case_id}")
    page.locator(".answers [name=reason]").focus()
    page.keyboard.type("再看看")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="不同意").click()
    page.wait_for_url("**said=rejected*")
    assert [each.act for each in verdicts.of_case(house.stores, PERIOD, case_id)] == ["give", "reject"]


def test_help_opinion_and_walking_by_keys(desk):
    page = desk("zhang")
    begin(page)
    first = page.url.partition("?")[0]
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    assert not page.locator("section.opinion").is_visible()
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url.partition("?")[0] != first)
    page.wait_for_selector("#case")
    assert not page.locator("section.opinion").is_visible()  # as one left it
    page.keyboard.press("h")
    assert page.locator("section.opinion").is_visible()
    page.keyboard.press("p")
    page.wait_for_url(lambda url: url.partition("?")[0] == first)


def test_notes_flags_skipping_and_searching_by_keys(desk, house):
    page = desk("zhang")
    begin(page)
    (claimed,) = claims.read(house.stores, PERIOD)
    for key, words, said in (("c", "问过学校", "noted"), ("f", "请主管看", "flagged")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.name") == "words"
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**said={said}*")
        page.wait_for_selector("#case")
        assert words in page.locator(".history").inner_text()
    page.keyboard.press("s")
    page.wait_for_url(lambda url: f"/{claimed.case_id}" not in url)
    page.wait_for_selector("#case")
    assert claimed.case_id not in {claim.case_id for claim in claims.read(house.stores, PERIOD)}
    page.keyboard.press("/")
    page.wait_for_url("**/search?child=c*")
    page.wait_for_function("() => document.activeElement.name === 'name'")


def test_r_reveals_one_field_with_a_reason(desk):
    page = desk("zhang")
    begin(page)
    masked = page.locator(".evidence [data-act=reveal]").count()
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.press("Enter")
    page.wait_for_function("many => document.querySelectorAll('[data-act=reveal]').length < many", arg=masked)
    assert page.locator(".evidence [data-act=reveal]").count() == masked - 1


def test_where_twins_are_likely_the_focus_is_on_different(desk):
    page = desk("zhang")
    begin(page)
    for _ in range(60):
        if page.locator("#twins").count():
            assert page.evaluate("document.activeElement.dataset.act") == "different"
            return
        before = page.url
        page.keyboard.press("n")
        page.wait_for_url(lambda url, before=before: url != before)
        page.wait_for_selector("#case")
    raise AssertionError("no twins in this county")


def test_deciding_works_without_javascript(desk, house):
    page = desk("zhang", java_script_enabled=False)
    page.locator("#start").click()
    before = left(page)
    while left(page) == before:
        page.locator("button[value=DIFFERENT]").click()
    assert len(verdicts.standings(house.stores, PERIOD)) == 1
    page.locator("[data-act=undo]").click()
    assert left(page) == before


def test_a_clerks_screen_holds_the_question_without_scrolling_the_page(desk):
    page = desk("zhang")
    begin(page)
    for _ in range(12):
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size[0] <= browser.SCREEN["width"]
        assert size[1] <= browser.SCREEN["height"]
        bottom = page.locator("section.verdict").bounding_box()
        assert bottom["y"] + bottom["height"] <= browser.SCREEN["height"]
        before = page.url
        page.keyboard.press("n")
        page.wait_for_url(lambda url, before=before: url != before)
        page.wait_for_selector("#case")


def test_a_child_is_told_to_be_two_by_keyboard_alone(desk, address, house):
    con = house.read_published(PERIOD)
    (child,) = con.execute(
        "select child_id from link.entry_child join link.entry_profile using (entry_id)"
        " join care.migrant_status using (child_id) where residence_codes = ['429006']"
        " group by child_id having count(distinct profile_id) = count(*) and count(*) = 3 order by child_id limit 1"
    ).fetchone()
    con.close()
    page = desk("zhang")
    page.goto(f"{address}/children/{child}/parts")
    page.locator("input[type=checkbox]").last.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("#case")
    assert "拆分" in page.locator(".consequences").inner_text()
    page.keyboard.press("2")
    page.wait_for_url("**said=waits.DIFFERENT*")
    (waits,) = verdicts.standings(house.stores, PERIOD)
    assert (waits.state, waits.verdict.second_because) == ("pending", "split")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_screen_reader_finds_no_fault(desk, address, language):
    from axe_playwright_python.sync_playwright import Axe

    page = desk("li")
    if language == "en":
        page.get_by_role("button", name="English").click()
        page.wait_for_selector("html[lang=en]")
    begin(page)
    case = page.url.partition("?")[0]
    page.goto(case)
    child = page.locator("[data-act=search]").get_attribute("href").partition("child=")[2]
    pages = ("/cases", "/second", "/supervise", "/away", "/grants", "/quality/links", f"/children/{child}/parts")
    for path in (*(f"{address}{each}" for each in pages), case):
        page.goto(path)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
        assert found.violations_count == 0, found.generate_report()
