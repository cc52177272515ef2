"""The one way moto is patched: patches as data, applied for a world and undone when it closes."""

from __future__ import annotations

import functools
import inspect
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType
    from typing import TypeAlias

    from .world import World

    Around: TypeAlias = Callable[[Callable[..., Any], World], Callable[..., Any]]
    Symbol: TypeAlias = tuple[type | ModuleType, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patch:
    """One symbol of moto, what it has to look like, and what is put around it.

    Of several patches of one symbol the later in its list is the outer one.
    """

    owner: type | ModuleType
    name: str
    parameters: str | None
    """Names of the parameters of moto's own, as in `self, topic_arn`; None if it has none or takes any."""
    around: Around
    """Takes the original (or the inner patch) and the world, returns the replacement; keeps no state."""
    is_added: bool = False
    """moto must not have it: an operation is a public method of moto's response class."""

    @property
    def symbol(self) -> Symbol:
        """Where the patch is put."""
        return self.owner, self.name

    def __str__(self) -> str:
        owner = self.owner
        if isinstance(owner, type):
            return f"{owner.__module__}.{owner.__qualname__}.{self.name}"
        return f"{owner.__name__}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Original:
    raw: Any
    """As it stands in the owner: a function, a static method, a property."""
    value: Any
    """None for what moto has not got."""
    is_inherited: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Application:
    patches: tuple[Patch, ...]
    world: World


# moto's classes belong to the process, so what is patched of them does too.
_lock = threading.RLock()
_originals: dict[Symbol, _Original] = {}
_applied: list[_Application] = []


def operation(
    owner: type, name: str, answer: Callable[[Any, World], Any], *, is_added: bool = False
) -> Patch:
    """Return the patch that answers an operation in moto's place; `is_added` when moto has none."""

    def around(_: Callable[..., Any], world: World) -> Callable[..., Any]:
        return lambda response: answer(response, world)

    return Patch(owner=owner, name=name, parameters="self", around=around, is_added=is_added)


def replacement(
    owner: type | ModuleType, name: str, parameters: str, ours: Callable[..., Any], *, is_added: bool = False
) -> Patch:
    """Return the patch that puts `ours` in moto's place: it takes the world, then what moto's takes."""

    def around(_: Callable[..., Any], world: World) -> Callable[..., Any]:
        return lambda *args, **kwargs: ours(world, *args, **kwargs)

    return Patch(owner=owner, name=name, parameters=parameters, around=around, is_added=is_added)


def value(owner: type | ModuleType, name: str, changed: Callable[[Any], Any]) -> Patch:
    """Return the patch of something that is not called: a setting, a table."""
    return Patch(owner=owner, name=name, parameters=None, around=lambda original, _: changed(original))


def apply(patches: Iterable[Patch], world: World) -> Callable[[], None]:
    """Patch moto for a world and return what undoes it, in any order with others.

    Applied for two worlds at a time, a patch works for the later one until that is undone. Raises
    RuntimeError when a symbol is not found or has other parameters; nothing is patched then.
    """
    listed = tuple(patches)
    application = _Application(patches=listed, world=world)
    if differences := drift(application.patches):
        raise RuntimeError(f"moto is not the release that is patched: {'; '.join(differences)}")
    with _lock:
        _applied.append(application)
        _renew(application.patches)
    return functools.partial(_undo, application)


def drift(patches: Iterable[Patch]) -> tuple[str, ...]:
    """Return what of moto is not as the patches expect it, one line each."""
    lines = []
    for patch in patches:
        with _lock:
            original = _originals.get(patch.symbol)
        value = original.value if original else getattr(patch.owner, patch.name, None)
        if patch.is_added:
            lines += [f"{patch} found, expected none"] if value is not None else []
            continue
        if value is None:
            lines.append(f"{patch} not found")
            continue
        if patch.parameters is None:
            continue
        actual = ", ".join(inspect.signature(value).parameters)
        if actual != patch.parameters:
            lines.append(f"{patch} has parameters ({actual}), expected ({patch.parameters})")
    return tuple(lines)


def applied() -> frozenset[Patch]:
    """Return the patches that are on moto now."""
    with _lock:
        return frozenset(patch for application in _applied for patch in application.patches)


def _undo(application: _Application) -> None:
    with _lock:
        if application in _applied:
            _applied.remove(application)
            _renew(application.patches)


def _renew(patches: Iterable[Patch]) -> None:
    for symbol in dict.fromkeys(patch.symbol for patch in patches):
        # the place of a patch is that of its first application, its world that of the last
        layers = {
            patch: application.world
            for application in _applied
            for patch in application.patches
            if patch.symbol == symbol
        }
        if layers:
            _put(symbol, layers)
        else:
            _restore(symbol)


def _put(symbol: Symbol, layers: dict[Patch, World]) -> None:
    owner, name = symbol
    if symbol not in _originals:
        _originals[symbol] = _Original(
            raw=inspect.getattr_static(owner, name, None),
            value=getattr(owner, name, None),
            is_inherited=name not in vars(owner),
        )
    replacement = _originals[symbol].value
    for patch, world in layers.items():
        outer = patch.around(replacement, world)
        replacement = functools.wraps(replacement)(outer) if callable(replacement) else outer
    setattr(owner, name, replacement)


def _restore(symbol: Symbol) -> None:
    owner, name = symbol
    original = _originals.pop(symbol, None)
    if original is None:
        return
    if original.is_inherited:
        delattr(owner, name)
    else:
        setattr(owner, name, original.raw)
