"""The command's ways of being used wrong, and the small commands, in this process."""

import json

import pytest
from click.testing import CliRunner

from pipelines.cli import commands


@pytest.fixture
def call():
    def call(*words: object):
        return CliRunner().invoke(commands, list(map(str, words)))

    return call


def test_init_makes_a_site_that_doctor_finds_and_never_overwrites_it(call, tmp_path):
    home = tmp_path / "home"
    assert call("init", "--home", home, "--jurisdiction", "540000", "--inbox", tmp_path).exit_code == 0
    assert 'jurisdiction: "540000"' in (home / "site.yaml").read_text()
    assert (home / "feeds" / "README.md").exists()
    assert call("init", "--home", home).exit_code == 2
    examined = call("doctor", "--home", home).output
    assert "✓ site.yaml: jurisdiction 540000" in examined
    assert "✓ feeds/: 11 tables" in examined


def test_doctor_says_what_to_do_about_each_fault(call, tmp_path):
    (tmp_path / "site.yaml").write_text('jurisdiction: "429006"\ninbox: nowhere\nparameters: {memory: 900GiB}\n')
    (tmp_path / "feeds" / "education").mkdir(parents=True)
    (tmp_path / "feeds" / "education" / "enrolment.yml").write_text("colums: {}\n")
    done = call("doctor", "--home", tmp_path)
    assert done.exit_code == 0  # the exit code travels as the return value of the command
    assert "✗ feeds/" in done.output
    assert "colums" in done.output
    assert "✗ 收件目录 inbox" in done.output
    assert "✗ 内存 memory" in done.output


@pytest.mark.parametrize("code", ["999999", "4290", "429000"])
def test_a_code_that_is_no_division_is_refused(call, tmp_path, code):
    done = call("init", "--home", tmp_path / "home", "--jurisdiction", code)
    assert done.exit_code == 2
    assert not (tmp_path / "home" / "site.yaml").exists()


@pytest.mark.parametrize("period", ["2026", "2026H3", "26H1", "H1"])
def test_a_period_of_another_shape_is_refused_with_the_right_one(call, tmp_path, period):
    done = call("run", "--home", tmp_path, "--period", period)
    assert done.exit_code == 2
    assert "2026H1" in done.output


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("sql", "select 1"),
        ("export", "links", "--period", "2026H1", "--out", "x.csv"),
        ("accept", "--period", "2026H1", "--feed", "education", "--reason", "x"),
        ("close", "--period", "2026H1", "--reason", "x"),
    ],
)
def test_a_mistyped_home_is_not_made(call, tmp_path, words):
    home = tmp_path / "mistyped"
    done = call(*words, "--home", home)
    assert done.exit_code == 2
    assert "childindex init" in done.output
    assert not home.exists()


def test_an_act_needs_a_reason(call, tmp_path):
    done = call("close", "--home", tmp_path, "--period", "2026H1", "--reason", "  ")
    assert done.exit_code == 2
    assert "say why" in done.output


def test_feed_check_reads_one_delivery_dry_in_a_clerks_words(call, county, tmp_path):
    file = next((county / "inbox" / "2026H1" / "civil_affairs").glob("保障名单*.csv"))
    done = call("feed", "check", file, "--table", "civil_affairs.welfare", "--home", tmp_path)
    assert "可以入库" in done.output
    assert "各列填写率" in done.output


def test_feed_check_names_the_tables_there_are(call, county, tmp_path):
    file = next((county / "inbox" / "2026H1" / "civil_affairs").glob("*.csv"))
    done = call("feed", "check", file, "--table", "welfare", "--home", tmp_path)
    assert done.exit_code == 2
    assert "civil_affairs.welfare" in done.output


def test_policy_check_reads_a_file_in_place_of_the_programs_own_and_names_its_fault(call, tmp_path):
    from importlib.resources import files

    text = files("policy").joinpath("jurisdictions", "429006.yml").read_text(encoding="utf-8")
    file = tmp_path / "429006.yml"
    file.write_text(text, encoding="utf-8")
    assert "无误" in call("policy", "check", file).output
    file.write_text(text.replace("central_districts:", "central_district:"), encoding="utf-8")
    said = call("policy", "check", file).output
    assert "429006.yml: migrant_child.0.central_district" in said
    assert "无误" not in said


def test_policy_explain_tells_whose_file_states_a_parameter_and_by_which_words(call):
    said = json.loads(call("policy", "explain", "--jurisdiction", "429006", "--date", "2026-06-30", "--json").output)
    rule = said["migrant_child"]
    assert (rule["rule_id"], rule["rule_of"], rule["has_own_file"]) == ("migrant-child/429006", "429006", True)
    months, centre = (rule["parameters"][name] for name in ("away_at_least_months", "central_districts"))
    assert (months["value"], months["stated_by"]) == (6, "000000")
    assert "6个月以上" in months["words"]
    assert (centre["value"], centre["stated_by"]) == ("none", "429006")
    shown = call("policy", "explain", "--jurisdiction", "429006", "--date", "2025-01-01").output
    assert "适用上级" in shown


def test_policy_explain_shows_what_follows_from_a_status_too(call):
    said = json.loads(call("policy", "explain", "--jurisdiction", "540121", "--date", "2026-06-30", "--json").output)
    away = said["left_behind"]["parameters"]["away_at_least_months"]
    assert (away["value"], away["stated_by"], away["clause"]) == (3, "540000", "tibet-2024-80/one-3-left-behind")
    visits = said["visits"]["parameters"]
    assert visits["left_behind"]["value"] == {"visit_months": 3, "contact_months": 1}
    assert visits["key_care"]["clause"] is None  # not set by notice
    assert set(said["key_care"]["parameters"]["categories"]["value"]) == {
        "hardship", "own_disability", "lacks_guardianship", "vagrant", "behaviour_anomaly", "asked_for_help",
    }  # fmt: skip
    shown = call("policy", "explain", "--jurisdiction", "429006", "--date", "2026-06-30", "--section", "visits").output
    assert "每 3 个月走访" in shown
    assert "高额费用" not in shown


def test_policy_explain_refuses_a_code_that_was_no_division_then(call):
    assert call("policy", "explain", "--jurisdiction", "999999").exit_code == 2
