"""Many writers share a transaction, and none of them notices."""

import threading

import pytest
import sqlalchemy as sa

from warehouse.stores import together
from warehouse.stores.access_tables import second_factor_use


def use(step):
    return lambda connection: connection.execute(second_factor_use.insert().values(username="li", step=step)) and step


def used(stores):
    with stores.connect() as connection:
        return (
            connection.execute(sa.select(second_factor_use.c.step).order_by(second_factor_use.c.step)).scalars().all()
        )


def at_once(*calls):
    """Run calls in threads of their own while a first writer keeps them waiting; gives what each raised."""
    raised = {}

    def run(place, call):
        try:
            call()
        except Exception as fault:
            raised[place] = type(fault)

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_it_gives_what_the_piece_gives(stores):
    assert together.write(stores, use(1)) == 1
    assert used(stores) == [1]


def test_all_who_wait_are_written_in_one_transaction(stores):
    commits = []
    sa.event.listen(stores, "commit", lambda _: commits.append(1))
    holds, goes = threading.Event(), threading.Event()

    def first(connection):
        holds.set()
        goes.wait(10)

    ahead = threading.Thread(target=lambda: together.write(stores, first))
    ahead.start()
    holds.wait(10)
    others = [threading.Thread(target=lambda step=step: together.write(stores, use(step))) for step in range(20)]
    for thread in others:
        thread.start()
    while len(together._groups[stores].waiting) < 20:
        pass
    goes.set()
    for thread in (ahead, *others):
        thread.join()
    assert used(stores) == list(range(20))
    assert len(commits) == 2


def test_one_that_fails_leaves_the_others(stores):
    together.write(stores, use(3))
    calls = [lambda step=step: together.write(stores, use(step)) for step in range(6)]
    assert at_once(*calls) == {3: sa.exc.IntegrityError}
    assert used(stores) == list(range(6))


def test_without_a_database_everybody_is_told(stores, monkeypatch):
    def gone(_engine):
        raise ConnectionError

    monkeypatch.setattr(together, "writing", gone)
    assert at_once(*[lambda: together.write(stores, use(1)) for _ in range(3)]) == dict.fromkeys(
        range(3), ConnectionError
    )
    monkeypatch.undo()
    assert used(stores) == []
    with pytest.raises(ZeroDivisionError):
        together.write(stores, lambda _: 1 // 0)
