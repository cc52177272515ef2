"""For each of the 31, one change of the stack or the world that must turn it red.

docs/checks.md lists them; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.integration import (
    test_access,
    test_cloudwatch_alarms,
    test_deployment,
    test_dynamodb_replication,
    test_kms_keys,
    test_lambda_processor,
    test_recovery_drills,
    test_s3_documents,
)

from . import changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from .world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Red:
    """A change, the check that it must turn red, and words that must stand in the failure."""

    check: str
    test: Callable[..., None]
    change: str
    apply: Callable[[World], None]
    words: str


def reds() -> tuple[Red, ...]:
    """Return them in the order of the checks."""
    return (*_DEPLOYMENT, *_LAMBDA, *_TABLE, *_KEYS, *_ALARMS, *_DOCUMENTS, *_RECOVERY, *_ACCESS)


_DEPLOYMENT = (
    Red(
        check="D1",
        test=test_deployment.test_every_promised_output_is_there_and_of_the_right_account_and_region,
        change="an ARN in the outputs is of another account",
        apply=changes.another_account,
        words="PrimarySNSTopicArn",
    ),
    Red(
        check="D2",
        test=test_deployment.test_both_stacks_are_finished_and_the_outputs_file_is_what_they_say_now,
        change="the outputs file is of last week",
        apply=changes.stale_file,
        words="is stale: run `make outputs`",
    ),
    Red(
        check="D3",
        test=test_deployment.test_each_region_holds_exactly_its_own_resources_and_all_are_complete,
        change="West's stack is updated to a template without its throttle alarm",
        apply=changes.lost_resource,
        words="DynamoDBThrottleAlarmSecondary",
    ),
)

_LAMBDA = (
    Red(
        check="L1",
        test=test_lambda_processor.test_the_processor_of_each_region_is_ready_and_wired_to_its_own_region,
        change="West's processor has a timeout of 3 s",
        apply=changes.short_timeout,
        words="timeout",
    ),
    Red(
        check="L2",
        test=test_lambda_processor.test_a_transaction_sent_to_east_is_stored_there_with_its_document,
        change="East's processor may not use the key",
        apply=lambda world: changes.take_right(world, world.east, "kms:Encrypt"),
        words="AccessDenied",
    ),
    Red(
        check="L3",
        test=test_lambda_processor.test_a_transaction_sent_to_west_is_stored_by_west_itself_with_its_document,
        change="West's processor may not write to the table: the standby never worked",
        apply=lambda world: changes.take_right(world, world.west, "dynamodb:PutItem"),
        words="AccessDenied",
    ),
    Red(
        check="L4",
        test=test_lambda_processor.test_a_malformed_transaction_is_refused_by_field_and_leaves_nothing,
        change="the processor does not validate",
        apply=changes.no_validation,
        words="400",
    ),
    Red(
        check="L5",
        test=test_lambda_processor.test_the_protected_value_is_stored_and_logged_only_encrypted,
        change="West's processor logs its event",
        apply=changes.plaintext_log,
        words="in clear in the log of",
    ),
)

_TABLE = (
    Red(
        check="T1",
        test=test_dynamodb_replication.test_the_table_is_one_healthy_global_table_with_a_recoverable_replica_in_each_region,
        change="point-in-time recovery is off in West",
        apply=changes.no_recovery,
        words="point-in-time recovery of the replica in us-west-2",
    ),
    Red(
        check="T2",
        test=test_dynamodb_replication.test_a_record_written_in_east_appears_equal_in_west,
        change="replication from East to West has stopped",
        apply=lambda world: changes.stop_replication(world, world.east, world.west),
        words="was still None",
    ),
    Red(
        check="T3",
        test=test_dynamodb_replication.test_a_record_written_in_west_appears_equal_in_east,
        change="replication from West to East has stopped",
        apply=lambda world: changes.stop_replication(world, world.west, world.east),
        words="was still None",
    ),
    Red(
        check="T4",
        test=test_dynamodb_replication.test_a_change_made_in_west_to_a_record_of_east_reaches_east_whole,
        change="the change is made to another attribute and the record stays stale",
        apply=changes.lost_update,
        words="as written in East",
    ),
    Red(
        check="T5",
        test=test_dynamodb_replication.test_a_deletion_reaches_the_other_region_and_stays,
        change="somebody in West writes the deleted record again",
        apply=changes.resurrection,
        words="deleted record",
    ),
    Red(
        check="T6",
        test=test_dynamodb_replication.test_two_simultaneous_writes_converge_to_one_of_the_two,
        change="the regions are cut off from each other",
        apply=changes.cut_off,
        words="by us-west-2",
    ),
)

_KEYS = (
    Red(
        check="K1",
        test=test_kms_keys.test_each_alias_leads_to_the_regions_own_enabled_and_rotating_multi_region_key,
        change="West's alias leads to another key",
        apply=changes.alias_elsewhere,
        words="the key behind alias/",
    ),
    Red(
        check="K2",
        test=test_kms_keys.test_a_text_encrypted_through_the_alias_opens_again_with_the_regions_own_key,
        change="West's key is disabled",
        apply=changes.disabled_key,
        words="DisabledException",
    ),
    Red(
        check="K3",
        test=test_kms_keys.test_a_ciphertext_opens_only_with_its_whole_encryption_context,
        change="KMS is asked without any context, as if it ignored it",
        apply=changes.context_ignored,
        words="'opened'",
    ),
    Red(
        check="K4",
        test=test_kms_keys.test_a_ciphertext_of_either_region_opens_in_the_other_with_that_regions_own_key,
        change="each region has a single-Region key",
        apply=changes.single_region_keys,
        words="its data is gone. Make the key multi-Region",
    ),
    Red(
        check="K5",
        test=test_kms_keys.test_each_replica_is_encrypted_with_the_aws_managed_key_of_its_own_region,
        change="West's replica is back on the key that AWS owns",
        apply=changes.default_table_key,
        words="ENABLED",
    ),
)

_ALARMS = (
    Red(
        check="A1",
        test=test_cloudwatch_alarms.test_each_alarm_watches_the_right_metric_of_the_regions_own_resource,
        change="the throttle alarm watches UserErrors by TableName, which has no data",
        apply=changes.wrong_metric,
        words="UserErrors",
    ),
    Red(
        check="A2",
        test=test_cloudwatch_alarms.test_no_alarm_is_ringing_or_disarmed,
        change="West's replication latency alarm rings",
        apply=changes.ringing,
        words="is ringing: 240000 ms is greater than the threshold",
    ),
    Red(
        check="A3",
        test=test_cloudwatch_alarms.test_an_alarm_goes_to_alarm_and_comes_back_and_its_history_shows_both,
        change="alarms are not evaluated any more",
        apply=changes.stuck_alarms,
        words="history since the drill",
    ),
    Red(
        check="A4",
        test=test_cloudwatch_alarms.test_the_message_of_an_alarm_reaches_a_listener_of_the_topic,
        change="West's topic is encrypted with alias/aws/sns, which drops alarm messages",
        apply=changes.dropped_messages,
        words="found no message through",
    ),
)

_DOCUMENTS = (
    Red(
        check="S1",
        test=test_s3_documents.test_each_bucket_is_versioned_encrypted_and_replicates_to_the_other_under_its_own_role,
        change="West's bucket has its versions suspended",
        apply=changes.suspended_versions,
        words="Suspended",
    ),
    Red(
        check="S2",
        test=test_s3_documents.test_a_document_put_in_either_region_arrives_unchanged_in_the_other,
        change="East's replication role may not replicate",
        apply=changes.no_right_to_replicate,
        words="found replication FAILED",
    ),
    Red(
        check="S3",
        test=test_s3_documents.test_the_documents_that_the_processors_wrote_arrive_in_the_other_region,
        change="West's rule does not select KMS-encrypted objects",
        apply=changes.encrypted_not_selected,
        words="ended as None",
    ),
    Red(
        check="S4",
        test=test_s3_documents.test_destroying_the_version_in_east_leaves_the_copy_in_west,
        change="one bucket stands behind both names",
        apply=changes.one_bucket,
        words="the copy of",
    ),
)

_RECOVERY = (
    Red(
        check="R1",
        test=test_recovery_drills.test_what_a_loss_of_east_would_cost_stays_within_the_recovery_point_objective,
        change="the table replicates after 7 s",
        apply=changes.long_lag,
        words="seconds of acknowledged records that a loss of East would have cost",
    ),
    Red(
        check="R2",
        test=test_recovery_drills.test_west_alone_reads_old_records_and_processes_new_ones_within_the_recovery_time_objective,
        change="East's processor encrypts with a key of East alone",
        apply=changes.single_region_ciphertext,
        words="Decrypt in us-west-2",
    ),
)

_ACCESS = (
    Red(
        check="X1",
        test=test_access.test_the_documents_are_out_of_public_reach_and_need_tls,
        change="West's bucket has no policy any more",
        apply=changes.no_tls_policy,
        words="no TLS-only statement",
    ),
    Red(
        check="X2",
        test=test_access.test_the_processors_role_can_do_its_work_and_nothing_more,
        change="West's processor may do everything",
        apply=changes.star_policy,
        words="dynamodb:DeleteTable",
    ),
)
