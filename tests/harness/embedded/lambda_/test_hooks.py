"""The wrapped symbols of moto are where the wrappers expect them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.awslambda.models import LambdaFunction

from qa.embedded.lambda_ import hooks

if TYPE_CHECKING:
    import pytest


def test_no_wrapped_symbol_of_moto_has_moved() -> None:
    assert hooks.moved_symbols() == ()


def test_every_wrapped_symbol_has_a_wrapper() -> None:
    assert set(hooks.WRAPPED) == set(hooks._WRAPPERS)


def test_moved_symbol_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    gone: dict[tuple[type, str], tuple[str, ...]] = {(LambdaFunction, "invoke_for_real"): ("self",)}
    monkeypatch.setattr(hooks, "WRAPPED", gone)

    assert hooks.moved_symbols() == ("moto.awslambda.models.LambdaFunction.invoke_for_real",)
