"""Secrets never stand in a report."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.report.masking import Masker

from .sample import EVIDENCE

NOTHING = Masker.of()
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nabc/def+==\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl-_"


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
        pytest.param("Authorization: Bearer abcDEF123456.-_~ghi=", "Authorization: Bearer •••", id="bearer"),
        pytest.param(f"key:\n{PEM}\nend", "key:\n•••\nend", id="a private key"),
        pytest.param(json.dumps({"key": PEM}), '{"key": "•••"}', id="a private key in JSON"),
        pytest.param(PEM[:60], "•••", id="the beginning of a private key"),
        pytest.param("push with ghp_" + "a1B2" * 9 + ".", "push with •••.", id="a token of GitHub"),
        pytest.param("github_pat_" + "a1B2_" * 9, "•••", id="a fine-grained token of GitHub"),
        pytest.param("xoxb-123456789012-abcdef", "•••", id="a token of Slack"),
        pytest.param("sk-proj-" + "a1B2" * 8, "•••", id="a token that begins with sk"),
        pytest.param("login password=hunter2, again", "login password=•••, again", id="password="),
        pytest.param("db_passwd: 'hunter 2' x", "db_passwd: '•••' x", id="passwd:"),
        pytest.param('api_key = "abc" x', 'api_key = "•••" x', id="api_key ="),
        pytest.param("postgres://me:hunter2@host/db", "postgres://•••@host/db", id="in a URL"),
        pytest.param(
            "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY x",
            "AWS_SECRET_ACCESS_KEY=••• x",
            id="credentials of another account",
        ),
        pytest.param("aws_session_token=abc/def+ x", "aws_session_token=••• x", id="a session token's line"),
        pytest.param(f"t {JWT} x", "t ••• x", id="a JSON Web Token"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, masked: str) -> None:
    assert NOTHING.text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-AbCdEf",
        "RequestId: 7f6f2d0e-5c0a-4b53-9d6c-0f1f5a6c1b2e",
        "the bearer of bad news, a token of thanks, the secret: nobody knows",
        "http://127.0.0.1:4566/bucket/key?versionId=abc mail@example.org",
        "sk-eleton-of-a-very-long-name-that-is-ordinary",
        "NextToken was None",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert NOTHING.text(text) == text


@given(
    shape=st.sampled_from(["password={}", "Bearer {}", "https://me:{}@host", "ghp_{}", '{{"token": "{}"}}']),
    secret=st.text("abcdefXYZ0123456789", min_size=24, max_size=60),
    before=st.sampled_from(["", "x ", "(", "\n", '"']),
)
def test_a_secret_of_a_known_form_is_never_shown(shape: str, secret: str, before: str) -> None:
    assert secret not in NOTHING.text(before + shape.format(secret))


def test_known_values_are_masked_whole_even_where_one_holds_another() -> None:
    masker = Masker.of(values=["secret-1", "secret-1-and-more", "short"])

    assert masker.text("secret-1-and-more secret-1 short") == "••• ••• short"


def test_a_project_names_shapes_of_its_own() -> None:
    assert Masker.of(shapes=["QA[0-9A-F]{4}"]).text("account QA12EF") == "account •••"


def test_every_text_of_a_value_is_masked() -> None:
    masked = Masker.of(shapes=["absent", "orders"]).value(EVIDENCE)

    assert masked.calls[0].response == {"Item": "•••"}
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
