"""Secrets never stand in a report."""

from __future__ import annotations

import pytest

from qa.report.masking import Masker

from .sample import EVIDENCE

NOTHING = Masker.of()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("key AKIAIOSFODNN7EXAMPLE.", "key •••.", id="an access key"),
        pytest.param("key ASIAIOSFODNN7EXAMPLE.", "key •••.", id="a session's access key"),
        pytest.param(
            "https://b/k?X-Amz-Signature=0a1b&X-Amz-Expires=60",
            "https://b/k?X-Amz-Signature=•••&X-Amz-Expires=60",
            id="the signature of a URL",
        ),
        pytest.param("t=IQoJb3JpZ2luX2VjEAabcdefgh//12 x", "t=••• x", id="a session token"),
        pytest.param(
            '{"dbPassword": "hunter2", "user": "me"}',
            '{"dbPassword": "•••", "user": "me"}',
            id="a field that says so, in JSON",
        ),
        pytest.param("{'api_token': 'abc'}", "{'api_token': '•••'}", id="a field that says so, in Python"),
        pytest.param("account 123456789012", "account 123456789012", id="an account is no secret"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, masked: str) -> None:
    assert NOTHING.text(text) == masked


def test_known_values_are_masked_whole_even_where_one_holds_another() -> None:
    masker = Masker.of(values=["secret-1", "secret-1-and-more", "short"])

    assert masker.text("secret-1-and-more secret-1 short") == "••• ••• short"


def test_a_project_names_shapes_of_its_own() -> None:
    assert Masker.of(shapes=["QA[0-9A-F]{4}"]).text("account QA12EF") == "account •••"


def test_every_text_of_a_value_is_masked() -> None:
    masked = Masker.of(shapes=["absent", "orders"]).value(EVIDENCE)

    assert masked.calls[0].answer == {"Item": "•••"}
    assert masked.calls[0].about == {"TableName": "•••"}
    assert masked.exhibits[0].rows[1] == ("us-west-2", "•••")
    assert masked.exhibits[0].title == "item 1 | of •••"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m", id="colours"),
        pytest.param("\x1b]0;title\x07", r"\x1b]0;title\x07", id="a window's title"),
        pytest.param("RED\rok ", r"RED\rok ", id="written over"),
        pytest.param("user \u202enimda\u202c", r"user \u202enimda\u202c", id="turned around"),
        pytest.param("a\r\n\tb • é 日本", "a\r\n\tb • é 日本", id="ordinary text"),
    ],
)
def test_what_would_steer_a_terminal_or_turn_a_line_around_is_written_out(text: str, shown: str) -> None:
    assert NOTHING.text(text) == shown


def test_a_secret_among_control_characters_is_masked() -> None:
    assert Masker.of(values=["hunter2-\x1b-long"]).text("it is hunter2-\x1b-long.") == "it is •••."


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("assert 'xhunter2-pla...' == 'y'", "assert 'x•••...' == 'y'"),
        ("assert '...ted-4711' == 'y'", "assert '...•••' == 'y'"),
        ("hunter2-planted-4…", "•••…"),
        ("hunter2-planted-4711...hunter2-planted-4711", "•••...•••"),
        ("that is hu... and more...", "that is hu... and more..."),
    ],
    ids=["its beginning", "its end", "by us", "whole", "too little to tell"],
)
def test_what_pytest_left_of_a_secret_where_it_cut_is_masked(text: str, masked: str) -> None:
    assert Masker.of(values=["planted-elsewhere-1234", "hunter2-planted-4711"]).text(text) == masked
