"""The 75 checks can fail: each has a mutation of the template that turns it red, and it alone decides.

In-process: a check is called with arguments built from the mutated template. Anything but an
AssertionError is an error of the harness, not a red check.
"""

from __future__ import annotations

import pytest

from tests.unit.checks import CHECKS
from tests.unit.mutations import MUTATIONS, Mutation
from tests.unit.subject import Subject, stack_under_test


@pytest.fixture(scope="module")
def untouched() -> Subject:
    return stack_under_test()


@pytest.mark.parametrize("check", CHECKS)
def test_the_untouched_template_is_green(check: str, untouched: Subject) -> None:
    CHECKS[check](**untouched.arguments(CHECKS[check]))


@pytest.mark.parametrize(
    "mutation", MUTATIONS, ids=[f"{one.check.removeprefix('test_')}: {one.breaks}" for one in MUTATIONS]
)
def test_the_mutation_turns_its_check_red(mutation: Mutation, untouched: Subject) -> None:
    check = CHECKS[mutation.check]
    mutated = Subject(text=mutation.change(untouched.text), source=untouched.source)

    with pytest.raises(AssertionError) as red:
        check(**mutated.arguments(check))

    lines = str(red.value).split("\n")
    assert [line.split(":")[0].strip() for line in lines[1:4]] == ["actual", "expected", "where"]


def test_every_check_has_a_mutation_and_every_mutation_a_check() -> None:
    assert {mutation.check for mutation in MUTATIONS} == set(CHECKS)


def test_there_are_75_checks() -> None:
    assert len(CHECKS) == 75


def test_mutations_are_told_apart_by_their_names() -> None:
    names = [(mutation.check, mutation.breaks) for mutation in MUTATIONS]

    assert sorted(names) == sorted(set(names))
