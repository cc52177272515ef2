"""The symbols of moto that the judge hangs on."""

from __future__ import annotations

import pytest
from moto.core.responses import BaseResponse
from moto.iam.responses import IamResponse

from qa.embedded.iam import hooks

from .refusals import refusal
from .serving import Keys, Served, serving


def test_moto_still_has_every_symbol_that_is_wrapped(aws: Served) -> None:
    assert hooks.moved_symbols() == ()


@pytest.mark.parametrize(
    ("owner", "name"), list(hooks.WRAPPED), ids=lambda part: getattr(part, "__name__", part)
)
def test_a_symbol_that_moved_is_named(
    owner: type, name: str, aws: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(hooks._originals, (owner, name), lambda other: other)

    assert hooks.moved_symbols() == (f"{owner.__module__}.{owner.__qualname__}.{name}",)


def test_installing_twice_wraps_once(aws: Served) -> None:
    before = BaseResponse.call_action

    hooks.install(aws.world)

    assert BaseResponse.call_action is before


def test_a_world_that_closed_is_not_asked(aws: Served) -> None:
    stranger = Keys(access_key_id="AKIAIOSFODNN7EXAMPLE", secret="x")
    with serving() as other:
        during = refusal(other.client("dynamodb", stranger).list_tables)[1]

    assert during == "UnrecognizedClientException"
    assert [world for world in hooks._worlds if world is other.world] == []


def test_moto_has_no_simulator_of_its_own() -> None:
    assert [name for name in hooks.ADDED if hasattr(IamResponse, name) and not _is_ours(name)] == []


def _is_ours(name: str) -> bool:
    return str(getattr(IamResponse, name).__module__).startswith("qa.")
