"""The outputs of a stack, its exports, and what it imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import UnresolvedValueError, unmodelled
from .intrinsics import resolve
from .stacks import Export, Output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .intrinsics import StackMap
    from .preparation import Prepared
    from .stacks import Stack


def evaluated_outputs(prepared: Prepared) -> tuple[Output, ...]:
    """Return the outputs whose condition is true; raises UnresolvedValueError."""
    stack_map = prepared.stack_map
    return tuple(
        Output(
            key=key,
            value=_text(key, resolve(output["Value"], stack_map)),
            description=output.get("Description"),
            export_name=_export_name(output, stack_map),
        )
        for key, output in prepared.outputs.items()
    )


def evaluated_imports(prepared: Prepared) -> frozenset[str]:
    """Return the names of the exports that the stack uses; raises UnresolvedValueError."""
    pieces: list[Any] = [one.get("Properties") for one in prepared.resources.values()]
    pieces += [output["Value"] for output in prepared.outputs.values()]
    return frozenset(str(resolve(name, prepared.stack_map)) for name in _import_names(pieces))


def exports_of(stack: Stack) -> tuple[Export, ...]:
    """Return what the stack exports."""
    return tuple(
        Export(name=one.export_name, value=one.value, stack_id=stack.stack_id, stack_name=stack.name)
        for one in stack.outputs
        if one.export_name is not None
    )


def _export_name(output: Any, stack_map: StackMap) -> str | None:
    if "Export" not in output:
        return None
    return str(resolve(output["Export"].get("Name"), stack_map))


def _text(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and "{{resolve:" in value:
        raise UnresolvedValueError(unmodelled(f"a dynamic reference in output {key}").message)
    if isinstance(value, str | int | float):
        return str(value)
    raise UnresolvedValueError(
        f"Template format error: Output {key} is malformed. "
        "The Value field of every Outputs member must evaluate to a String."
    )


def _import_names(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _import_names(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Fn::ImportValue":
                yield item
            else:
                yield from _import_names(item)
