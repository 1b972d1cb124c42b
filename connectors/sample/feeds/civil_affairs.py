"""民政: visits to families, and who is already on a welfare list."""

from __future__ import annotations

import numpy as np

from connectors.sample.county import STABLE
from connectors.sample.dates import NEVER
from connectors.sample.faults import Spoiler
from connectors.sample.feeds.table import Table, plain
from connectors.sample.scene import Rows, Scene, choose, serial, worded
from connectors.sample.standing import GRANDPARENTS
from connectors.sample.streams import Bools, Ints, Texts, texts

_COMPANY = ("父母双方", "父亲", "母亲", "祖辈", "其他", "无")
_NEEDS = ("家庭生活困难", "监护缺失", "流浪", "失辍学", "心理行为异常", "主动求助", "单亲")
_WELFARE = ("孤儿", "事实无人抚养", "艾滋病病毒感染", "最低生活保障", "低保边缘", "特困供养", "重病重残")


class FieldVisit(Table):
    """入户登记: visits of the half-year, by the village's child directors."""

    feed, table = "civil_affairs", "field_visit"
    key = ("登记编号",)
    columns = (
        "登记编号",
        "儿童姓名",
        "性别",
        "出生日期",
        "身份证号",
        "户籍地区划",
        "居住地区划",
        "居住地址",
        "居住开始日期",
        "同住监护人",
        "监护人姓名",
        "监护人电话",
        *_NEEDS,
        "父亲外出起始日期",
        "母亲外出起始日期",
        "未外出方有监护能力",
        "走访类型",
        "走访日期",
        "走访人",
        "发现问题",
        "需求",
        "解决情况",
    )

    def select(self, scene: Scene) -> Rows:
        """Half of those left with grandparents, two migrant children in five, nearly all who live alone, few others.

        Those who left are asked after by telephone.
        """
        standing = scene.standing
        share = np.where(standing.is_away, 0.38, 0.02)
        share = np.where(standing.is_left_behind, np.where(standing.company == GRANDPARENTS, 0.5, 0.1), share)
        share = np.where(scene.is_alone & standing.is_away, 0.97, share)
        gone = ~standing.is_here & standing.belongs_here
        share = np.where(gone, 0.88, share)
        near = (standing.is_here | gone) & (standing.age_days < 16 * 365 + 4)
        visited = near & (scene.chance("visited") < share)
        again = visited & (scene.chance("visited again", scene.number) < 0.25)
        return scene.of_children((visited, 0), (again, 1))

    def files(self, scene: Scene, rows: Rows) -> tuple[tuple[str, ...], Ints]:
        """One workbook."""
        return (f"入户登记_{scene.period}.xlsx",), np.zeros(len(rows), dtype=np.int64)

    def render(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> dict[str, Texts]:
        """Write visits as they were typed in the village."""
        child, standing, children = rows.child, scene.standing, scene.county.children
        geography = scene.county.geography
        home = scene.homes(child, standing.stay[child])
        place, hukou = standing.residence[child], standing.hukou[child]
        span = scene.today - scene.period_begins + 1
        visited = scene.period_begins + scene.luck.whole(child * 2 + rows.copy, "visited on", scene.number) % span
        visited = np.minimum(np.maximum(visited, standing.since[child]), scene.today)
        rounded = scene.luck(ids, "remembered the month") < 0.12
        first_of_month = (
            standing.since[child].astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]")
        ).astype(np.int64)
        began = np.where(rounded, np.maximum(first_of_month, children.born[child]), standing.since[child])
        first, _ = scene.guardians(child)
        alone = scene.is_alone[child]
        company = worded(_COMPANY, standing.company[child])
        company = choose(scene.luck(ids, "company not asked") < np.where(alone, 0.0, 0.05), "", company)
        number = texts([f"RH{scene.period}"] * len(rows))
        cells = {
            "登记编号": serial(number, child * 2 + rows.copy, 8),
            "儿童姓名": self.child_names(scene, rows, ids, spoil, "儿童姓名"),
            "性别": self.sexes(scene, rows, ids, spoil, "性别", ("男", "女")),
            "出生日期": self.births(scene, rows, ids, spoil, "%Y-%m-%d"),
            "身份证号": self.child_numbers(scene, rows, ids, spoil, "身份证号"),
            "户籍地区划": spoil.codes(ids, "户籍地区划", hukou, scene.homes(child, 0)),
            "居住地区划": spoil.codes(ids, "居住地区划", place, home),
            "居住地址": geography.addresses(place, home, np.zeros(len(rows), dtype=np.int64)),
            "居住开始日期": spoil.dates(ids, "居住开始日期", began, "%Y-%m-%d", share=0.2),
            "同住监护人": company,
        }
        cells |= self.adult(scene, rows, ids, spoil, first, ("监护人姓名", "", "", "监护人电话"))
        for need, rate in zip(_NEEDS[:-1], (0.06, 0.01, 0.0005, 0.006, 0.01, 0.01), strict=True):
            cells[need] = choose(scene.luck(child, need) < rate, "是", "否")
        families, gone = scene.county.families, _away_since(scene, rows)
        is_single = ~(families.has_father & families.has_mother)[rows.family]
        father_away = families.has_father[rows.family] & np.isin(standing.company[child], (2, 3, 4, 5))
        mother_away = families.has_mother[rows.family] & np.isin(standing.company[child], (1, 3, 4, 5))
        return cells | {
            "单亲": choose(scene.luck(child, "单亲") < np.where(is_single, 0.9, 0.01), "是", "否"),
            "父亲外出起始日期": plain(np.where(father_away, gone, NEVER), "%Y-%m-%d"),
            "母亲外出起始日期": plain(np.where(mother_away, gone, NEVER), "%Y-%m-%d"),
            "未外出方有监护能力": choose(scene.luck(ids, "capable") < 0.03, "否", "是"),
            "走访类型": _kind(scene, rows, ids),
            "走访日期": plain(visited, "%Y-%m-%d"),
            "走访人": texts([f"儿童主任{value % 40 + 1}" for value in home.tolist()]),
            "发现问题": choose(scene.luck(ids, "problem") < 0.1, "学习困难", "无"),
            "需求": choose(scene.luck(ids, "need") < 0.12, "心理辅导", ""),
            "解决情况": choose(scene.luck(ids, "solved") < 0.08, "已转介", ""),
        }


