"""The templates of the growth benchmark: of the size asked for, clean or with the findings seeded in them."""

from __future__ import annotations

from benchmarks.templates import chained, design, faulty, grown_json, grown_yaml, whole_copies
from qa.checks import Finding, check
from qa.template import parse_template

FOUND_IN_ONE_COPY = (
    ("unknown-property", "TransactionsTable"),
    ("replication-versioning", "PrimaryDocumentsBucket"),
    ("deprecated-runtime", "PrimaryTransactionProcessor"),
    ("unknown-metric", "LambdaErrorAlarmPrimary"),
    ("alarm-without-action", "LambdaThrottleAlarmPrimary"),
    ("region-variable", "SecondaryTransactionProcessor"),
)


def check_text(text: str) -> tuple[Finding, ...]:
    """Return all findings of a template deployed to both regions, through a bucket: it is large."""
    template = parse_template(text, source="grown")
    return check(template, regions=("us-east-1", "us-west-2"), ignore={"template-size"})


def test_grown_template_has_whole_copies_of_the_design_with_names_of_their_own() -> None:
    good = design()

    template = parse_template(grown_json(good, 60), source="grown")

    names = {f"{logical_id}{copy}" for copy in range(3) for logical_id in good["Resources"]}
    assert set(template.resources) == names
    assert len(names) == whole_copies(good, 60)


def test_yaml_says_the_same_as_json() -> None:
    as_json = parse_template(grown_json(design(), 60), source="grown")
    as_yaml = parse_template(grown_yaml(design(), 60), source="grown")

    assert as_yaml.resources == as_json.resources


def test_grown_template_is_clean() -> None:
    assert check_text(grown_json(design(), 60)) == ()
    assert check_text(grown_yaml(design(), 60)) == ()


def test_faulty_template_has_the_seeded_findings_in_every_copy() -> None:
    findings = check_text(grown_json(faulty(design()), 54))

    found = tuple((finding.rule, finding.logical_id) for finding in findings)
    assert found == tuple((rule, f"{name}{copy}") for copy in range(2) for rule, name in FOUND_IN_ONE_COPY)


def test_chain_is_clean_and_as_long_as_the_template() -> None:
    template = parse_template(chained(50), source="chain")

    assert check_text(chained(50)) == ()
    assert list(template.resources) == [f"Link{number}" for number in range(50)]
