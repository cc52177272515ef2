"""On generated templates what only one of the two finds is of a known class."""

from __future__ import annotations

import json
from collections import Counter
from random import Random

import pytest

from tests.harness.agreement import generated
from tests.harness.agreement.classes import class_of
from tests.harness.agreement.comparison import Comparison, compared

RULES = {"E3002", "E3003", "E3012", "E3030", "E3004", "edge"}


def _comparison(seed: int) -> Comparison:
    text = json.dumps(generated.template(Random(seed), 12))  # noqa: S311 - no secret
    return compared(text, source=f"seed {seed}", region=generated.REGION)


@pytest.mark.parametrize("seeds", [range(1000, 1014), range(1014, 1028)], ids=str)
def test_whatever_one_alone_finds_is_explained(seeds: range) -> None:
    comparisons = [_comparison(seed) for seed in seeds]

    unexplained = [found for each in comparisons for found in each.disagreements() if class_of(found) is None]
    agreed = Counter(place.rule for each in comparisons for place in each.agreed)

    assert [(each.qa.refusal, each.cfn_lint.refusal) for each in comparisons] == [(None, None)] * len(seeds)
    assert unexplained == []
    assert agreed.keys() == RULES