class Welfare(Table):
    """保障名单: children on a welfare list, one row a category."""

    feed, table = "civil_affairs", "welfare"
    key = ("身份证号", "保障类别")
    columns = ("身份证号", "姓名", "保障类别", "起始日期", "终止日期", "户籍地区划")

    def select(self, scene: Scene) -> Rows:
        """One child in seventy, some on two lists."""
        near = (scene.standing.is_here & (scene.chance("list of incomers") < 0.4)) | scene.standing.belongs_here
        listed = near & (scene.standing.age_days > 200) & (scene.chance("welfare") < 0.015)
        return scene.of_children((listed, 0), (listed & (scene.chance("two lists") < 0.12), 1))

    def files(self, scene: Scene, rows: Rows) -> tuple[tuple[str, ...], Ints]:
        """One file."""
        return (f"保障名单_{scene.period}.csv",), np.zeros(len(rows), dtype=np.int64)

    def render(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> dict[str, Texts]:
        """Write list entries."""
        child, children = rows.child, scene.county.children
        kind = np.searchsorted([0.06, 0.2, 0.21, 0.7, 0.85, 0.9], scene.luck(child, "welfare kind"))
        kind = (kind + rows.copy) % 7
        begun = np.maximum(
            scene.today - 30 - scene.luck.whole(child, "welfare since") % 2500, children.born[child] + 30
        )
        ended = np.where(scene.luck(ids, "welfare ended") < 0.06, scene.today - 5, NEVER)
        return {
            "身份证号": self.child_numbers(scene, rows, ids, spoil, "身份证号"),
            "姓名": self.child_names(scene, rows, ids, spoil, "姓名"),
            "保障类别": worded(_WELFARE, kind),
            "起始日期": plain(begun, "%Y-%m-%d"),
            "终止日期": plain(ended, "%Y-%m-%d"),
            "户籍地区划": spoil.codes(ids, "户籍地区划", scene.standing.hukou[child], scene.homes(child, 0)),
        }


def _away_since(scene: Scene, rows: Rows) -> Ints:
    standing, child = scene.standing, rows.child
    stable = scene.county.families.kind[rows.family] == STABLE
    moved = np.where(stable, NEVER, standing.left_on[child])
    return np.where(standing.is_left_behind[child], standing.parent_left_on[child], moved)


def _kind(scene: Scene, rows: Rows, ids: Ints) -> Texts:
    here: Bools = scene.standing.is_here[rows.child]
    return choose(here, choose(scene.luck(ids, "visit kind") < 0.85, "入户", "电话"), "电话")
