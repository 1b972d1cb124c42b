"""Minimum fields by recipient: what the file may say."""

import pytest

from reporting.packets import recipients
from reporting.packets.errors import PartyFault

_GIVEN = """
police:
  {title: 公安, department: public_security, place: residence, statuses: [migrant],
   ages: {from_years: 0, to_years: null}, fields: [name], answers: null, purpose: 核对, keep: 删除,
   interpretation: none, clauses: [{jurisdiction: "110000", document: 通知, article: 三, words: 通報}]}
"""


def test_every_recipient_names_the_words_that_let_the_facts_go():
    for recipient in recipients.load().values():
        assert recipient.clauses
        assert recipient.interpretation


@pytest.mark.parametrize("role", ["hukou_county", "education", "public_security"])
def test_nobody_is_told_of_illness_guardians_or_addresses(role):
    assert not [field for field in recipients.get(role).fields if field.startswith(("guardian", "address", "reasons"))]


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("fields: [name]", "fields: [name, phone]", "phone"),
        ("fields: [name]", "fields: []", "fields"),
        ("department: public_security", "department: tax", "tax"),
        ("place: residence", "place: school", "place"),
        ("answers: null", "answer: null", "answer"),
        ("words: 通報", "word: 通報", "words"),
    ],
)
def test_a_faulty_file_is_refused_with_the_key(right, wrong, named):
    assert recipients.parse(_GIVEN)
    with pytest.raises(PartyFault, match=named):
        recipients.parse(_GIVEN.replace(right, wrong))


def test_an_unknown_recipient_is_told_which_there_are():
    with pytest.raises(PartyFault, match="hukou_county"):
        recipients.get("tax")
