"""What the stores remember of packets: who is known, each envelope once, the newest answer."""

import pytest
import sqlalchemy as sa

from warehouse.stores import packets
from warehouse.stores.packets import Answer, Event
from warehouse.stores.tables import packet_answer, packet_child

HERE, THERE = "429006.civil_affairs", "410411.civil_affairs"


def event(kind="packet", number="p1", **more):
    facts = {"direction": "sent", "about": "p1", "role": "hukou_county", "party": THERE, "period": "2026H1"}
    facts |= {"release": 1, "rows": 2, "content_sha256": "0" * 64}
    return Event(kind, number=number, **(facts | more))


def sent(stores):
    packets.note(stores, event(), {"aa": "c2222222222222", "bb": "c3333333333333"})


def reply(stores, number, *said):
    packets.note(stores, event("reply", number, direction="received"), answers=said)


def test_the_newest_answer_about_a_child_holds(stores):
    sent(stores)
    reply(stores, "r1", Answer("aa", "denied", None, "not_found"), Answer("bb", "confirmed", None, None))
    reply(stores, "r2", Answer("aa", "confirmed", None, None))
    found = {each.child_id: each.answer for each in packets.read_answers(stores, "2026H1")}
    assert found == {"c2222222222222": "confirmed", "c3333333333333": "confirmed"}
    assert packets.count_answers(stores, ["p1"]) == {"p1": {"confirmed": 2}}


def test_answers_about_a_recalled_packet_count_no_more(stores):
    sent(stores)
    reply(stores, "r1", Answer("aa", "denied", None, None))
    packets.note(stores, event("recall", "x1"))
    assert packets.read_answers(stores, "2026H1") == []


def test_the_same_envelope_is_remembered_once_and_the_second_leaves_nothing(stores):
    sent(stores)
    reply(stores, "r1", Answer("aa", "denied", None, None))
    with pytest.raises(sa.exc.IntegrityError):
        reply(stores, "r1", Answer("aa", "confirmed", None, None))
    assert packets.count_answers(stores, ["p1"]) == {"p1": {"denied": 1}}


def test_a_party_is_known_until_it_is_removed_and_a_home_has_one_name(stores):
    packets.note_party(stores, HERE, "own", "a" * 64, "b" * 64)
    packets.note_party(stores, THERE, "added", "c" * 64, "d" * 64)
    packets.note_party(stores, THERE, "removed", "c" * 64, "d" * 64)
    packets.note_party(stores, "429006.education", "own", "e" * 64, "f" * 64)
    assert [(row.party, row.state) for row in packets.read_parties(stores)] == [
        (THERE, "removed"),
        ("429006.education", "own"),
    ]


@pytest.mark.parametrize("table", [packet_child, packet_answer])
def test_what_was_told_and_answered_is_never_changed(stores, table):
    sent(stores)
    reply(stores, "r1", Answer("aa", "denied", None, None))
    for change in (table.update().values(token="cc"), table.delete()):
        with pytest.raises(sa.exc.DBAPIError), stores.begin() as connection:
            connection.execute(change)
