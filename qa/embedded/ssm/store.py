"""The parameters of one embedded AWS, by region, with their versions."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .names import key_of
from .refusals import SsmRefusalError, not_found

if TYPE_CHECKING:
    from datetime import datetime

    from .names import Selected

VERSIONS = 100
"""More push the oldest out."""
MOST = 10_000
"""Parameters of an account and region, of the standard tier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What one PutParameter has made of a parameter."""

    number: int
    value: str
    """Of a SecureString the ciphertext in base64, as AWS shows it."""
    kind: str
    """String, StringList or SecureString."""
    tier: str
    key_id: str | None
    """Of a SecureString, as the caller named it."""
    description: str | None
    allowed_pattern: str | None
    modified_at: datetime
    modified_by: str


@dataclass(slots=True, kw_only=True)
class Parameter:
    """One parameter; the last version is the present one."""

    name: str
    arn: str
    versions: list[Version] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def latest(self) -> Version:
        """The present version."""
        return self.versions[-1]

    def add(self, version: Version) -> None:
        """Put a version on top."""
        self.versions = [*self.versions, version][-VERSIONS:]

    def version(self, number: int) -> Version:
        """Return a version by its number; raises ParameterVersionNotFound."""
        for each in self.versions:
            if each.number == number:
                return each
        raise SsmRefusalError(
            "ParameterVersionNotFound",
            f"Systems Manager could not find version {number} of {self.name}. "
            "Verify the version and try again.",
        )


class Store:
    """All parameters; hold `lock` from looking at one until it is changed."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._regions: dict[str, dict[str, Parameter]] = defaultdict(dict)

    def find(self, region: str, name: str) -> Parameter | None:
        """Return a parameter by its name; None if there is none."""
        return self._regions[region].get(key_of(name))

    def named(self, region: str, name: str) -> Parameter:
        """Return a parameter by its name; raises ParameterNotFound."""
        found = self.find(region, name)
        if found is None:
            raise not_found()
        return found

    def select(self, region: str, selector: Selected | None) -> tuple[Parameter, Version]:
        """Return a parameter with the requested version; raises SsmRefusalError where either is missing."""
        if selector is None:
            raise not_found()
        found = self.named(region, selector.key)
        return found, found.latest if selector.version is None else found.version(selector.version)

    def add(self, region: str, parameter: Parameter) -> None:
        """Keep a new parameter. Raises ParameterLimitExceeded when there are too many."""
        if len(self._regions[region]) >= MOST:
            raise SsmRefusalError(
                "ParameterLimitExceeded",
                "You have exceeded the number of parameters for this Amazon Web Services account. "
                "Delete one or more parameters and try again.",
            )
        self._regions[region][key_of(parameter.name)] = parameter

    def remove(self, region: str, name: str) -> None:
        """Forget a parameter; raises ParameterNotFound."""
        self.named(region, name)
        del self._regions[region][key_of(name)]

    def all(self, region: str) -> tuple[Parameter, ...]:
        """Return the parameters of a region by name."""
        return tuple(sorted(self._regions[region].values(), key=lambda each: each.name))

    def clear(self) -> None:
        """Forget all parameters."""
        self._regions.clear()
