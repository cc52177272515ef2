"""Each patch of moto finds its symbol, with the parameters it expects, and can be taken off again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.embedded import server_patches
from qa.embedded.access import patches as access
from qa.embedded.patches import Patch, applied, apply, drift, operation, value
from qa.embedded.server import Server
from qa.embedded.services import SERVICES
from qa.embedded.settings import Settings
from qa.embedded.world import World

if TYPE_CHECKING:
    from collections.abc import Callable


ALL = {"server": server_patches.PATCHES, "judge": access.PATCHES} | {
    service.name: service.patches for service in SERVICES
}
EACH = [patch for patches in ALL.values() for patch in patches]


class Thing:
    """Stands for a class of moto."""

    sizes: tuple[int, ...] = (1, 2)

    def read(self, key: str) -> tuple[str, ...]:
        return (key,)


class Special(Thing):
    """Inherits what is patched."""


def _saying(word: str) -> Callable[[Callable[..., Any], World], Callable[..., Any]]:
    def around(original: Callable[..., Any], world: World) -> Callable[..., Any]:
        return lambda *args: (word, world.account_id, *original(*args))

    return around


def _world(account_id: str) -> World:
    return World(settings=Settings(), scratch=Path(), account_id=account_id)


def _patch(word: str, owner: type = Thing, name: str = "read", parameters: str = "self, key") -> Patch:
    return Patch(owner=owner, name=name, parameters=parameters, around=_saying(word))


@pytest.mark.parametrize("patch", EACH, ids=str)
def test_a_patched_symbol_is_where_it_was_with_its_parameters(patch: Patch) -> None:
    assert drift([patch]) == ()


def test_a_server_applies_what_the_services_declare_and_nothing_else() -> None:
    server = Server(Settings())
    try:
        server.start()
        during = applied()
    finally:
        server.close()

    assert during == frozenset(EACH)


@pytest.mark.parametrize("service", [name for name, patches in ALL.items() if patches])
def test_applying_again_wraps_nothing_twice_and_undoing_takes_all_off(service: str) -> None:
    patches = ALL[service]
    before = _depths(patches)

    undo_first = apply(patches, _world("1"))
    once = _depths(patches)
    undo_second = apply(patches, _world("2"))
    twice = _depths(patches)
    undo_first()
    undo_second()

    assert (twice, _depths(patches)) == (once, before)


def _depths(patches: tuple[Patch, ...]) -> dict[str, int]:
    """Return how many functions stand around the innermost of each symbol."""
    return {str(patch): _depth(getattr(patch.owner, patch.name, None)) for patch in patches}


def _depth(function: Any) -> int:
    return 1 + _depth(function.__wrapped__) if hasattr(function, "__wrapped__") else 0


def test_the_later_patch_of_a_symbol_is_the_outer_one() -> None:
    undo = apply([_patch("inner"), _patch("outer")], _world("1"))
    during = Thing().read("key")
    undo()

    assert (during, Thing().read("key")) == (("outer", "1", "inner", "1", "key"), ("key",))


def test_a_patch_works_for_the_later_world_until_that_is_undone() -> None:
    patches = [_patch("a")]
    undo_first, undo_second = apply(patches, _world("1")), apply(patches, _world("2"))

    both = Thing().read("key")
    undo_second()
    first = Thing().read("key")
    undo_first()

    assert (both, first) == (("a", "2", "key"), ("a", "1", "key"))


def test_worlds_may_be_undone_in_any_order_and_twice() -> None:
    patches, original = [_patch("a")], vars(Thing)["read"]
    undo_first, undo_second = apply(patches, _world("1")), apply(patches, _world("2"))

    undo_first()
    undo_first()
    during = Thing().read("key")
    undo_second()

    assert during == ("a", "2", "key")
    assert vars(Thing)["read"] is original


def test_an_inherited_method_is_inherited_again() -> None:
    undo = apply([_patch("a", Special)], _world("1"))
    during = Special().read("key"), Thing().read("key")
    undo()

    assert during == (("a", "1", "key"), ("key",))
    assert "read" not in vars(Special)


def test_a_symbol_that_has_moved_is_named_and_nothing_is_patched() -> None:
    patches = [_patch("a"), _patch("a", parameters="self, name"), _patch("a", name="write")]

    with pytest.raises(RuntimeError) as refused:
        apply(patches, _world("1"))

    owner = f"{__name__}.Thing"
    assert str(refused.value) == (
        f"moto is not the release that is patched: {owner}.read has parameters (self, key), "
        f"expected (self, name); {owner}.write not found"
    )
    assert Thing().read("key") == ("key",)


def test_an_operation_that_moto_lacks_is_there_until_it_is_undone() -> None:
    added = operation(Thing, "size", lambda _, world: int(world.account_id), is_added=True)

    undo = apply([added], _world("7"))
    during: Any = getattr(Thing(), "size", None)
    size = during()
    undo()

    assert (size, hasattr(Thing, "size")) == (7, False)


def test_an_operation_that_moto_has_by_now_is_named() -> None:
    added = operation(Thing, "read", lambda _, world: world, is_added=True)

    assert drift([added]) == (f"{__name__}.Thing.read found, expected none",)


def test_a_value_is_changed_until_that_is_undone() -> None:
    undo = apply([value(Thing, "sizes", lambda sizes: (*sizes, 3))], _world("1"))
    during = Thing.sizes
    undo()

    assert (during, Thing.sizes) == ((1, 2, 3), (1, 2))


def test_a_value_that_has_moved_is_named() -> None:
    assert drift([value(Thing, "weights", lambda weights: weights)]) == (
        f"{__name__}.Thing.weights not found",
    )
