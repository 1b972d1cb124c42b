"""教育: pupils' records, one file a county."""

from __future__ import annotations

import numpy as np

from connectors.sample import citizen_no, peoples, tables
from connectors.sample.county import school_entry
from connectors.sample.dates import NEVER, compact_number
from connectors.sample.faults import Spoiler
from connectors.sample.feeds.table import Table, capped, plain
from connectors.sample.scene import Rows, Scene, choose, serial, worded
from connectors.sample.standing import GRANDPARENTS
from connectors.sample.streams import Bools, Floats, Ints, Texts, mixed, texts

_STAGES = ("", "学前", "小学", "初中", "普通高中")
_AGES = (0, 3, 6, 12, 15)
_GRADES = (
    ("", "", "", "", "", ""),
    ("小班", "中班", "大班", "大班", "大班", "大班"),
    ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级"),
    ("七年级", "八年级", "九年级", "九年级", "九年级", "九年级"),
    ("高一", "高二", "高三", "高三", "高三", "高三"),
)
_KINDS = ("", "幼儿园", "小学", "中学", "高级中学")
_OLD_SCHOOL = 1  # copy: the record at the school before the move
_TEMPORARY = 2  # copy: a second record made because the first was not found


class Enrolment(Table):
    """学籍: every pupil of the county's schools, with those who transferred away lately."""

    feed, table = "education", "enrolment"
    key = ("学籍号",)
    columns = (
        "学籍号",
        "姓名",
        "性别",
        "出生日期",
        "民族",
        "身份证件类型",
        "身份证件号",
        "户口所在地行政区划码",
        "户口所在地详细地址",
        "现住址行政区划码",
        "现住址",
        "学校标识码",
        "学校名称",
        "学段",
        "年级",
        "入学年月",
        "就读方式",
        "是否随迁子女",
        "是否农村留守儿童",
        "是否残疾",
        "学籍状态",
        "家庭经济困难认定",
        "监护人1姓名",
        "监护人1关系",
        "监护人1身份证件号",
        "监护人1联系电话",
        "监护人2姓名",
        "监护人2关系",
        "监护人2身份证件号",
        "监护人2联系电话",
    )

    def select(self, scene: Scene) -> Rows:
        """Pupils here; pupils that left with 转出; a few second records."""
        standing = scene.standing
        pupil = scene.stage > 0
        fresh = (scene.today - standing.since < 40) & (standing.since > scene.county.children.born)
        here = pupil & standing.is_here & ~(fresh & (scene.chance("not enrolled yet") < 0.6))
        left = pupil & (standing.left_place >= 0) & (scene.chance("old school") < np.where(standing.is_here, 0.3, 0.6))
        second = here & (scene.chance("second pupil number") < scene.rates.second_key)
        return scene.of_children((here, 0), (left, _OLD_SCHOOL), (second, _TEMPORARY))

    def school_county(self, scene: Scene, rows: Rows) -> Ints:
        """The county of the school."""
        standing = scene.standing
        return np.where(rows.copy == _OLD_SCHOOL, standing.left_place[rows.child], standing.residence[rows.child])

    def files(self, scene: Scene, rows: Rows) -> tuple[tuple[str, ...], Ints]:
        """One file a county."""
        counties, which = np.unique(self.school_county(scene, rows), return_inverse=True)
        return tuple(f"学籍_{code}.csv" for code in scene.county.geography.codes[counties]), which.astype(np.int64)

    def render(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> dict[str, Texts]:
        """Write the pupils' records."""
        child, standing, children = rows.child, scene.standing, scene.county.children
        county = self.school_county(scene, rows)
        old = rows.copy == _OLD_SCHOOL
        stage = scene.stage[child]
        school, school_code, school_name = _schools(scene, rows, county, stage)
        boarder = children.is_boarder[child] & (stage >= 2) | scene.is_alone[child]
        moved_on = old & (scene.luck(ids, "new address known") < 0.85)
        lives = np.where(old & ~moved_on, county, standing.residence[child])
        home = scene.homes(child, np.where(old & ~moved_on, standing.stay[child] - 1, standing.stay[child]))
        address = scene.county.geography.addresses(lives, home, _prefix(scene, ids))
        address = self._addresses(spoil, ids, address, school_name, boarder)
        hukou = standing.hukou[child]
        first, second = scene.guardians(child)
        school_phone = texts((mixed(school, 41) % 10**8 + 13 * 10**9 + 9 * 10**8).astype(str))
        away = (hukou >= 0) & (hukou != county)
        luck = scene.luck(ids, "declared")
        issued = scene.numbers[child] > 0
        hukou_home = scene.homes(child, np.where(standing.is_settled[child], 1, 0))
        cells = {
            "学籍号": _pupil_numbers(scene, rows, ids, county),
            "姓名": self.child_names(scene, rows, ids, spoil, "姓名"),
            "性别": self.sexes(scene, rows, ids, spoil, "性别", ("男", "女")),
            "出生日期": self.births(scene, rows, ids, spoil, "%Y%m%d"),
            "民族": peoples.written(scene.county.families.people[rows.family], ids, scene.luck, 0.15, 0.01),
            "身份证件类型": choose(issued, "居民身份证", "其他"),
            "身份证件号": self.child_numbers(scene, rows, ids, spoil, "身份证件号"),
            "户口所在地行政区划码": spoil.codes(ids, "户口所在地行政区划码", hukou, hukou_home, long=True),
            "户口所在地详细地址": spoil.blanked(
                ids,
                "户口所在地详细地址",
                _where_known(
                    hukou, scene.county.geography.addresses(np.maximum(hukou, 0), hukou_home, _prefix(scene, ids))
                ),
                "blank_address",
                spoil.rates.blank_address,
            ),
            "现住址行政区划码": spoil.codes(ids, "现住址行政区划码", lives, home, long=True),
            "现住址": address,
            "学校标识码": school_code,
            "学校名称": school_name,
            "学段": choose((stage == 4) & (scene.luck(child, "vocational") < 0.4), "中职", worded(_STAGES, stage)),
            "年级": _grades(scene, child, stage),
            "入学年月": _entered(scene, rows, stage, old),
            "就读方式": choose(boarder, "住校", "走读"),
            "是否随迁子女": choose(away ^ (luck < np.where(away, 0.08, 0.01)), "是", "否"),
            "是否农村留守儿童": choose((luck > 1 - _left_behind_share(scene, child)) & ~away, "是", "否"),
            "是否残疾": choose(scene.luck(child, "disabled") < 0.011, "是", "否"),
            "学籍状态": _status(scene, ids, old, stage),
            "家庭经济困难认定": worded(
                ("特别困难", "困难", "一般困难", "不困难"),
                np.searchsorted([0.02, 0.06, 0.1], scene.luck(child, "hardship")),
            ),
        }
        for slot, who in (("1", first), ("2", second)):
            named = tuple(f"监护人{slot}{part}" for part in ("姓名", "关系", "身份证件号", "联系电话"))
            cells |= self.adult(scene, rows, ids, spoil, who, (named[0], named[1], named[2], named[3]))
        phone = cells["监护人1联系电话"]
        one_of_ten = mixed(school, 42) % 10 == 0  # a school that enters its own number does so for many
        rate = spoil.rates.school_phone * 10 * one_of_ten
        for at in spoil.hits(ids, "监护人1联系电话 school", {"school_phone": rate}).values():
            phone[at] = school_phone[at]
        return cells

    def _addresses(self, spoil: Spoiler, ids: Ints, address: Texts, school: Texts, boarder: Bools) -> Texts:
        rate = spoil.rates.school_address * np.where(boarder, 10, 0.4)
        for at in spoil.hits(ids, "现住址", {"school_address": rate}).values():
            address[at] = school[at]
        return spoil.blanked(ids, "现住址 blank", address, "blank_address", spoil.rates.blank_address)


def _left_behind_share(scene: Scene, child: Ints) -> Floats:
    """How probably a school calls a pupil left behind: of those with grandparents four in five, of others few."""
    standing = scene.standing
    known = np.where(standing.company[child] == GRANDPARENTS, 0.8, 0.4)
    return np.where(standing.is_left_behind[child], known, 0.005)


def _where_known(county: Ints, values: Texts) -> Texts:
    return choose(county >= 0, values, "")


def _prefix(scene: Scene, ids: Ints) -> Ints:
    luck = scene.luck(ids, "how much of an address")
    return np.where(luck < 0.45, 2, np.where(luck < 0.75, 1, 0))


def _schools(scene: Scene, rows: Rows, county: Ints, stage: Ints) -> tuple[Ints, Texts, Texts]:
    """Choose a school among the county's; siblings of one stage go to the same."""
    near = scene.luck.whole(rows.family, "school") % 24
    school = county * 1000 + near * 10 + stage
    code = serial(texts(["3"] * len(county)) + scene.county.geography.codes[county], near * 5 + stage, 3)
    word = texts(tables.grouped("place_words", "kind", "word")["school"])
    name = scene.county.geography.names[county] + word[mixed(school, 40) % len(word)]
    return school, code, name + worded(_KINDS, stage)


def _pupil_numbers(scene: Scene, rows: Rows, ids: Ints, county: Ints) -> Texts:
    """G with the verified citizen number; before that L with school's division, birth date and four digits, or J."""
    child, children = rows.child, scene.county.children
    started = np.where(
        scene.luck(child, "went to preschool") < 0.8,
        school_entry(children.born[child], 3),
        school_entry(children.born[child], 6),
    )
    started = np.maximum(started, np.where(scene.standing.stay[child] > 0, scene.standing.left_on[child] - 200, 0))
    verified = np.maximum(
        started + 30 + (scene.luck(child, "verified") ** 2 * 420).astype(np.int64),
        children.number_issued_on[child] + 30,
    )
    verified = np.where(scene.luck(child, "never verified") < 0.04, NEVER, verified)
    is_verified = (verified <= scene.today) & (rows.copy != _TEMPORARY)
    generated = (scene.numbers[child] == 0) & (scene.luck(child, "generated") < 0.25)
    born = texts(compact_number(children.born[child]).astype(str))
    four = scene.luck.whole(child * 4 + rows.copy, "temporary") % 10_000
    temporary = serial("L" + scene.county.geography.codes[county] + born, four, 4)
    eighteen = serial(texts(["J9"] * len(child)), scene.luck.whole(child * 4 + rows.copy, "J") * 10**4 + four, 17)
    verified_number = "G" + citizen_no.written(np.where(is_verified, children.number[child], 11 * 10**15))
    return choose(is_verified, verified_number, choose(generated, eighteen, temporary))


def _stage_began(scene: Scene, child: Ints, stage: Ints) -> Ints:
    born = scene.county.children.born[child]
    return np.choose(stage, [born, *(school_entry(born, age) for age in _AGES[1:])])


def _grades(scene: Scene, child: Ints, stage: Ints) -> Texts:
    years = np.clip((scene.today - _stage_began(scene, child, stage)) // 365, 0, 5)
    grades = np.array(_GRADES, dtype=object)
    found: Texts = grades[stage, years]
    return found


def _entered(scene: Scene, rows: Rows, stage: Ints, old: Bools) -> Texts:
    """Since when at this school: the stage's September, or the month after a later move."""
    began = _stage_began(scene, rows.child, stage)
    since = np.where(old, scene.standing.stayed_since[rows.child], scene.standing.since[rows.child])
    here = np.maximum(began, since + scene.luck.whole(rows.child, "weeks to a school") % 30)
    return plain(capped(scene, here), "%Y%m")


def _status(scene: Scene, ids: Ints, old: Bools, stage: Ints) -> Texts:
    luck = scene.luck(ids, "enrolment status")
    left = choose(luck < 0.93, "转出", "在读")
    usual = np.where(
        luck < 0.985, "在读", np.where(luck < 0.99, "休学", np.where((luck < 0.996) & (stage >= 3), "辍学", "在读"))
    )
    return choose(old, left, texts(usual))
