"""Classes of pairs estimated from counts of patterns, against pairs drawn from known shares."""

import numpy as np
import pytest
import yaml

from matching.comparison.coding import Coding, Compared, Patterns, patterns
from matching.model import Model
from matching.training.estimate import Drawn, Judged, Weights, estimate, score
from tests.matching.invented import MODEL

PEOPLE = 2000
PAIRS = 1500
SHARES = {"same": [0.05, 0.15, 0.80], "other": [0.90, 0.06, 0.04]}
MODEL_OF_TWO = Model.model_validate(yaml.safe_load(MODEL))


def _drawn(side: str, many: int, seed: int) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    return {
        name: 1 + generator.choice(size - 1, many, p=_of(side, size - 1)).astype(np.int8)
        for name, size in MODEL_OF_TWO.sizes.items()
    }


def _of(side: str, levels: int) -> list[float]:
    worst, between, best = SHARES[side]
    return [worst, *[between / (levels - 2)] * (levels - 2), best]


def _compared(*sides: tuple[str, int]) -> Compared:
    parts = [_drawn(side, many, seed) for seed, (side, many) in enumerate(sides)]
    levels = {name: np.concatenate([part[name] for part in parts]) for name in MODEL_OF_TWO.sizes}
    size = len(next(iter(levels.values())))
    return Compared(levels, {name: np.zeros(size, np.int8) for name in MODEL_OF_TWO.rare_fields})


def _candidates() -> tuple[Compared, np.ndarray]:
    strangers = PEOPLE * (PEOPLE - 1) // 2
    candidates = _patterns(("same", PAIRS), ("other", strangers))
    return candidates.found, candidates.counts


def _patterns(*sides: tuple[str, int]) -> Patterns:
    coding = Coding(MODEL_OF_TWO.sizes, MODEL_OF_TWO.rare_fields)
    return patterns(coding, coding.codes(_compared(*sides)))


def _estimated(judged: Judged | None = None) -> Weights:
    sample = _patterns(("same", 80), ("other", 100_000))
    drawn = Drawn(sample.found, sample.counts, {name: {} for name in MODEL_OF_TWO.fields})
    return estimate(MODEL_OF_TWO, *_candidates(), drawn, PEOPLE, judged)


@pytest.fixture(scope="module")
def found():
    return _estimated()


def test_shares_come_back_as_the_pairs_were_drawn(found):
    for name, size in MODEL_OF_TWO.sizes.items():
        assert found.shares["same"][name][1:] == pytest.approx(_of("same", size - 1), abs=0.05)
        assert found.shares["other"][name][1:] == pytest.approx(_of("other", size - 1), abs=0.01)
    assert found.pairs["same"] == pytest.approx(PAIRS, rel=0.1)
    assert found.settled


def test_matches_among_the_random_pairs_are_taken_out(found):
    assert all(shares[-1] < 0.042 for shares in found.shares["other"].values())


def test_a_rare_value_speaks_louder(found):
    levels = {name: np.array([size - 1, size - 1], np.int8) for name, size in MODEL_OF_TWO.sizes.items()}
    scored = score(found, Compared(levels, {"first_name": np.array([0, 3], np.int8)})).score
    assert scored[1] - scored[0] == pytest.approx(3.0)


def test_class_probabilities_add_up(found):
    levels = {name: np.array([0, 1, size - 1], np.int8) for name, size in MODEL_OF_TWO.sizes.items()}
    scored = score(found, Compared(levels, {"first_name": np.zeros(3, np.int8)}))
    assert sum(scored.by_class.values()) == pytest.approx(np.ones(3))
    assert scored.score[0] < 0, "two of whom nothing is known are strangers"


def test_verdicts_move_the_weights_of_the_levels_that_people_judged(found):
    candidates, counts = _candidates()
    doubtful = candidates.levels["first_name"] == 1  # the first names differ
    doubtful &= np.abs(score(found, candidates).score) < 4
    nobody = np.zeros_like(counts)
    for judged, moves in ((Judged(counts * doubtful, nobody), 1), (Judged(nobody, counts * doubtful), -1)):
        share = _estimated(judged).shares["same"]["first_name"][1]
        assert (share - found.shares["same"]["first_name"][1]) * moves > 0.002


def test_no_verdicts_change_nothing(found):
    _, counts = _candidates()
    judged = _estimated(Judged(np.zeros_like(counts), np.zeros_like(counts)))
    assert judged.shares["same"]["first_name"] == pytest.approx(found.shares["same"]["first_name"])
