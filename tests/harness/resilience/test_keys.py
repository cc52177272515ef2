"""The checks of keys: green on the stack as deployed, red by one fault each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.resilience import decrypts_everywhere

from . import faults
from .trial import HERE, THERE

if TYPE_CHECKING:
    from .trial import Trial


def test_a_multi_region_key_passes_and_its_rotation_is_recorded(trial: Trial) -> None:
    assert trial.run(decrypts_everywhere("DataKey")) == "PASSED"
    assert (trial.reported[f"qa.rotates.{HERE}"], trial.reported[f"qa.rotates.{THERE}"]) == ("yes", "yes")


def test_a_disabled_replica_is_red(trial: Trial) -> None:
    with faults.disabled_replica_key(trial), pytest.raises(AssertionError) as red:
        trial.run(decrypts_everywhere("KeyArn"))

    key = trial.clients.kms(THERE).describe_key(KeyId=trial.physical("DataKeyReplica", THERE))
    assert str(red.value) == (
        f"DataKeyReplica ({key['KeyMetadata']['Arn']}) in {THERE}: found the key Disabled, expected the key "
        "Enabled. Enable it (or cancel its deletion): until then nothing opens there."
    )


def test_a_policy_that_lets_less_open_in_the_replica_is_red(trial: Trial) -> None:
    with faults.narrower_policy(trial), pytest.raises(AssertionError) as red:
        trial.run(decrypts_everywhere("DataKey"))

    assert "found AccessDeniedException" in str(red.value)
    assert "Give the replica's policy what the primary's has." in str(red.value)


def test_keys_of_one_region_alone_are_red(trial: Trial) -> None:
    with faults.lone_keys(trial) as alias, pytest.raises(AssertionError) as red:
        trial.run(decrypts_everywhere({HERE: alias, THERE: alias}))

    assert "Make the key multi-Region and replicate it" in str(red.value)
