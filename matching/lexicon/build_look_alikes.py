"""Make ``look_alikes.csv`` from Unihan: ``python -m matching.lexicon.build_look_alikes UNIHAN_FOLDER``.

Two characters look alike where their Cangjie codes (shape, part by part) differ in a part that is itself easily
mistaken (日/目/月, 氵/冫/讠, 木/禾/扌 …) or lacking, or where codes, four-corner numbers and strokes are all but equal.
Pairs known by hand (己已巳) stand in ``look_alikes_by_hand.csv`` and are read beside it.

Source: Unihan 14.0 (Unicode licence), fields kTGH (通用规范汉字表), kCangjie, kFourCornerCode, kTotalStrokes.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

from rapidfuzz.distance import Levenshtein

# Cangjie codes of parts, at the head of a character, that are mistaken for one another.
_ALIKE_PARTS: tuple[tuple[str, ...], ...] = (
    ("A", "BU", "B"),
    ("E", "IM", "IV"),
    ("O", "HO"),
    ("D", "HD", "Q", "FD"),
    ("G", "MG"),
    ("A", "HA"),
    ("KH", "Q"),
)
_ALIKE_PARTS += (("T", "H"), ("J", "JC"), ("I", "K"), ("R", "A"), ("P", "E"), ("V", "P"), ("C", "MG"))
_DROPPED_PARTS = ("E", "O", "IV", "IM", "P", "D", "Q", "V", "R", "MG", "G", "F", "A", "T", "C", "BU", "NL")
_STANDARD_AT_MOST = 6500  # 通用规范汉字表, levels one and two
_OUT = Path(__file__).parent / "look_alikes.csv"


def pairs(folder: Path) -> set[tuple[str, str]]:
    """Pairs of characters in common use that look alike, each in code point order."""
    common = _common(folder)
    codes = {character: code for character, code in _field(folder, "kCangjie").items() if character in common}
    found = [*_by_part(codes), *_by_shape(folder, codes)]
    return {(min(pair), max(pair)) for pair in found}


def _by_part(codes: dict[str, str]) -> list[tuple[str, str]]:
    by_code: dict[str, list[str]] = defaultdict(list)
    for character, code in codes.items():
        by_code[code].append(character)
    found = []
    for character, code in codes.items():
        alike = [code_of_other for code_of_other in _alike_codes(code) if code_of_other != code]
        found += [(character, other) for code_of_other in alike for other in by_code.get(code_of_other, [])]
    return found


def _alike_codes(code: str) -> list[str]:
    """The code with its first part replaced by one that looks like it, or left out."""
    found = []
    for parts in _ALIKE_PARTS:
        for part in parts:
            rest = code.removeprefix(part)
            if code.startswith(part) and len(rest) >= 2:
                found += [other + rest for other in parts if other != part]
    return found + [
        code.removeprefix(part) for part in _DROPPED_PARTS if code.startswith(part) and len(code) - len(part) >= 3
    ]


def _by_shape(folder: Path, codes: dict[str, str]) -> list[tuple[str, str]]:
    corners, strokes = _field(folder, "kFourCornerCode"), _field(folder, "kTotalStrokes")
    by_corner: dict[str, list[str]] = defaultdict(list)
    for character in codes:
        corner = corners.get(character, "")[:4]
        for place in range(len(corner)):
            by_corner[corner[:place] + "*" + corner[place + 1 :]].append(character)
    return [
        (left, right)
        for alike in by_corner.values()
        for left, right in combinations(alike, 2)
        if abs(int(strokes[left]) - int(strokes[right])) <= 1
        and Levenshtein.distance(codes[left], codes[right]) <= 1
        and min(len(codes[left]), len(codes[right])) >= 3
    ]


def _common(folder: Path) -> set[str]:
    table = _field(folder, "kTGH")
    return {character for character, index in table.items() if int(index.split(":")[1]) <= _STANDARD_AT_MOST}


def _field(folder: Path, name: str) -> dict[str, str]:
    found = {}
    for path in sorted(folder.glob("Unihan_*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if f"\t{name}\t" in line:
                code, _, value = line.split("\t")
                found[chr(int(code[2:], 16))] = value.split()[0]
    return found


def main(folder: str) -> None:
    """Write the table."""
    with _OUT.open("w", encoding="utf-8", newline="") as out:
        out.write("# Characters mistaken for one another by shape.\n")
        out.write("# Made by matching.lexicon.build_look_alikes from Unihan 14.0.\n")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["characters"])
        writer.writerows([left + right] for left, right in sorted(pairs(Path(folder))))


if __name__ == "__main__":
    main(sys.argv[1])
