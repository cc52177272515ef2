"""The keys: one multi-Region key, so that what one region encrypted outlives the loss of it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from qa.probe import dynamodb, kms
from qa.probe.dynamodb import TableEncryption
from qa.probe.errors import RefusedError
from qa.resilience import decrypts_everywhere
from qa.resilience.verdicts import refusals_of_the_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.stack.clients import Clients
    from qa.stack.outputs import Outputs
    from qa.stack.run import Run

    from .sides import Sides


@pytest.fixture
def context(run: Run) -> dict[str, str]:
    """The run's own context: the runner's policy lets it use the key with `qa-run` only."""
    return {"qa-run": run.run_id, "part": secrets.token_hex(4)}


@pytest.mark.qa_check("K1", "both")
def test_each_alias_leads_to_the_regions_own_enabled_and_rotating_multi_region_key(
    clients: Clients,
    sides: Sides,
    east: str,
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    def check(region: str) -> None:
        client, side = clients.kms(region), sides.of(region)
        behind_alias = kms.key_state(client, side["KMSKeyAlias"])
        assert behind_alias == kms.KeyState(
            key_id=sides.primary["KMSKeyId"],
            arn=side["KMSKeyArn"],
            state="Enabled",
            manager="CUSTOMER",
            spec="SYMMETRIC_DEFAULT",
            multi_region_type="PRIMARY" if region == east else "REPLICA",
        ), f"the key behind {side['KMSKeyAlias']} in {region}"
        assert kms.is_rotating(client, behind_alias.key_id), f"rotation of {behind_alias.arn} is off"

    in_each_region(check)


@pytest.mark.qa_check("K2", "both")
def test_a_text_encrypted_through_the_alias_opens_again_with_the_regions_own_key(
    clients: Clients,
    sides: Sides,
    context: dict[str, str],
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    def check(region: str) -> None:
        client, side = clients.kms(region), sides.of(region)
        with refusals_of_the_stack(besides=["AccessDeniedException"]):
            sealed = kms.encrypt(client, side["KMSKeyAlias"], b"transaction", context=context)
            opened = kms.decrypt(client, sealed.ciphertext, context=context, key=side["KMSKeyAlias"])
        assert sealed.key_arn == side["KMSKeyArn"]
        assert opened == kms.Opened(plaintext=b"transaction", key_arn=side["KMSKeyArn"])

    in_each_region(check)


@pytest.mark.qa_check("K3", "primary")
def test_a_ciphertext_opens_only_with_its_whole_encryption_context(
    clients: Clients, sides: Sides, east: str, context: dict[str, str]
) -> None:
    client = clients.kms(east)
    with refusals_of_the_stack():
        sealed = kms.encrypt(client, sides.primary["KMSKeyAlias"], b"transaction", context=context)
    changed = {**context, "part": "another"}
    incomplete = {"qa-run": context["qa-run"]}

    control = kms.decrypt(client, sealed.ciphertext, context=context)
    refusals = {
        name: refusal_code(lambda given=given: kms.decrypt(client, sealed.ciphertext, context=given))  # type: ignore[misc]  # bound per turn
        for name, given in {"changed": changed, "incomplete": incomplete}.items()
    }

    assert control.plaintext == b"transaction"
    assert refusals == {
        "changed": "InvalidCiphertextException",
        "incomplete": "InvalidCiphertextException",
    }


def refusal_code(call: Callable[[], object]) -> str:
    """Return AWS's error code, or that there was none."""
    try:
        call()
    except RefusedError as refused:
        return refused.code
    return "opened"


test_a_ciphertext_of_either_region_opens_in_the_other_with_that_regions_own_key = decrypts_everywhere(
    "PrimaryKMSKeyAlias", check="K4"
)


@pytest.mark.qa_check("K5", "both")
def test_each_replica_is_encrypted_with_the_aws_managed_key_of_its_own_region(
    clients: Clients,
    outputs: Outputs,
    account: str,
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    table_name = outputs["TransactionsTableName"]

    def check(region: str) -> None:
        state = dynamodb.table_state(clients.dynamodb(region), table_name)
        assert state is not None, f"{region} has no table {table_name!r}"
        key_arn = state.encryption.key_arn
        assert state.encryption == TableEncryption(status="ENABLED", sse_type="KMS", key_arn=key_arn)
        assert key_arn is not None
        assert key_arn.split(":")[3:5] == [region, account], f"{key_arn} is not a key of {region}"
        key = kms.key_state(clients.kms(region), key_arn)
        assert key is not None, f"the table's key {key_arn} is not to be found in {region}"
        assert (key.manager, key.state) == ("AWS", "Enabled")

    in_each_region(check)
