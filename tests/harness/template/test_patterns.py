"""AllowedPattern: Python's answers, in bounded time."""

from __future__ import annotations

import re
import warnings

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from qa.template import patterns
from qa.template.patterns import PatternError, pattern

PIECES = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "a", "b", ".", "[a-b]", "[^a]", r"\w", r"\D", "(a|b)", "(ab|a)", "(a*)", r"\b", "^", "$",
                "(?=a)", "(?!b)",
            )
        ),
        st.sampled_from(("", "*", "+", "?", "{0,2}", "{2}", "{1,}", "*?", "|")),
    ).map("".join),
    max_size=6,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(expression=PIECES, text=st.text(alphabet="aabA0- \n", max_size=8))
@example(expression="(?i)[b-c]+a", text="BCA")
@example(expression="(a*)*$", text="aa\n")
def test_all_ways_at_once_find_what_python_finds(expression: str, text: str) -> None:
    try:
        expected = re.compile(expression, re.ASCII).fullmatch(text) is not None
    except re.error:
        assume(False)  # noqa: FBT003 - hypothesis' own way to say so

    assert patterns._takes_slowly(pattern(expression), text) is expected


@pytest.mark.parametrize(
    ("expression", "text", "takes"),
    [
        ("(a+)+", "a" * 4096 + "!", False),
        ("(a|aa)+$", "a" * 4096 + "!", False),
        ("a?" * 30 + "a" * 30, "a" * 30, True),
        (r"(?:[a-z0-9]+\.)*[a-z]+", "www.example.com" * 20, True),
        ("([a-z]{0,50}){12}[0-9]", "a" * 600, False),
        ("((((a*)*)*)*)*b", "a" * 1000, False),
    ],
    ids=["repeat of repeat", "alternatives", "optional", "domain", "counted", "five deep"],
)
def test_a_pattern_that_goes_back_for_ever_is_answered_all_the_same(
    expression: str, text: str, *, takes: bool
) -> None:
    assert pattern(expression).takes(text) is takes


@pytest.mark.parametrize(
    ("expression", "text", "message"),
    [
        ("(", "a", "missing ), unterminated subpattern at position 0"),
        ("a{99999999999}", "a", "the repetition number is too large"),
        ("[[a]]", "a", "Possible nested set at position 1"),
        ("a" * 10_001, "a", "it is longer than 10,000 characters"),
        ("(?>a+)a", "aa", "ATOMIC_GROUP is not modelled where it may take long"),
        (r"(a+)+\1", "a" * 40, "GROUPREF is not modelled where it may take long"),
        ("(a(?=.*c)|b)*", "ab" * 2000 + "c!", "a text of 4002 characters takes it too long"),
        ("(" * 2000 + ")" * 2000, "a", "maximum recursion depth exceeded"),
    ],
    ids=["broken", "repetitions", "set in a set", "long", "atomic", "back reference", "too long", "too deep"],
)
def test_what_cannot_be_answered_is_refused_with_the_reason(expression: str, text: str, message: str) -> None:
    with pytest.raises(PatternError) as raised:
        pattern(expression).takes(text)

    assert str(raised.value).startswith(message)


def test_a_pattern_never_warns() -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        with pytest.raises(PatternError):
            pattern("[a--b]")

    assert seen == []


def test_digits_and_letters_are_those_of_ascii() -> None:
    assert [pattern(r"\d+").takes(text) for text in ("12", "١٢")] == [True, False]
