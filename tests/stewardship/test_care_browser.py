"""Recording a visit in a real browser: by keyboard, without JavaScript, with what was typed kept through an error."""

import pytest

from tests.stewardship import browser
from tests.stewardship.conftest import COUNTY, PASSWORD, PERIOD
from warehouse.stores import visits
from warehouse.stores.access_tables import session
from warehouse.stores.engine import writing

pytestmark = pytest.mark.slow


@pytest.fixture
def child(house):
    """The longest overdue: it is on the list's first page."""
    con = house.read_published(PERIOD)
    try:
        return con.execute(
            "select child_id from care.visit_due where county = ? order by least(due_on, contact_due_on) limit 1",
            [COUNTY],
        ).fetchone()[0]
    finally:
        con.close()


@pytest.fixture
def desk(chromium, address):
    opened = []

    def sit(username="zhang", **settings):
        context = chromium.new_context(viewport=browser.SCREEN, **settings)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{address}/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases*")
        return page

    yield sit
    for context in opened:
        context.close()


def test_a_visit_is_recorded_without_javascript(desk, address, child, house):
    page = desk(java_script_enabled=False)
    page.goto(f"{address}/visits")
    page.locator(f'a[href="/children/{child}/visits/new"]').click()
    page.select_option("[name=visit_kind]", "in_home")
    page.check("[name=in_hardship][value=yes]")
    page.fill("[name=problems]", "电话 13812345678")
    page.get_by_role("button", name="保存").click()
    assert "含有身份证号或电话" in page.locator("#problems-wrong").inner_text()
    assert page.locator("[name=in_hardship][value=yes]").is_checked()
    page.fill("[name=problems]", "缺冬衣")
    page.get_by_role("button", name="保存").click()
    assert "自下次运行起计入" in page.locator("main").inner_text()
    (kept,) = visits.of_child(house.stores, [child])
    assert (kept.told["problems"], kept.told["in_hardship"], kept.recorded_by) == ("缺冬衣", True, "zhang")


def test_what_was_typed_outlives_a_locked_session_and_is_forgotten_once_kept(desk, address, child, house):
    page = desk()
    page.goto(f"{address}/children/{child}/visits/new")
    page.fill("[name=needs]", "需要一张书桌")
    page.select_option("[name=visit_kind]", "phone")
    with writing(house.stores) as connection:
        connection.execute(session.update().values(is_locked=True))
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(lambda url: "/unlock?back=" in url)
    assert not visits.of_child(house.stores, [child])
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/visits/new")  # where they were
    assert page.locator("[name=needs]").input_value() == "需要一张书桌"
    assert page.locator("[name=visit_kind]").input_value() == "phone"
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**said=visit")
    page.wait_for_function("() => !Object.keys(sessionStorage).some((each) => each.startsWith('childindex.draft.'))")
    page.goto(f"{address}/children/{child}/visits/new")
    assert page.locator("[name=needs]").input_value() == ""


def test_pages_of_care_have_no_fault_for_a_screen_reader_and_fit_the_screen(desk, address, child):
    from axe_playwright_python.sync_playwright import Axe

    page = desk("li")
    for path in (
        *("/ledger", "/visits", "/changes", "/changes/children"),
        *(f"/children/{child}", f"/children/{child}/ledger", f"/children/{child}/visits/new"),
    ):
        page.goto(f"{address}{path}")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
        assert found.violations_count == 0, path + found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= browser.SCREEN["width"], path
