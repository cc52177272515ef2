"""The places of moto that are hooked: each of these fails when one of them moves."""

from __future__ import annotations

from moto.cloudformation.models import CloudFormationBackend
from moto.cloudformation.parsing import ResourceMap, clean_json
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.utils import camelcase_to_underscores, get_service_model

from qa.embedded.cloudformation.hooks import OPERATIONS, PATCHES


def test_every_operation_of_the_service_is_served_or_refused_by_us() -> None:
    names = get_service_model("cloudformation").operation_names
    patched = {patch.symbol for patch in PATCHES}

    assert {
        name for name in names if (CloudFormationResponse, camelcase_to_underscores(name)) not in patched
    } == set()
    assert set(OPERATIONS) <= set(names)


def test_the_backend_keeps_stacks_where_we_put_ours() -> None:
    backend = CloudFormationBackend("us-east-1", "123456789012")

    assert (backend.stacks, backend.deleted_stacks, backend.change_sets) == ({}, {}, {})


def test_the_parser_has_what_we_call_and_override() -> None:
    assert callable(clean_json)
    for name in ("__getitem__", "load_mapping", "load_parameters", "load_conditions"):
        assert callable(getattr(ResourceMap, name))
