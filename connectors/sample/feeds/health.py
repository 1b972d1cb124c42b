"""卫生健康/疾控: children's health records."""

from __future__ import annotations

import numpy as np

from connectors.sample import peoples, tables
from connectors.sample.dates import year
from connectors.sample.faults import Spoiler
from connectors.sample.feeds.table import Table, capped, plain
from connectors.sample.scene import DAD, MUM, Rows, Scene, choose, serial
from connectors.sample.streams import Ints, Texts, mixed, texts

_ELSEWHERE = 1  # copy: a second record, made at another clinic


class ChildHealth(Table):
    """儿童健康档案: most children under seven, fewer of school age."""

    feed, table = "health", "child_health"
    key = ("健康档案编号",)
    numeric_key = True
    columns = (
        "健康档案编号",
        "儿童姓名",
        "性别",
        "出生日期",
        "出生医学证明编号",
        "身份证号",
        "民族",
        "母亲姓名",
        "母亲身份证号",
        "父亲姓名",
        "父亲身份证号",
        "联系电话",
        "户籍地区划",
        "户籍地址",
        "居住地区划",
        "居住地址",
        "建档机构",
        "建档日期",
        "最近随访日期",
        "免疫规划完成",
        "发育筛查结果",
        "严重精神障碍管理",
    )

    def select(self, scene: Scene) -> Rows:
        """Children living here; those who left keep their record for a while."""
        standing = scene.standing
        young = standing.age_days < 7 * 365
        share = np.where(young, 0.94, 0.33)
        here = standing.is_here & (standing.age_days >= 2) & (scene.chance("health record") < share)
        away = standing.is_born & ~standing.is_here
        kept = (
            away & ((standing.left_place >= 0) | standing.belongs_here) & (scene.chance("health record") < share * 0.85)
        )
        second = here & (scene.chance("second health record") < scene.rates.second_key * 1.8)
        return scene.of_children((here, 0), (kept, 0), (second, _ELSEWHERE))

    def files(self, scene: Scene, rows: Rows) -> tuple[tuple[str, ...], Ints]:
        """A file for the small ones, one for the others."""
        young = scene.standing.age_days[rows.child] < 7 * 365
        return ("儿童健康档案_0-6岁.csv", "儿童健康档案_7岁以上.csv"), np.where(young, 0, 1)

    def render(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> dict[str, Texts]:
        """Write health records."""
        child, standing, children, families = rows.child, scene.standing, scene.county.children, scene.county.families
        geography, family, age = scene.county.geography, rows.family, standing.age_days[rows.child]
        here = standing.is_here[child]
        told = here | (standing.left_place[child] < 0) | (scene.luck(child, "new address told") < 0.8)
        place = np.where(told, standing.residence[child], standing.left_place[child])
        home = scene.homes(child, np.where(told, standing.stay[child], standing.stay[child] - 1))
        since = np.where(told & here, standing.since[child], standing.stayed_since[child])
        opened = capped(
            scene,
            since
            + 3
            + (scene.luck(ids, "opened") ** 2 * np.where(since > children.born[child], 200, 50)).astype(np.int64),
        )
        gap = np.where(age < 3 * 365, 120, np.where(age < 7 * 365, 300, 500))
        seen = np.maximum(opened, scene.today - (scene.luck(ids, "seen", scene.number) * gap).astype(np.int64))
        seen = np.where(told, seen, np.minimum(seen, np.maximum(opened, standing.left_on[child] - 5)))
        hukou = standing.hukou[child]
        hukou_home = scene.homes(child, np.where(standing.is_settled[child], 1, 0))
        mother, mother_no, mother_phone = scene.adults(family, np.where(families.has_mother[family], MUM, -1))
        father, father_no, father_phone = scene.adults(family, np.where(families.has_father[family], DAD, -1))
        clinics = texts(tables.grouped("place_words", "kind", "word")["clinic"])
        where_opened = geography.codes[
            np.where(here, standing.residence[child], np.maximum(standing.left_place[child], 0))
        ]
        letter = texts([chr(65 + value % 26) for value in year(children.born[child]).tolist()])
        certificate = serial(letter, (child * 7919 + 104_729) % 10**9, 9)
        return {
            "健康档案编号": serial(where_opened, mixed(home, 1) % 40 * 10**8 + child * 2 + rows.copy, 11),
            "儿童姓名": self._names(scene, rows, ids, spoil),
            "性别": self.sexes(scene, rows, ids, spoil, "性别", ("男", "女")),
            "出生日期": self.births(scene, rows, ids, spoil, "%Y-%m-%d"),
            "出生医学证明编号": choose(
                scene.luck(ids, "certificate") < np.where(age < 7 * 365, 0.8, 0.4), certificate, ""
            ),
            "身份证号": self.child_numbers(scene, rows, ids, spoil, "身份证号"),
            "民族": peoples.written(families.people[family], ids, scene.luck, 0.05, 0.05),
            "母亲姓名": spoil.names(ids, "母亲姓名", mother, share=1.6),
            "母亲身份证号": spoil.adult_numbers(ids, "母亲身份证号", mother_no),
            "父亲姓名": spoil.names(ids, "父亲姓名", father, share=1.6),
            "父亲身份证号": spoil.blanked(
                ids,
                "父亲身份证号 blank",
                spoil.adult_numbers(ids, "父亲身份证号", father_no),
                "fathers_number_missing",
                spoil.rates.fathers_number_missing,
            ),
            "联系电话": spoil.phones(ids, "联系电话", np.where(mother_phone > 0, mother_phone, father_phone)),
            "户籍地区划": spoil.codes(ids, "户籍地区划", hukou, hukou_home, long=True),
            "户籍地址": choose(
                hukou >= 0, geography.addresses(np.maximum(hukou, 0), hukou_home, np.full(len(ids), 2)), ""
            ),
            "居住地区划": spoil.codes(ids, "居住地区划", place, home, long=True),
            "居住地址": spoil.blanked(
                ids,
                "居住地址",
                geography.addresses(place, home, scene.luck.whole(ids, "how much of an address") % 3),
                "blank_address",
                spoil.rates.blank_address,
            ),
            "建档机构": geography.names[place] + clinics[mixed(home, 13) % len(clinics)],
            "建档日期": plain(opened, "%Y-%m-%d"),
            "最近随访日期": spoil.dates(ids, "最近随访日期", seen, "%Y-%m-%d", share=0.2),
            "免疫规划完成": choose(scene.luck(ids, "vaccinated") < 0.93, "是", "否"),
            "发育筛查结果": choose(
                scene.luck(ids, "screening") < 0.03, "可疑", choose(scene.luck(ids, "screened") < 0.8, "正常", "")
            ),
            "严重精神障碍管理": choose(scene.luck(child, "disorder") < 0.001, "是", "否"),
        }

    def _names(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> Texts:
        """A newborn is often entered as its mother's son or daughter."""
        found = self.child_names(scene, rows, ids, spoil, "儿童姓名")
        family, age = rows.family, scene.standing.age_days[rows.child]
        rate = spoil.rates.newborn_name * np.where(age < 60, 1.0, np.where(age < 365, 0.2, 0.02))
        rate = np.where(scene.county.families.has_mother[family], rate, 0.0)
        for at in spoil.hits(ids, "儿童姓名 newborn", {"newborn_name": rate}).values():
            ending = choose(scene.county.children.sex[rows.child[at]] == 1, "之子", "之女")
            found[at] = scene.county.families.mother.text[family[at]] + ending
        return found
