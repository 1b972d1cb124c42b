"""``childindex policy services``, and catalogues given to ``policy check``."""

import json
from importlib.resources import files

import pytest
from click.testing import CliRunner

from pipelines.cli import commands


@pytest.fixture
def call():
    return lambda *words: CliRunner().invoke(commands, [str(word) for word in words], standalone_mode=False)


@pytest.fixture
def lhasa(tmp_path):
    """A county's own catalogue: Tibet's, changed by the test."""
    text = files("policy").joinpath("services/540000.yml").read_text(encoding="utf-8")
    text = text.replace('code: "540000"', 'code: "540102"').replace("tibet-2025/", "lhasa/")

    def write(old="", new=""):
        assert old in text
        file = tmp_path / "540102.yml"
        file.write_text(text.replace(old, new) if old else text, encoding="utf-8")
        return file

    return write


def test_services_of_a_county_are_those_of_the_catalogue_above_it(call):
    said = json.loads(call("policy", "services", "--jurisdiction", "540102", "--date", "2026-06-30", "--json").output)
    assert len(said) == 23
    eleventh = next(item for item in said if item["number"] == 11)
    assert (eleventh["item"], eleventh["claim_at"], eleventh["catalogue"]) == ("S11", "both", "540000")
    assert eleventh["benefits"]["rehabilitation"]["claim_at"] == "residence"
    assert "就地受理" in eleventh["clause"]["words"]
    assert set(eleventh["also"]) == {"tibet-2025/seven-rehabilitation", "tibet-2025/eight-subsidies"}
    assert eleventh["requirements"]["disabled"]["proof"] == "残疾人证"


def test_services_are_shown_with_bureau_place_and_conditions(call):
    said = "".join(call("policy", "services", "--jurisdiction", "429006", "--date", "2026-06-30").output.split())
    assert "S13（13）最低生活保障服务户籍地市民政局" in said
    assert "(openquestion5)" in said


@pytest.mark.parametrize(("place", "on"), [("420502", "2026-06-30"), ("429006", "2025-07-29")])
def test_a_place_without_a_catalogue_says_so(call, place, on):
    assert "19" in call("policy", "services", "--jurisdiction", place, "--date", on).output
    assert json.loads(call("policy", "services", "--jurisdiction", place, "--date", on, "--json").output) == []


def test_a_countys_catalogue_that_is_not_below_its_regions_passes(call, lhasa):
    done = call("policy", "check", lhasa())
    assert done.return_value == 0
    assert "不低于 540000" in done.output


def test_a_countys_catalogue_that_is_below_its_regions_is_told_where(call, lhasa):
    done = call("policy", "check", lhasa("needs: [migrant, age_0_to_6]", "needs: [migrant, age_0_to_6, under_3]"))
    assert done.return_value == 2
    assert "低于 below 540000 S01 immunisation: narrower" in done.output
    assert "age_years=3" in done.output


def test_a_catalogue_with_a_fault_is_refused_and_the_fault_named(call, lhasa):
    done = call("policy", "check", lhasa("needs: [migrant, age_0_to_6]", "needs: [migrant, age_0_6]"))
    assert done.return_value == 2
    assert "540102.yml: items.0.needs: ['age_0_6']" in done.output
