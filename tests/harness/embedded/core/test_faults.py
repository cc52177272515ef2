"""Which requests a fault hits."""

from __future__ import annotations

import pytest

from qa.embedded.faults import Fault, Faults


@pytest.mark.parametrize(
    ("fault", "hit"),
    [
        pytest.param(Fault(kind="throttle"), True, id="everything"),
        pytest.param(Fault(kind="throttle", region="us-east-1"), True, id="its region"),
        pytest.param(Fault(kind="throttle", region="us-west-2"), False, id="another region"),
        pytest.param(Fault(kind="throttle", service="s3"), False, id="another service"),
        pytest.param(Fault(kind="throttle", operation="PutItem"), True, id="its operation"),
        pytest.param(Fault(kind="throttle", operation="GetItem"), False, id="another operation"),
    ],
)
def test_a_fault_hits_what_its_rule_names(fault: Fault, *, hit: bool) -> None:
    assert fault.matches(region="us-east-1", service="dynamodb", operation="PutItem") is hit


def test_a_fault_ends_by_its_id() -> None:
    faults = Faults()
    first = faults.add(Fault(kind="throttle", region="us-east-1"))
    faults.add(Fault(kind="error"))

    faults.remove(first)

    assert faults.hitting(region="us-east-1", service="kms", operation=None) == (Fault(kind="error"),)


def test_only_a_region_down_takes_the_region_down() -> None:
    faults = Faults()
    faults.add(Fault(kind="error", region="us-east-1"))
    faults.add(Fault(kind="region-down", region="us-west-2"))

    assert (faults.is_down("us-east-1"), faults.is_down("us-west-2")) == (False, True)
