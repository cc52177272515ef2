"""What can keep a template from being read or evaluated; each says where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.errors import QaError

if TYPE_CHECKING:
    from .positions import Position


class TemplateError(QaError):
    """A template could not be read; the text starts with source:line:column where there is one."""

    def __init__(self, message: str, *, source: str, position: Position | None = None) -> None:
        where = f"{source}:{position.line}:{position.column}" if position else source
        super().__init__(f"{where}: {message}")
        self.message = message
        self.source = source
        self.position = position


class TemplateFileError(TemplateError):
    """The file is absent, no file, or cannot be read."""


class TemplateEncodingError(TemplateError):
    """The bytes are not text in UTF-8, UTF-16 or UTF-32."""


class TemplateSyntaxError(TemplateError):
    """The text is neither JSON nor YAML that a template may be written in."""


class DuplicateKeyError(TemplateSyntaxError):
    """One key stands twice in the same object; CloudFormation would keep one of them silently."""


class NestingError(TemplateSyntaxError):
    """The values are nested deeper than any template needs."""


class AliasError(TemplateSyntaxError):
    """A YAML alias refers to nothing, to itself, or unfolds into too much."""


class TemplateShapeError(TemplateError):
    """The content is not shaped like a template: no object, a section that is a list, a missing Type."""


class UnsupportedError(TemplateError):
    """The template uses something that cannot be known without AWS or is not modelled; says what."""


class ParameterError(TemplateError):
    """The parameter values do not satisfy the template's parameters; one line per problem."""


class EvaluationError(TemplateError):
    """CloudFormation would refuse this template when it resolves it."""
