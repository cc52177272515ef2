"""A small run with one red check, as the forms of the report are given it."""

from __future__ import annotations

from qa.report import CheckResult, RegionResult, RunFacts, Verdict
from qa.report.evidence import Call, Evidence, Exhibit
from qa.report.run_report import RunReport, StackNode, StackShape

FACTS = RunFacts(
    run_id="qa-0a1b2c3d",
    target="embedded",
    endpoint=None,
    account="123456789012",
    regions=("us-east-1", "us-west-2"),
    stacks=("Shop-dev",),
)
NODEID = "tests/live/test_table.py::test_a_record_arrives"
GREEN = CheckResult(
    check="T1",
    title="the table is healthy",
    seconds=0.4,
    regions=(
        RegionResult(region="us-east-1", verdict=Verdict.GREEN, seconds=0.25),
        RegionResult(region="us-west-2", verdict=Verdict.GREEN, seconds=0.4),
    ),
    measures={"replication_lag": (0.5, 0.7), "rpo": (0.7,)},
    bounds={"rpo": 5.0},
    nodeid="tests/live/test_table.py::test_the_table_is_healthy",
)
RED = CheckResult(
    check="T2",
    title="a record arrives",
    seconds=10.0,
    regions=(RegionResult(region="us-west-2", verdict=Verdict.RED, seconds=10.0),),
    nodeid=NODEID,
)
EVIDENCE = Evidence(
    nodeid=NODEID,
    check="T2",
    reproduce=f"python -m pytest {NODEID} --target embedded --suffix dev",
    words="record <1> in us-west-2 was still None",
    failure="E  AssertionError: record <1> in us-west-2 was still None",
    calls=(
        Call(
            at="2026-01-02T03:04:05.678+00:00",
            service="dynamodb",
            operation="GetItem",
            region="us-west-2",
            about={"TableName": "orders"},
            request_id="R-1",
            outcome="200",
            response={"Item": "absent"},
            times=9,
        ),
    ),
    exhibits=(
        Exhibit(
            title="item 1 | of orders",
            region="both",
            requests="dynamodb GetItem",
            columns=("region", "now"),
            rows=(("us-east-1", '{"id": {"S": "<b>1</b>"}}'), ("us-west-2", "absent")),
        ),
        Exhibit(title="log of f", region="us-west-2", requests="logs FilterLogEvents", text="```\nSTART"),
        Exhibit(title="keys", region="both", requests="kms DescribeKey", problem="AccessDenied"),
    ),
)
STACKS = (
    StackShape(
        region="us-east-1",
        stack="Shop-dev",
        nodes=(
            StackNode(
                logical_id="Handler",
                resource_type="AWS::Lambda::Function",
                physical_id="shop",
                status="CREATE_COMPLETE",
                needs=("Role",),
            ),
            StackNode(
                logical_id="Role", resource_type="AWS::IAM::Role", physical_id="r", status="UPDATE_FAILED"
            ),
        ),
    ),
    StackShape(region="us-west-2", stack="Shop-dev", problem="the target answers no more"),
)


def report_of(*results: CheckResult, evidence: tuple[Evidence, ...] = ()) -> RunReport:
    """Return a run of these results."""
    return RunReport(
        facts=FACTS,
        started="2026-01-02T03:04:00+00:00",
        seconds=12.5,
        results=results,
        evidence=evidence,
        stacks=STACKS,
    )


GREEN_RUN = report_of(GREEN)
RED_RUN = report_of(GREEN, RED, evidence=(EVIDENCE,))
