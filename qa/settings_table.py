"""Reading `[tool.qa]` strictly: wrong types and unknown keys are refused with where and what instead."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, TypeVar

from qa.errors import UsageError
from qa_two_regions_plugin import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEYS: Mapping[str, tuple[str, ...]] = {
    "tool.qa": SETTINGS,
    "tool.qa.regions": ("primary", "secondary"),
    "tool.qa.parameters": ("output", "of", "region", "env"),
    "tool.qa.stack": (
        "name",
        "template",
        "stack-name",
        "regions",
        "needs",
        "parameters",
        "tags",
        "capabilities",
        "termination-protection",
        "stack-policy",
    ),
    "tool.qa.environment": ("parameters", "accounts", "roles", "deploy-roles", "service-roles"),
    "tool.qa.deploy": ("parameters", "step"),
    "tool.qa.deploy.step": ("region", "when", "parameters"),
    "tool.qa.deploy.step.parameters": ("output", "of"),
    "tool.qa.destroy": ("parameters", "buckets", "order"),
    "tool.qa.sweep": ("document-prefixes",),
    "tool.qa.safety": ("accounts", "regions", "calls-per-run", "writes"),
    "tool.qa.check": ("suppress",),
}
"""Every key that is understood, by table. The keys of a `parameters` table are the template's own,
those of `check.suppress` are rules; qa.checks reads that table."""

Choice = TypeVar("Choice", bound=enum.Enum)


class SettingsTable:
    """One table of the settings, e.g. `tool.qa.regions`; `keys` says what each table may hold."""

    def __init__(
        self,
        values: object,
        *,
        name: str,
        source: Path,
        keys: Mapping[str, tuple[str, ...]],
        title: str | None = None,
    ) -> None:
        self._name = name
        self._source = source
        self._keys = keys
        # qa.toml holds nothing but these settings, without `tool.qa` before each
        written = title or name
        if source.name == "qa.toml":
            written = written.removeprefix("tool.qa").lstrip(".")
        self.place = f"[{written}]" if written else "the top level"
        if not isinstance(values, dict):
            raise UsageError(
                f"{self.place} in {source} is {values!r}; expected a table: docs/configuration.md."
            )
        self._values: dict[str, object] = values
        self._refuse_unknown()

    def _refuse_unknown(self) -> None:
        known = self._keys[self._name]
        for key in self._values:
            if key not in known:
                from difflib import get_close_matches  # noqa: PLC0415 - only who is wrong pays

                near = get_close_matches(key, known, n=1)
                guess = f"Did you mean {near[0]!r}?" if near else f"It has: {', '.join(known)}."
                raise UsageError(
                    f"unknown key {key!r} in {self.place} of {self._source}. {guess} "
                    "docs/configuration.md lists them all."
                )

    def wrong(self, key: str, found: object, expected: str) -> UsageError:
        """Return the error for a value that cannot be used."""
        return UsageError(f"{key!r} in {self.place} of {self._source} is {found!r}; expected: {expected}.")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it is required."""
        value = self._values.get(key, default)
        if value is None:
            raise UsageError(f"{self.place} of {self._source} lacks {key!r}: docs/configuration.md.")
        if not isinstance(value, str) or not value:
            raise self.wrong(key, value, "a text in quotes")
        return value

    def text_or_none(self, key: str) -> str | None:
        """Return a text; None where there is none."""
        return self.text(key) if key in self._values else None

    def has(self, key: str) -> bool:
        """Say whether the key is written."""
        return key in self._values

    def flag_or_none(self, key: str) -> bool | None:
        """Return true or false; None where it is not written."""
        return self.flag(key) if self.has(key) else None

    def raw(self, key: str, default: object) -> object:
        """Return a value that its reader judges."""
        return self._values.get(key, default)

    def texts(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._values.get(key, list(default))
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise self.wrong(key, value, "a list of texts")
        return tuple(value)

    def count(self, key: str, default: int) -> int:
        """Return a whole number above zero."""
        value = self._values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(key, value, "a whole number above zero")
        return value

    def choice(self, key: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        """Return one of an enumeration's values."""
        return self._one_of(key, self.text(key, None if default is None else default.value), choices)

    def choices(self, key: str, choices: type[Choice], default: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """Return several of an enumeration's values, in the order given."""
        texts = self.texts(key, tuple(each.value for each in default))
        return tuple(self._one_of(key, text, choices) for text in texts)

    def _one_of(self, key: str, text: str, choices: type[Choice]) -> Choice:
        try:
            return choices(text)
        except ValueError:
            expected = " or ".join(repr(each.value) for each in choices)
            raise self.wrong(key, text, expected) from None

    def flag(self, key: str) -> bool:
        """Return true or false; false when the key is not there."""
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, value, "true or false")
        return value

    def table(self, key: str) -> SettingsTable:
        """Return an inner table; an empty one when it is not there."""
        return self._inner(self._values.get(key, {}), name=f"{self._name}.{key}")

    def tables(self, key: str) -> tuple[SettingsTable, ...]:
        """Return an array of tables, in order."""
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, value, f"tables written as [[{self._name}.{key}]]")
        return tuple(self._inner(each, name=f"{self._name}.{key}") for each in value)

    def named_tables(self, key: str) -> dict[str, SettingsTable]:
        """Return a table of tables whose names are not ours, in the order of the file."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, value, f"tables written as [{self._name}.{key}.NAME]")
        kind = f"{self._name}.{key}"
        return {name: self._inner(each, name=kind, title=f"{kind}.{name}") for name, each in value.items()}

    def free(self, key: str, *, inner: str | None = None) -> dict[str, str | SettingsTable]:
        """Return a table whose keys are not ours: texts, and tables of the kind `inner` where allowed."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, value, "a table of texts")
        return {name: self._free_value(f"{key}.{name}", each, inner) for name, each in value.items()}

    def _free_value(self, key: str, value: object, inner: str | None) -> str | SettingsTable:
        if isinstance(value, str):
            return value
        if isinstance(value, dict) and inner is not None:
            return self._inner(value, name=inner)
        forms = {None: "", "tool.qa.parameters": ", { output = …, of = … } or { env = … }"}
        expected = "a text in quotes" + forms.get(inner, " or { output = …, of = … }")
        raise self.wrong(key, value, expected)

    def _inner(self, values: object, *, name: str, title: str | None = None) -> SettingsTable:
        return SettingsTable(values, name=name, source=self._source, keys=self._keys, title=title)
