"""A steward who answers cases until the process is killed: ``python -m tests.warehouse.stores.killed PLACE FIRST``.

Prints each case's number once its verdict was acknowledged.
"""

import itertools
import sys
import threading
from pathlib import Path

from tests.warehouse.stores.casework import LI, case, entry
from warehouse.stores import verdicts
from warehouse.stores.consistency import Judged
from warehouse.stores.engine import open_stores

_says = threading.Lock()


def answer(stores, number):
    pair = Judged(entry(f"left {number}"), entry(f"right {number}"), "SAME")
    outcome = verdicts.give(stores, LI, case(number), [pair], key=f"form {number}", model_version="1")
    assert outcome.is_written
    with _says:
        print(number, flush=True)


def main(place, first):
    stores = open_stores(Path(place) if "://" not in place else place)
    numbers = itertools.count(int(first))

    def work():
        for number in numbers:
            answer(stores, number)

    for _ in range(4):
        threading.Thread(target=work).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
