"""A small table of invented readers of a library, and a model file for it, to link in tests."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

MODEL = """
version: readers-1
based_on: {data: none, command: null, estimated_on: null}
key: card
columns:
  first: {from: first, as: [letters]}
  last: {from: last, as: [letters]}
  last_sound: {from: last, as: [letters, sound]}
  born: {from: born, as: [date]}
  street: {from: [street, town], as: [words]}
  phone: {from: phone, as: [digits, {last: 7}]}
estimation:
  {prior_pairs: 5, random_pairs: 20000, rounds_at_most: 200, settled_at: 0.00001, population_at_least: 2,
   pairs_per_profile: 0.3, rarest: 0.000000001}
bands: {link_from: 0.0, review_from: -4.0, margin: 0.0, conflict_below: -8.0}
clusters: {entries_at_most: 20}
blocking:
  pairs_at_most: 1000000
  rules:
    - {name: names, keys: [last_sound_keys, first_keys], at_most: 50, split_by: [born_keys]}
    - {name: born_last, keys: [born_keys, last_sound_keys], at_most: 50, split_by: [first_keys]}
    - {name: phone, keys: [phone_keys], at_most: 50, split_by: [last_keys]}
    - {name: crossed, keys: [street_keys, born_keys], at_most: 50, split_by: [phone_keys]}
fields:
  first_name:
    kind: text
    of: [first]
    frequency: true
    levels: {different: {}, near: {similarity: 0.85}, crossed: {crossed_with: last, similarity: 0.85}, equal: {}}
  last_name:
    kind: text
    of: [last]
    neutral_where: {first_name: [crossed]}
    levels: {different: {}, one_edit: {edits: 1}, equal: {}}
  born_on:
    kind: date
    of: [born]
    levels: {different: {}, same_year: {}, same_day_other_year: {}, swapped: {}, one_digit: {}, equal: {}}
  address: {kind: words, of: [street], levels: {different: {}, half: {overlap: 0.5}, equal: {}}}
  telephone: {kind: number, of: [phone], levels: {different: {}, one_edit: {edits: 1}, equal: {}}}
"""

_FIRST = "Ada Bruno Clara Dario Elsa Fabio Greta Hugo Ines Jonas Karla Leon Mira Nils Olga Pavel Rosa Sven Tilda Udo"
_LAST = "Abel Brandt Cordes Dorn Ebner Falk Gruber Hartl Imhof Jahn Kranz Lindner Moser Nagel Ostwald Pichler Quandt"


def write_model(folder: Path, text: str = MODEL) -> Path:
    """The model file below a folder."""
    path = folder / "readers.yml"
    path.write_text(text, encoding="utf-8")
    return path


def reader(card: str, place: int, **changed: str | None) -> dict[str, str | None]:
    """The invented reader of a place, under a card; ``changed`` as typed this time."""
    firsts, lasts = _FIRST.split(), _LAST.split()
    return {
        "card": card,
        "first": firsts[place % len(firsts)],
        "last": lasts[place * 7 % len(lasts)],
        "born": f"{1950 + place * 13 % 50}-{1 + place * 5 % 12:02d}-{1 + place * 11 % 28:02d}",
        "street": f"Gasse {place * 37 % 90}",
        "town": f"Ort{place % 9}",
        "phone": f"0664 {1000000 + place * 7919 % 8999999}",
    } | changed


def readers(*more: dict[str, str | None], many: int = 200) -> pa.Table:
    """Many readers, one card each, and these besides."""
    return pa.Table.from_pylist([reader(f"c{place}", place) for place in range(many)] + list(more))
