"""The tables of what is modelled, held against the services' own models."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.session import Session

from qa.embedded.cloudformation.hooks import OPERATIONS
from qa.embedded.service.coverage import Parameter, coverage, unmodelled
from qa.embedded.service.declaration import UNCLASSIFIED, Service
from qa.embedded.service.document import document
from qa.embedded.services import SERVICES

from .parameters import present, recorded

each_service = pytest.mark.parametrize("known", SERVICES, ids=lambda known: known.name)


@cache
def model(name: str) -> Any:
    return Session().get_service_model(name)


def members(name: str, operation: str) -> Any:
    return model(name).operation_model(operation).input_shape.members


@each_service
def test_parameters_are_those_of_modelled_operations(known: Service) -> None:
    unknown = {
        (operation, each.path)
        for operation, parameters in known.coverage.parameters.items()
        for each in parameters
        if operation not in known.coverage.modelled
        or each.path.split(".")[0] not in members(known.name, operation)
    }

    assert unknown == set()


def test_cloudformation_serves_what_the_table_calls_modelled() -> None:
    (cloudformation,) = (each for each in SERVICES if each.name == "cloudformation")

    assert set(OPERATIONS) == cloudformation.coverage.modelled


def test_an_operation_that_nobody_classified_is_refused() -> None:
    known = Service(name="kms", coverage=coverage("Encrypt", refused={"key stores": "CreateCustomKeyStore"}))

    assert [known.refusal(name) for name in ("Encrypt", "CreateCustomKeyStore", "Teleport")] == [
        None,
        "kms:CreateCustomKeyStore (key stores)",
        f"kms:Teleport ({UNCLASSIFIED})",
    ]


def test_an_operation_cannot_be_both_modelled_and_refused() -> None:
    with pytest.raises(ValueError, match=r"^both modelled and refused: Encrypt$"):
        coverage("Encrypt Decrypt", refused={"why": "Encrypt"})


@pytest.mark.parametrize(
    ("rule", "value", "refused"),
    [
        pytest.param(Parameter(path="A", why=""), "x", True, id="any value"),
        pytest.param(Parameter(path="A", why=""), False, False, id="false asks for nothing"),
        pytest.param(Parameter(path="A", why="", only=frozenset({"x"})), "x", False, id="a modelled value"),
        pytest.param(Parameter(path="A", why="", only=frozenset({"x"})), "y", True, id="another value"),
        pytest.param(Parameter(path="A", why="", never=frozenset({"x"})), "x", True, id="an unmodelled one"),
        pytest.param(Parameter(path="A", why="", never=frozenset({"x"})), "y", False, id="any other"),
        pytest.param(Parameter(path="A.B", why=""), {"B": 1}, True, id="in a map"),
        pytest.param(Parameter(path="A.B", why=""), [{}, {"B": 1}], True, id="in a list of maps"),
        pytest.param(Parameter(path="A.B", why=""), {"C": 1}, False, id="not in the map"),
        pytest.param(Parameter(path="A.*.B", why=""), {"x": {}, "y": {"B": 1}}, True, id="in a map's values"),
    ],
)
def test_a_value_is_refused_as_the_rule_says(rule: Parameter, value: object, *, refused: bool) -> None:
    assert rule.refuses({"A": value}) is refused


def test_rules_of_several_operations_add_up() -> None:
    known = Service(
        name="kms",
        coverage=coverage(
            "Encrypt Decrypt",
            refused={},
            parameters={"Encrypt Decrypt": unmodelled("one", "A"), "Decrypt": unmodelled("two", "B")},
        ),
    )

    assert [
        known.refused_parameter("Encrypt", {"A": 1}),
        known.refused_parameter("Encrypt", {"B": 1}),
        known.refused_parameter("Decrypt", {"B": 1}),
    ] == ["A of kms:Encrypt as requested (one)", None, "B of kms:Decrypt as requested (two)"]


def test_the_page_of_the_services_is_that_of_the_tables() -> None:
    assert Path("docs/embedded-services.md").read_text(encoding="utf-8") == document()


def test_somebody_has_looked_at_every_parameter_of_the_modelled_operations() -> None:
    assert present() == recorded()
