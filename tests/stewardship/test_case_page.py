"""What a case's page shows beside the question: states, sounds, blocks, the machine's opinion, what an answer does."""

import re
from html import unescape

import pytest

from stewardship import casefile
from stewardship.differences import State
from tests.stewardship.conftest import COUNTY, PERIOD


@pytest.fixture(scope="module")
def shown_of():
    """Texts of a page without its tags, of what a pattern finds."""

    def texts(pattern, text):
        return [unescape(re.sub(r"<[^>]+>", "", found)).strip() for found in re.findall(pattern, text, re.S)]

    return texts


@pytest.fixture
def pages(review):
    """Pages of the county's cases, one after the other, with the case as it was assembled."""
    zhang, book = review.enter("zhang"), review.shown.book
    return (
        (casefile.assemble(book, book.case(line.case_id)), zhang.open(f"/cases/{PERIOD}/{line.case_id}").text)
        for line in book.lines
        if COUNTY in line.counties
    )


def test_each_state_has_a_shape_and_words_of_its_own_beside_its_colour(pages, shown_of):
    said = {}
    for _, page in pages:
        for state in State:
            marks = shown_of(rf'<td class="cell {state.value}"><span class="mark">(.*?)</span>(?=<|\n| *<)', page)
            said.setdefault(state, set()).update(marks)
        if all(said[state] for state in State):
            break
    shapes = {state: {mark[0] for mark in marks} for state, marks in said.items()}
    words = {state: {mark[1:].strip() for mark in marks} for state, marks in said.items()}
    assert {state: len(each) for state, each in shapes.items()} == dict.fromkeys(State, 1)
    assert len(set().union(*shapes.values())) == len(State)
    assert all(not words[one] & words[other] for one in State for other in State if one is not other)
    assert all(re.search("[一-鿿]", each) for found in words.values() for each in found)


def test_names_have_their_sound_above_and_numbers_three_blocks(pages, shown_of):
    for _, page in pages:
        sounds = shown_of(r"<ruby>.*?<rt>(.*?)</rt></ruby>", page)
        boxed = re.search(r'(?:<span class="block boxed">(?:(?!</span>).)*</span>){3}', page, re.S)
        if sounds and boxed:
            assert all(re.fullmatch(r"[a-zü]+", sound) for sound in sounds)
            blocks = shown_of(r'<span class="block boxed">(.*?)</span>', boxed[0])
            assert [len(each) for each in blocks] == [6, 8, 4]
            assert re.fullmatch(r"\*{8}", blocks[1])
            return
    raise AssertionError("no case with a name and a whole number")


def test_the_opinion_is_drawn_between_both_thresholds_with_one_line_of_signs(pages, shown_of):
    for file, page in pages:
        if file.opinion is None:
            continue
        assert len(re.findall('<line class="threshold"', page)) == 2
        (brief,) = shown_of(r'<p class="brief">(.*?)</p>', page)
        assert len(brief.split()) == len(file.opinion.steps)
        assert all(re.fullmatch(r"[+−=]\S+", each) for each in brief.split())
        return
    raise AssertionError("no case that the machine compared")


def test_before_two_ids_are_joined_the_page_says_which_stays_what_moves_and_who_else_is_asked(pages):
    for file, page in pages:
        done = file.if_same
        if done.merged and done.moves and done.second_because and len(file.questions) == 1:
            assert f"编号 {done.survives} 保留，{'、'.join(done.merged)} 并入并指向它。" in page
            assert "随之转移" in page
            assert all(str(many) in page for many in done.moves.values())
            assert "需第二人复核后生效" in page
            return
    raise AssertionError("no case whose merge moves something")


def test_who_stands_on_the_ledger_is_said_to_move(review):
    book = review.shown.book
    files = [casefile.assemble(book, book.case(line.case_id)) for line in book.lines]
    listed = {row["child_id"] for file in files for row in file.case.entries if row["is_on_ledger"] and row["child_id"]}
    moving = [file.if_same for file in files if set(file.if_same.merged) & listed]
    assert moving
    assert all(each.moves["ledger"] == len(set(each.merged) & listed) for each in moving)
    assert all("ledger" not in file.if_same.moves for file in files if not set(file.if_same.merged) & listed)
