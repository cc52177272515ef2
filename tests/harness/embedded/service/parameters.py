"""The parameters of modelled operations that somebody has looked at: `parameters.txt`, one operation a line.

After a new boto3: look at what the test names, put a rule into the service's coverage.py where it would
change something, then `python -m tests.harness.embedded.service.parameters` writes the list again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from botocore.session import Session

from qa.embedded.services import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST = Path(__file__).with_name("parameters.txt")


def present() -> tuple[str, ...]:
    """Return the lines for the botocore that is installed."""
    return tuple(_lines())


def recorded() -> tuple[str, ...]:
    """Return the lines that were looked at."""
    return tuple(LIST.read_text(encoding="utf-8").splitlines())


def _lines() -> Iterator[str]:
    session = Session()
    for service in sorted(SERVICES, key=lambda each: each.name):
        model = session.get_service_model(service.name)
        for operation in sorted(service.coverage.modelled):
            shape = model.operation_model(operation).input_shape
            names = sorted(shape.members) if shape is not None else ()
            yield " ".join((f"{service.name}:{operation}", *names))


if __name__ == "__main__":
    LIST.write_text("\n".join(present()) + "\n", encoding="utf-8")
