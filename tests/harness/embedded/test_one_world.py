"""Read off the code: one module changes moto, and the same one alone holds a world."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qa.embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(qa.embedded.__file__).parent
PATCHES = "qa.embedded.patches"
WORLD = ("qa.embedded.world", "World")
CHANGING = frozenset({"append", "clear", "extend", "insert", "pop", "remove", "setdefault", "update"})
# What is set by name elsewhere is a value of ours, or an object that moto keeps as data.
SET_BY_NAME = {
    "qa.embedded.cloudwatch.alarms": {"alarm"},
    "qa.embedded.control.routes": {"world.settings"},
    "qa.embedded.access.enforcement": {"g"},
    "qa.embedded.lambda_.api": {"function", "version"},
    PATCHES: {"owner"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module of the embedded AWS: its syntax, and what its names mean."""

    name: str
    tree: ast.Module
    imported: dict[str, tuple[str, str]]
    """Module and name by local name; an empty name for a module itself."""

    def meaning(self, name: str) -> tuple[str, str]:
        """Return the module that a name is from, and its name there."""
        return self.imported.get(name, (self.name, name))


def _module(name: str, source: str) -> Module:
    tree = ast.parse(source)
    imported: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                local = each.asname or each.name.partition(".")[0]
                imported[local] = (each.name if each.asname else local, "")
        elif isinstance(node, ast.ImportFrom):
            above = name.split(".")[: -node.level] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            imported |= {each.asname or each.name: (origin, each.name) for each in node.names}
    return Module(name=name, tree=tree, imported=imported)


def _modules() -> Iterator[Module]:
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent.parent).with_suffix("").parts
        yield _module(".".join(parts), path.read_text())


def _changes_of_moto(module: Module) -> set[str]:
    """Return what a module assigns to, deletes of, or changes in what it has imported from moto."""
    found: set[str] = set()
    for node in ast.walk(module.tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign | ast.Delete):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call):
            targets = _changed_by_call(node)
        for target in targets:
            root = _root(target)
            if root is not None and module.meaning(root)[0].partition(".")[0] == "moto":
                found.add(ast.unparse(target))
    return found


def _changed_by_call(call: ast.Call) -> list[ast.expr]:
    if isinstance(call.func, ast.Name) and call.func.id in ("setattr", "delattr"):
        return call.args[:1]
    if isinstance(call.func, ast.Attribute) and call.func.attr in CHANGING:
        return [call.func.value]
    return []


def _root(node: ast.expr) -> str | None:
    """Return the name at the beginning of `name.attribute[key]`; None for a call's answer."""
    if isinstance(node, ast.Attribute | ast.Subscript):
        return _root(node.value)
    return node.id if isinstance(node, ast.Name) else None


def _set_by_name(module: Module) -> set[str]:
    return {
        ast.unparse(node.args[0])
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("setattr", "delattr")
    }


def _holders(modules: list[Module]) -> set[str]:
    """Return the module-level names that a world, or something that has one, lies under."""
    carriers = _carriers(modules)
    found: set[str] = set()
    for module in modules:
        for statement in _statements(module.tree):
            if isinstance(statement, ast.AnnAssign):
                name, held = ast.unparse(statement.target), [statement.annotation, statement.value]
            elif isinstance(statement, ast.Assign):
                name, held = ast.unparse(statement.targets[0]), [statement.value]
            else:
                continue
            if any(_mentions(module, each, carriers) for each in held if each is not None):
                found.add(f"{module.name}.{name}")
    return found


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the module's own statements, without those for types only."""
    for node in tree.body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            yield from node.body


def _carriers(modules: list[Module]) -> set[tuple[str, str]]:
    """Return the world and every class with an attribute, annotated or set in __init__, that has one."""
    carriers = {WORLD}
    while True:
        more = {
            (module.name, node.name)
            for module in modules
            for node in module.tree.body
            if isinstance(node, ast.ClassDef) and _has_one(module, node, carriers)
        }
        if more <= carriers:
            return carriers
        carriers |= more


def _has_one(module: Module, node: ast.ClassDef, carriers: set[tuple[str, str]]) -> bool:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and _mentions(module, statement.annotation, carriers):
            return True
        if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
            arguments = (*statement.args.args, *statement.args.kwonlyargs)
            annotations = [each.annotation for each in arguments if each.annotation is not None]
            if any(_mentions(module, each, carriers) for each in annotations):
                return True
    return False


def _mentions(module: Module, node: ast.AST, carriers: set[tuple[str, str]]) -> bool:
    """Say whether a type or value names a class that has a world; what a function takes does not count."""
    if isinstance(node, ast.Subscript) and _root(node) == "Callable":
        return False
    if isinstance(node, ast.Lambda | ast.FunctionDef):
        return False
    if isinstance(node, ast.Name):
        return module.meaning(node.id) in carriers
    return any(_mentions(module, each, carriers) for each in ast.iter_child_nodes(node))


def test_one_module_alone_changes_classes_and_modules_of_moto() -> None:
    found = {module.name: _changes_of_moto(module) for module in _modules()}

    assert {name: changes for name, changes in found.items() if changes} == {}


def test_what_is_set_by_name_is_known() -> None:
    found = {module.name: _set_by_name(module) for module in _modules()}

    assert {name: changed for name, changed in found.items() if changed} == SET_BY_NAME


def test_one_module_alone_holds_a_world() -> None:
    assert _holders(list(_modules())) == {f"{PATCHES}._applied"}


@pytest.mark.parametrize(
    ("source", "change"),
    [
        ("from moto.sns.models import Topic\nTopic.publish = print", "Topic.publish"),
        ("from moto.sns.models import Topic\ndef f(): setattr(Topic, 'a', 1)", "Topic"),
        ("import moto.core.errors\nmoto.core.errors.X.append(1)", "moto.core.errors.X"),
        ("from moto.core.errors import CODES\nCODES['a'] = 1", "CODES['a']"),
        ("from moto.core.errors import CODES\nCODES |= {1}", "CODES"),
        ("from moto.sns.models import Topic\ndel Topic.publish", "Topic.publish"),
    ],
)
def test_a_change_of_moto_is_seen(source: str, change: str) -> None:
    assert _changes_of_moto(_module("qa.embedded.x", source)) == {change}


@pytest.mark.parametrize(
    "held",
    [
        "_worlds: list[World] = []",
        "_world = ContextVar[World | None]('world')",
        "_service: Service | None = None",
        "_services = [Service(World())]",
    ],
)
def test_a_holder_of_a_world_is_seen(held: str) -> None:
    source = "from .world import World\nclass Service:\n    def __init__(self, world: World) -> None: ...\n"
    name = held.partition(" ")[0].rstrip(":")

    assert _holders([_module("qa.embedded.x", source + held)]) == {f"qa.embedded.x.{name}"}
