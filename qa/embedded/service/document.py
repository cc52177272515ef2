"""docs/embedded-services.md, made from the tables: `python -m qa.embedded.service.document`."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from qa.embedded.services import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .coverage import Parameter
    from .declaration import Service

WIDTH = 118
HEAD = """\
# What the embedded AWS models, operation by operation

Made from `qa/embedded/*/coverage.py` by `python -m qa.embedded.service.document`; do not edit.

What stands here as modelled is answered as far as anybody looked: by the additions of `qa/embedded`, or by
moto where that is true. Everything else is refused by name before moto sees it, with HTTP 501 and the code
`NotImplemented` in the service's own protocol, which no SDK retries: *the embedded AWS does not model
dynamodb:ListBackups (backups and restores of tables)*. So is a parameter of a modelled operation that would
change what it does and has no effect here. CloudFormation says `UnsupportedOperation` with HTTP 400
instead.

An operation that a newer boto3 brings is refused until somebody has classified it; a test reports it. All
other services are refused as a whole. There are:
{names}.

A body of more than 1 MiB, or in chunks, is read when its headers carry a known access key (and, to S3, a
valid signature); without one S3 takes 16 MiB. Limits: 512 MiB for S3 (5 GiB on AWS), 70,167,211 bytes for
Lambda, 16 MiB for all others; beyond that the answer is `EntityTooLarge` (400, S3) or
`RequestEntityTooLarge` (413). A request must arrive within 20 s and one second more for each 1,000 bytes; a
port serves 512 connections at once and answers 503 to others.
"""


def document() -> str:
    """Return the page, one section a service."""
    names = ", ".join(service.name for service in _by_name())
    lines = [HEAD.format(names=textwrap.fill(names, WIDTH)), *_sections()]
    return "\n".join(lines).rstrip("\n") + "\n"


def _by_name() -> tuple[Service, ...]:
    return tuple(sorted(SERVICES, key=lambda service: service.name))


def _sections() -> Iterator[str]:
    for service in _by_name():
        yield from _section(service)


def _section(service: Service) -> Iterator[str]:
    yield f"## {service.name}\n"
    modelled = ", ".join(sorted(service.coverage.modelled))
    yield textwrap.fill(f"Modelled ({len(service.coverage.modelled)}): {modelled}.", WIDTH) + "\n"
    yield from (textwrap.fill(f"- {note}", WIDTH, subsequent_indent="  ") for note in service.coverage.notes)
    if service.coverage.notes:
        yield ""
    if service.coverage.refused:
        yield f"Refused ({len(service.coverage.refused)}):\n"
        yield "| what is not modelled | operations |\n|---|---|"
        for why in dict.fromkeys(service.coverage.refused.values()):
            operations = sorted(name for name, reason in service.coverage.refused.items() if reason == why)
            yield f"| {why} | {', '.join(operations)} |"
        yield ""
    if service.coverage.parameters:
        yield "Parameters refused:\n"
        yield "| parameter | of | modelled values | why |\n|---|---|---|---|"
        yield from _parameters(service)
        yield ""


def _parameters(service: Service) -> Iterator[str]:
    operations: dict[Parameter, list[str]] = {}
    for operation in sorted(service.coverage.parameters):
        for each in service.coverage.parameters[operation]:
            operations.setdefault(each, []).append(operation)
    for each, names in operations.items():
        of = ", ".join(names) if len(names) <= 8 else f"{', '.join(names[:3])} and {len(names) - 3} more"
        yield f"| `{each.path}` | {of} | {_values(each)} | {each.why} |"


def _values(parameter: Parameter) -> str:
    if parameter.only:
        return ", ".join(sorted(parameter.only))
    if parameter.never:
        return f"all but {', '.join(sorted(parameter.never))}"
    return "see there" if parameter.pattern else "none"


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201 - this is a command
