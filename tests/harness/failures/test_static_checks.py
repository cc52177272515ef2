"""Which of the 75 static checks see each failure: called in-process, the whole set compared."""

from __future__ import annotations

import pytest

from qa.errors import QaError
from tests.unit.checks import CHECKS
from tests.unit.subject import Subject, stack_under_test

from .conftest import TEMPLATES

RED = {
    "1-circular-dependency.json": {
        "test_lambda_may_use_the_keys",
        "test_no_resource_needs_itself",
        "test_key_policies_refer_to_no_resource_of_the_stack",
    },
    "2-plain-table-with-replicas.json": {
        "test_every_resource_type_is_one_of_the_design",
        "test_every_reference_has_a_target_and_the_attribute_exists",
        "test_the_table_is_a_global_table_and_no_plain_table_has_replicas",
        "test_the_environment_names_the_regions_own_resources",
        "test_the_processors_role_holds_exactly_the_rights_it_needs",
        "test_table_alarms_watch_metrics_that_dynamodb_publishes",
    },
    "3-reserved-concurrency.json": {"test_no_function_reserves_concurrency"},
    "4-deprecated-runtime.json": {"test_the_processors_run_on_a_supported_node_22"},
    "5-key-without-dynamodb.json": {"test_dynamodb_may_use_the_keys_and_create_grants"},
    "6-key-named-for-global-table.json": {"test_no_key_is_named_for_the_table_or_a_replica"},
    # Its other failures need a look at West's stack, and this template does not know of a second region.
    "original.json": {
        "test_a_suffix_is_safe_inside_a_bucket_name",
        "test_east_holds_the_table_and_its_13_other_resources",
        "test_every_reference_has_a_target_and_the_attribute_exists",
        "test_every_resource_but_the_table_has_its_twin_in_the_other_region",
        "test_every_resource_type_is_one_of_the_design",
        "test_key_policies_refer_to_no_resource_of_the_stack",
        "test_no_key_is_named_for_the_table_or_a_replica",
        "test_no_region_and_no_account_is_written_out",
        "test_no_resource_needs_itself",
        "test_only_names_of_regions_pass_as_regions",
        "test_the_regions_default_to_virginia_and_oregon",
        "test_the_table_has_replicas_in_exactly_the_two_regions",
        "test_the_table_is_a_global_table_and_no_plain_table_has_replicas",
        "test_the_tables_own_region_is_among_its_replicas",
    },
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_failure_turns_exactly_these_checks_red(name: str) -> None:
    red, _ = _judged(name)

    assert red == RED[name]


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name != "original.json"])
def test_every_check_has_an_answer_for_a_failure(name: str) -> None:
    _, unanswered = _judged(name)

    assert unanswered == set()


def test_what_needs_the_second_region_of_the_original_cannot_be_judged() -> None:
    _, unanswered = _judged("original.json")

    assert unanswered == {
        "lib/TapStack.json:4:3: Parameters: [PrimaryKMSKeyArn] do not exist in the template",
        "lib/TapStack.json:4:3: Parameters: [PrimaryRegion, SecondaryRegion] do not exist in the template",
    }


def _judged(name: str) -> tuple[set[str], set[str]]:
    """Return the names of the red checks, and why others had no answer."""
    subject = Subject(text=TEMPLATES[name].read_text(encoding="utf-8"), source=stack_under_test().source)
    red, unanswered = set(), set()
    for check_name, check in CHECKS.items():
        try:
            check(**subject.arguments(check))
        except AssertionError:
            red.add(check_name)
        except QaError as error:
            unanswered.add(str(error))
    return red, unanswered
