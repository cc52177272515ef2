"""The symbols of moto that the judge hangs on."""

from __future__ import annotations

import pytest
from moto.core.responses import BaseResponse
from moto.iam.responses import IamResponse

from qa.embedded.iam import hooks


def test_moto_still_has_every_symbol_that_is_wrapped(aws: object) -> None:
    assert hooks.moved_symbols() == ()


@pytest.mark.parametrize(
    ("owner", "name"), list(hooks.WRAPPED), ids=lambda part: getattr(part, "__name__", part)
)
def test_a_symbol_that_moved_is_named(
    owner: type, name: str, aws: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(hooks._originals, (owner, name), lambda other: other)

    assert hooks.moved_symbols() == (f"{owner.__module__}.{owner.__qualname__}.{name}",)


def test_a_second_world_does_not_wrap_twice(aws: object) -> None:
    before = BaseResponse.call_action

    hooks.install(hooks._current[0])

    assert BaseResponse.call_action is before


def test_moto_has_no_simulator_of_its_own() -> None:
    assert [name for name in hooks.ADDED if hasattr(IamResponse, name) and not _is_ours(name)] == []


def _is_ours(name: str) -> bool:
    return str(getattr(IamResponse, name).__module__).startswith("qa.")
