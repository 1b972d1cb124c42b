"""医保: the insured, and alerts of high medical cost."""

from __future__ import annotations

import numpy as np

from connectors.sample.faults import Spoiler
from connectors.sample.feeds.table import Table, plain
from connectors.sample.scene import Rows, Scene, choose, serial
from connectors.sample.streams import Ints, Texts, texts

_ALSO = 1  # copy: insured a second time, at the place of the hukou or under a new number


class Enrolment(Table):
    """参保: most children, where they live or where their hukou is."""

    feed, table = "medical_insurance", "enrolment"
    key = ("个人编号",)
    numeric_key = True
    columns = (
        "个人编号",
        "姓名",
        "证件类型",
        "证件号码",
        "性别",
        "出生日期",
        "参保地区划",
        "险种",
        "参保日期",
        "参保状态",
        "监护人姓名",
        "监护人证件号",
        "联系电话",
    )

    def select(self, scene: Scene) -> Rows:
        """The insured here, those insured at their hukou, and some doubly insured."""
        insured = scene.is_insured_here | scene.is_insured_at_hukou
        doubly = scene.is_insured_here & scene.standing.is_away & (scene.chance("doubly insured") < 0.02)
        second = insured & (scene.chance("second insured number") < scene.rates.second_key / 2)
        return scene.of_children((insured, 0), (doubly | second, _ALSO))

    def files(self, scene: Scene, rows: Rows) -> tuple[tuple[str, ...], Ints]:
        """One file for the whole jurisdiction."""
        name = f"参保_{scene.county.geography.jurisdiction}.txt"
        return (name,), np.zeros(len(rows), dtype=np.int64)

    def render(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> dict[str, Texts]:
        """Write insured persons."""
        child, standing, children = rows.child, scene.standing, scene.county.children
        at_hukou = (scene.is_insured_at_hukou[child] | (rows.copy == _ALSO)) & (standing.hukou[child] >= 0)
        place = np.where(at_hukou, standing.hukou[child], standing.residence[child])
        begun = np.where(at_hukou, children.born[child], standing.since[child])
        insured = np.minimum(begun + 15 + (scene.luck(ids, "insured on") * 200).astype(np.int64), scene.today)
        first, _ = scene.guardians(child)
        young = scene.numbers[child] == 0
        numbers = self.child_numbers(scene, rows, ids, spoil, "证件号码")
        status = scene.luck(ids, "insurance status")
        cells = {
            "个人编号": insured_numbers(scene, rows),
            "姓名": self.child_names(scene, rows, ids, spoil, "姓名"),
            "证件类型": choose(young, "出生医学证明", "居民身份证"),
            "证件号码": numbers,
            "性别": self.sexes(scene, rows, ids, spoil, "性别", ("男", "女")),
            "出生日期": self.births(scene, rows, ids, spoil, "%Y/%m/%d"),
            "参保地区划": spoil.codes(ids, "参保地区划", place, scene.homes(child, 0)),
            "险种": texts(["城乡居民基本医疗保险"] * len(rows)),
            "参保日期": plain(insured, "%Y/%m/%d"),
            "参保状态": texts(np.where(status < 0.965, "正常", np.where(status < 0.985, "暂停", "终止"))),
        }
        certificates = scene.luck(ids, "certificate shown") < 0.7
        letter = texts([chr(65 + value % 26) for value in (1970 + children.born[child] // 365).tolist()])
        certificate = serial(letter, (child * 7919 + 104_729) % 10**9, 9)
        cells["证件号码"] = choose(young & certificates & (numbers == ""), certificate, numbers)
        return cells | self.adult(scene, rows, ids, spoil, first, ("监护人姓名", "", "监护人证件号", "联系电话"))


class HighCostAlert(Table):
    """高额医疗费用监测预警: the half-year's settlements above a bound."""

    feed, table = "medical_insurance", "high_cost_alert"
    key = ("个人编号", "结算日期", "预警编号")
    columns = (
        "预警编号",
        "个人编号",
        "姓名",
        "证件号码",
        "就医地区划",
        "结算日期",
        "医疗总费用",
        "个人负担费用",
        "预警等级",
    )

    def select(self, scene: Scene) -> Rows:
        """One insured child in two hundred and fifty, some twice."""
        insured = scene.is_insured_here | scene.is_insured_at_hukou
        ill = insured & (scene.chance("ill", scene.number) < 0.004)
        return scene.of_children((ill, 0), (ill & (scene.chance("ill again", scene.number) < 0.3), 2))

    def files(self, scene: Scene, rows: Rows) -> tuple[tuple[str, ...], Ints]:
        """One workbook."""
        return ("高额费用预警.xlsx",), np.zeros(len(rows), dtype=np.int64)

    def render(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> dict[str, Texts]:
        """Write alerts."""
        child = rows.child
        span = scene.today - scene.period_begins + 1
        settled = scene.period_begins + scene.luck.whole(child * 4 + rows.copy, "settled", scene.number) % span
        total = 20_000 + (scene.luck(ids, "cost") ** 3 * 300_000).astype(np.int64)
        own = total * (0.25 + 0.4 * scene.luck(ids, "own share"))
        number = texts([f"YJ{scene.period}"] * len(rows))
        return {
            "预警编号": serial(number, child * 4 + rows.copy, 9),
            "个人编号": insured_numbers(scene, Rows(child, rows.copy * 0, rows.family, rows.role)),
            "姓名": self.child_names(scene, rows, ids, spoil, "姓名"),
            "证件号码": self.child_numbers(scene, rows, ids, spoil, "证件号码"),
            "就医地区划": spoil.codes(ids, "就医地区划", scene.standing.residence[child], scene.homes(child, 0)),
            "结算日期": plain(settled, "%Y-%m-%d"),
            "医疗总费用": texts([f"{value:.2f}" for value in total]),
            "个人负担费用": texts([f"{value:.2f}" for value in own]),
            "预警等级": texts(np.where(own > 100_000, "红", np.where(own > 50_000, "橙", "黄"))),
        }


def insured_numbers(scene: Scene, rows: Rows) -> Texts:
    """Number insured persons: the province's two digits and twelve more."""
    province = scene.county.geography.provinces[np.maximum(scene.county.children.hukou[rows.child], 0)]
    jurisdiction = scene.county.geography.jurisdiction[:2]
    prefix = choose(rows.copy == _ALSO, province, texts([jurisdiction] * len(rows)))
    return serial(prefix + "8", rows.child * 2 + (rows.copy == _ALSO), 11)
