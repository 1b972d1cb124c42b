"""公安: residence registrations (children and their parents) and the hukou register."""

from __future__ import annotations

import numpy as np

from connectors.sample import citizen_no
from connectors.sample.dates import NEVER, year
from connectors.sample.faults import Spoiler
from connectors.sample.feeds.table import Table, capped, plain
from connectors.sample.scene import DAD, ELDER, MUM, Rows, Scene, choose, serial, worded
from connectors.sample.standing import NOBODY, Standing
from connectors.sample.streams import Bools, Ints, Texts, texts

_LEFT = 1  # copy: the registration at the place before the last move
_AGAIN = 2  # copy: a second registration of the same stay
_CANCELLED = 1  # copy: the hukou entry before the hukou was moved
_REASONS = ("随迁", "投靠亲属", "就学", "务工", "其他")


class Residence(Table):
    """居住登记: who lives here without a hukou here, adults too."""

    feed, table = "public_security", "residence"
    key = ("DJBH",)
    columns = (
        "DJBH",
        "XM",
        "XBDM",
        "MZDM",
        "CSRQ",
        "GMSFHM",
        "HJDXZQH",
        "HJDXZ",
        "JZDXZQH",
        "JZDXZ",
        "JZSY",
        "DJRQ",
        "JZKSRQ",
        "JZZQFRQ",
        "YXQZ",
        "ZXRQ",
        "JHRXM",
        "JHRGX",
        "JHRSFHM",
        "LXDH",
        "PCS",
    )

    def select(self, scene: Scene) -> Rows:
        """Children away from their hukou, those that left lately, and most of their adults."""
        standing = scene.standing
        away = standing.is_here & standing.is_away & (standing.today - standing.since >= 3)
        registered = away & (scene.chance("registered") < 0.91)
        again = registered & (scene.chance("registered twice") < scene.rates.second_key)
        was_away = (standing.left_place >= 0) & (standing.left_place != scene.county.children.hukou)
        left = was_away & (scene.chance("registered") < 0.91) & (scene.chance("left registration") < 0.85)
        children = scene.of_children((registered, 0), (left, _LEFT), (again, _AGAIN))
        return _joined(children, self._adults(scene))

    def _adults(self, scene: Scene) -> Rows:
        family, county = scene.county.families, scene.county
        guarded = scene.standing.is_here & scene.standing.is_away & (scene.standing.company != NOBODY)
        lives = np.zeros(len(family.kind), dtype=np.bool_)
        lives[county.children.family[guarded]] = True
        company = family.company
        rows = []
        for role, stays, share in (
            (DAD, np.isin(company, (0, 1)) & family.has_father, 0.72),
            (MUM, np.isin(company, (0, 2)) & family.has_mother, 0.74),
            (ELDER, company == 3, 0.4),
        ):
            chance = scene.luck(np.arange(len(lives)), "adult registered", role)
            at = np.flatnonzero(lives & stays & (chance < share)).astype(np.int64)
            none = np.full(len(at), -1, dtype=np.int64)
            rows.append(Rows(none, none + 1, at, none + 1 + role))
        return _joined(*rows)

    def render(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> dict[str, Texts]:
        """Write registrations."""
        adult = rows.child < 0
        some = _some_child(scene)
        child = np.where(adult, some[rows.family], rows.child)
        about = Rows(child, rows.copy, rows.family, rows.role)
        standing, geography = scene.standing, scene.county.geography
        left = (rows.copy == _LEFT) & ~adult
        place = np.where(left, standing.left_place[child], standing.residence[child])
        home = scene.homes(child, np.where(left, standing.stay[child] - 1, standing.stay[child]))
        since = np.where(left, standing.stayed_since[child], standing.since[child])
        earlier = scene.luck(ids, "came earlier")
        arrival = np.maximum(_family_arrival(scene, rows.family), since - 6000)
        parent_since = arrival - np.where(earlier < 0.2, (earlier * 5000).astype(np.int64), 0)
        since = np.where(adult, parent_since, since)
        registered = capped(scene, since + (scene.luck(ids, "registered late") ** 3 * 150).astype(np.int64))
        registered = np.where(left, np.minimum(registered, standing.left_on[child]), registered)
        stated = np.where(scene.luck(ids, "start as registered") < 0.06, registered, since)
        cancelled = np.where(
            left & (scene.luck(ids, "cancelled") < 0.85),
            capped(scene, standing.left_on[child] + scene.luck.whole(ids, "cancelled on") % 40),
            NEVER,
        )
        has_permit = (scene.luck(child, "permit") < np.where(adult, 0.7, 0.35)) & (scene.today - since > 190)
        permit = np.where(
            has_permit, np.minimum(since + 185 + scene.luck.whole(ids, "permit") % 200, scene.today), NEVER
        )
        hukou = standing.hukou[child]
        hukou_home = scene.homes(child, 0)
        first, _ = scene.guardians(child)
        guardian = np.where(adult, -1, first)
        code = geography.codes[place] + texts(year(registered).astype(str))
        running = np.where(adult, rows.family * 4 + rows.role + 50_000_000, child * 4 + rows.copy)
        cells = {
            "DJBH": serial("JZ" + code, running, 9),
            "XM": self._names(scene, about, ids, spoil, adult),
            "XBDM": texts(np.where(adult, _adult_sex(scene, rows), scene.county.children.sex[child]).astype(str)),
            "MZDM": scene.county.families.people[rows.family],
            "CSRQ": choose(
                adult,
                spoil.dates(ids, "CSRQ adult", self._born(scene, rows, child), "%Y%m%d"),
                self.births(scene, about, ids, spoil, "%Y%m%d", "CSRQ"),
            ),
            "GMSFHM": self._numbers(scene, about, ids, spoil, adult),
            "HJDXZQH": spoil.codes(ids, "HJDXZQH", hukou, hukou_home),
            "HJDXZ": choose(
                hukou >= 0, geography.addresses(np.maximum(hukou, 0), hukou_home, np.full(len(ids), 2)), ""
            ),
            "JZDXZQH": spoil.codes(ids, "JZDXZQH", place, home),
            "JZDXZ": geography.addresses(place, home, np.full(len(ids), 1)),
            "JZSY": worded(_REASONS, np.where(adult, 3, scene.luck.whole(ids, "reason") % 3)),
            "DJRQ": plain(registered, "%Y%m%d"),
            "JZKSRQ": spoil.dates(ids, "JZKSRQ", stated, "%Y%m%d", share=0.2),
            "JZZQFRQ": plain(permit, "%Y%m%d"),
            "YXQZ": plain(np.where(has_permit, permit + 365, NEVER), "%Y%m%d"),
            "ZXRQ": plain(cancelled, "%Y%m%d"),
            "PCS": geography.names[place] + "公安局" + texts(["第" + str(n % 9 + 1) for n in home]) + "派出所",
        }
        cells |= self.adult(scene, rows, ids, spoil, guardian, ("JHRXM", "JHRGX", "JHRSFHM", ""))
        _, _, phone = scene.adults(rows.family, np.where(adult, rows.role, first))
        return cells | {"LXDH": spoil.phones(ids, "LXDH", phone)}

    def _names(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler, adult: Bools) -> Texts:
        found = self.child_names(scene, rows, ids, spoil, "XM")
        named, _, _ = scene.adults(rows.family, rows.role)
        return choose(adult, spoil.names(ids, "XM adult", named, share=1.6), found)

    def _numbers(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler, adult: Bools) -> Texts:
        found = self.child_numbers(scene, rows, ids, spoil, "GMSFHM", spreadsheet=False)
        _, number, _ = scene.adults(rows.family, rows.role)
        return choose(adult, citizen_no.written(number), found)

    def _born(self, scene: Scene, rows: Rows, child: Ints) -> Ints:
        families = scene.county.families
        grown = np.choose(
            np.maximum(rows.role, 0),
            [families.father_born[rows.family], families.mother_born[rows.family], families.elder_born[rows.family]],
        )
        return np.where(rows.child < 0, grown, scene.county.children.born[child])


class Hukou(Table):
    """常住人口: the jurisdiction's own hukou children, and through the province's exchange those of incomers."""

    feed, table = "public_security", "hukou"
    key = ("GMSFHM", "HH")
    columns = (
        "GMSFHM",
        "XM",
        "CYM",
        "XBDM",
        "MZDM",
        "CSRQ",
        "HH",
        "HZXM",
        "YHZGX",
        "SSXQ",
        "HJDXZ",
        "HKLB",
        "FQXM",
        "FQSFHM",
        "MQXM",
        "MQSFHM",
        "QRRQ",
        "ZXBS",
    )

    def select(self, scene: Scene) -> Rows:
        """Hukou children, incomers in exchange, and entries cancelled when the hukou was moved."""
        standing = scene.standing
        known = np.where(standing.belongs_here, 0.985, np.where(standing.is_here, 0.6, 0.0))
        entered = standing.is_born & (standing.hukou >= 0) & (scene.chance("hukou entry") < known)
        lately = standing.is_settled & (standing.today - scene.county.children.settled_on < 900)
        cancelled = entered & lately & (scene.chance("cancelled hukou") < 0.7)
        return scene.of_children((entered, 0), (cancelled, _CANCELLED))

    def render(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> dict[str, Texts]:
        """Write hukou entries: the most careful of the feeds."""
        child, standing, children, families = rows.child, scene.standing, scene.county.children, scene.county.families
        geography, family = scene.county.geography, rows.family
        cancelled = rows.copy == _CANCELLED
        settled = standing.is_settled[child] & ~cancelled
        hukou = np.where(cancelled, children.hukou[child], standing.hukou[child])
        home = scene.homes(child, np.where(settled, 1, 0))
        head = np.where(families.has_father[family], DAD, np.where(families.has_mother[family], MUM, ELDER))
        elder = scene.luck(family, "household of the elder") < 0.3
        head = np.where(elder & ~settled, ELDER, head)
        head_name, _, _ = scene.adults(family, head)
        father, father_no, _ = scene.adults(family, np.where(families.has_father[family], DAD, -1))
        mother, mother_no, _ = scene.adults(family, np.where(families.has_mother[family], MUM, -1))
        now, first = standing.name[child], standing.first_name[child]
        renamed = (now != first) & (scene.luck(child, "former name entered") < 0.8)
        daughter = children.sex[child] == 2
        relation = choose(head == ELDER, choose(daughter, "孙女", "孙子"), choose(daughter, "女", "子"))
        moved_in = np.where(settled, children.settled_on[child], NEVER)
        return {
            "GMSFHM": self.child_numbers(scene, rows, ids, spoil, "GMSFHM", spreadsheet=False),
            "XM": spoil.names(ids, "XM", children.names.take(child), now, share=0.15),
            "CYM": choose(renamed, first, ""),
            "XBDM": texts(children.sex[child].astype(str)),
            "MZDM": families.people[family],
            "CSRQ": spoil.dates(ids, "CSRQ", children.born[child], "%Y%m%d"),
            "HH": serial(geography.codes[hukou], np.where(settled, 50_000_000, 0) + family, 9),
            "HZXM": spoil.names(ids, "HZXM", head_name, share=0.15),
            "YHZGX": relation,
            "SSXQ": spoil.codes(ids, "SSXQ", hukou, home),
            "HJDXZ": geography.addresses(np.maximum(hukou, 0), home, np.full(len(ids), 2)),
            "HKLB": worded(
                ("农业", "非农业", "居民家庭户"), np.searchsorted([0.4, 0.55], scene.luck(family, "hukou kind"))
            ),
            "FQXM": spoil.names(ids, "FQXM", father, share=0.2),
            "FQSFHM": spoil.adult_numbers(ids, "FQSFHM", father_no),
            "MQXM": spoil.names(ids, "MQXM", mother, share=0.2),
            "MQSFHM": spoil.adult_numbers(ids, "MQSFHM", mother_no),
            "QRRQ": plain(moved_in, "%Y%m%d"),
            "ZXBS": choose(cancelled, "1", "0"),
        }


def _joined(*parts: Rows) -> Rows:
    return Rows(
        np.concatenate([part.child for part in parts]),
        np.concatenate([part.copy for part in parts]),
        np.concatenate([part.family for part in parts]),
        np.concatenate([part.role for part in parts]),
    )


def _some_child(scene: Scene) -> Ints:
    """One child of each family that lives here away from its hukou: the adults' registration shares its places."""
    standing: Standing = scene.standing
    at = np.flatnonzero(standing.is_here & standing.is_away & (standing.company != NOBODY))
    found = np.zeros(len(scene.county.families.kind), dtype=np.int64)
    found[scene.county.children.family[at]] = at
    return found


def _family_arrival(scene: Scene, family: Ints) -> Ints:
    moved = scene.county.families.moved
    return np.where(moved[1][family] <= scene.today, moved[1][family], moved[0][family])


def _adult_sex(scene: Scene, rows: Rows) -> Ints:
    elder = np.where(scene.county.families.elder_no[rows.family] % 2 == 1, 1, 2)
    return np.choose(np.maximum(rows.role, 0), [np.ones_like(elder), np.full_like(elder, 2), elder])
