"""The template of the stack, parsed and read as data."""

from __future__ import annotations

from .digest import minified, template_digest
from .errors import (
    AliasError,
    DuplicateKeyError,
    EvaluationError,
    NestingError,
    ParameterError,
    TemplateEncodingError,
    TemplateError,
    TemplateFileError,
    TemplateShapeError,
    TemplateSyntaxError,
    UnsupportedError,
)
from .evaluate import Evaluated, EvaluatedOutput, EvaluatedResource, RuleResult, evaluate, expanded
from .graph import Graph, graph
from .load import load_template, parse_template, template_of
from .model import Resource, Template
from .positions import Path, Position
from .pseudo import PSEUDO_PARAMETERS, partition_of, url_suffix_of
from .references import Reference, references
from .resolver import AbsentReference
from .substitution import Variable, substitution
from .unknowns import (
    AvailabilityZones,
    Computed,
    Concatenation,
    ImportedValue,
    ResourceAttribute,
    ResourceRef,
    SsmParameter,
    Unknown,
    concatenated,
    unknowns_in,
)

__all__ = [
    "PSEUDO_PARAMETERS",
    "AbsentReference",
    "AliasError",
    "AvailabilityZones",
    "Computed",
    "Concatenation",
    "DuplicateKeyError",
    "Evaluated",
    "EvaluatedOutput",
    "EvaluatedResource",
    "EvaluationError",
    "Graph",
    "ImportedValue",
    "NestingError",
    "ParameterError",
    "Path",
    "Position",
    "Reference",
    "Resource",
    "ResourceAttribute",
    "ResourceRef",
    "RuleResult",
    "SsmParameter",
    "Template",
    "TemplateEncodingError",
    "TemplateError",
    "TemplateFileError",
    "TemplateShapeError",
    "TemplateSyntaxError",
    "Unknown",
    "UnsupportedError",
    "Variable",
    "concatenated",
    "evaluate",
    "expanded",
    "graph",
    "load_template",
    "minified",
    "parse_template",
    "partition_of",
    "references",
    "substitution",
    "template_digest",
    "template_of",
    "unknowns_in",
    "url_suffix_of",
]
