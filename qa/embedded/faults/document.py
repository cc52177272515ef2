"""docs/faults.md, made from the tables: `python -m qa.embedded.faults.document > docs/faults.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.control.routes import MOST_OF_BODY, ROOT, ROUTES
from qa.embedded.settings import CHANGEABLE

from . import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qa.embedded.fields import Field

    from . import Kind

HEAD = f"""\
# Faults, and the control routes of the embedded AWS

Made from the tables in `qa/embedded/faults/kinds.py` and `qa/embedded/control/routes.py` by
`python -m qa.embedded.faults.document > docs/faults.md`; do not edit.

`qa serve` prints an endpoint and a secret. With them a region is lost and comes back like this:

```
export TOKEN="Authorization: Bearer $AWS_SECRET_ACCESS_KEY"
curl -H "$TOKEN" -d '{{"kind": "region-lost", "region": "us-east-1"}}' $AWS_ENDPOINT_URL{ROOT}faults
{{"id": 1, "kind": "region-lost", "region": "us-east-1", "how": "reset"}}
curl -H "$TOKEN" -X DELETE $AWS_ENDPOINT_URL{ROOT}faults/1
```

From Python:

```python
from qa.embedded.control import Control

control = Control(endpoint, secret=secret)
fault = control.start_fault("throttle", region="us-east-1", service="dynamodb", operation="PutItem")
control.end_fault(fault)
```

Every word is checked. An unknown kind, parameter, region, service or operation, a value of the wrong type
or out of range, and a service or operation that the embedded AWS does not model are refused with 400 and
the nearest name, and nothing is started:
*fault 'throttle': unknown service 'monitoring'. Did you mean 'cloudwatch'?*

A fault hits a request when everything that it names is the request's own; without region, service and
operation it hits every request. The region of a request is the one it is signed for, and for S3 also that
of the bucket. When several faults hit a request, delays add up and the oldest fault that ends the request
does so. The control routes themselves are never hit.
"""

CONVENTIONS = f"""\
All below `{ROOT}`. What stands here keeps its name and meaning; later versions only add. Each request
needs the header `Authorization: Bearer <the administrator's secret access key>` (401 without it). Bodies
are one JSON object of at most {MOST_OF_BODY:,} bytes; there are no query parameters. Responses are JSON
objects; a refusal is `{{"error": "<a sentence>"}}` with 400 (a body that is not what the tables say), 404 (no
such path or fault) or 405 (another method), and nothing was done.
"""


def document() -> str:
    """Return the page."""
    lines = [HEAD, "## Kinds of faults", ""]
    for kind in KINDS:
        lines += _kind(kind)
    lines += ["## Routes", "", CONVENTIONS]
    lines += ["| method and path | what it does | response |", "|---|---|---|"]
    lines += [
        f"| `{route.method} {ROOT}{route.path}` | {route.summary} | {route.result} |" for route in ROUTES
    ]
    lines += ["", "Fields of the bodies:", ""]
    lines += _fields("route", _fields_of_routes())
    return "\n".join(lines) + "\n"


def _kind(kind: Kind) -> Iterator[str]:
    yield from (f"### {kind.name}", "", kind.summary, "", f"Hits: {kind.hits.value}", "")
    yield from _fields("parameter", ((each.name, each) for each in kind.fields))
    yield ""


def _fields_of_routes() -> Iterator[tuple[str, Field]]:
    for route in ROUTES:
        for field in route.fields or ():
            yield f"{route.method} {route.path}: {field.name}", field


def _fields(what: str, fields: Iterable[tuple[str, Field]]) -> Iterator[str]:
    yield f"| {what} | value | what for | if left out |"
    yield "|---|---|---|---|"
    for name, field in fields:
        needs = f"; requires `{field.needs}`" if field.needs else ""
        yield f"| `{name}` | {field.type.words} | {field.summary}{needs} | {_left_out(field)} |"


def _left_out(field: Field) -> str:
    if field.is_required:
        return "required"
    if field.default is not None:
        return f'"{field.default}"' if isinstance(field.default, str) else f"{field.default:g}"
    return "as it is" if field in CHANGEABLE else "any"


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201 - this is a command
