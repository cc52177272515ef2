"""Functions with code that can be read, and the resources that the code is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.knowledge.inline_code import KINDS, PARAMETER_OF, read_javascript
from qa.checks.knowledge.naming import FUNCTION, GLOBAL_TABLE, get_nested, resolve_resource, resources_of_type
from qa.checks.knowledge.python_code import read_python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.inline_code import InlineCode
    from qa.checks.knowledge.naming import Meant
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_READERS = {"nodejs": read_javascript, "python": read_python}


def with_code(context: Context) -> Iterator[tuple[RegionalStack, EvaluatedResource, InlineCode]]:
    """Yield each function with inline JavaScript or Python, and what its code says."""
    for stack, function in resources_of_type(context, FUNCTION):
        code, runtime = get_nested(function.properties, "Code", "ZipFile"), function.properties.get("Runtime")
        for prefix, read in _READERS.items():
            if isinstance(code, str) and str(runtime).startswith(prefix):
                yield stack, function, read(code)


def subject(
    action: str, code: InlineCode, function: EvaluatedResource, *, stack: RegionalStack, context: Context
) -> Meant | None:
    """Return what the code does this to, when its environment says so and it is not one of several."""
    names = [name for parameter, name in code.handed_over if parameter == PARAMETER_OF.get(action)]
    value = get_nested(function.properties, "Environment", "Variables", names[0]) if len(names) == 1 else None
    found = resolve_resource(value, stack, context.stacks)
    is_local = found is not None and (found.stack is stack or found.resource.type == GLOBAL_TABLE)
    return found if found and is_local and found.resource.type in KINDS[PARAMETER_OF[action]] else None
