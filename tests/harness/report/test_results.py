"""A result read back from a test's properties, and the summary that ends a run."""

from __future__ import annotations

from qa.report import CheckResult, RegionResult, RunFacts, Verdict, render_summary, result_of

FACTS = RunFacts(
    run_id="qa-0a1b2c3d",
    target="embedded",
    endpoint="http://127.0.0.1:4566",
    account="123456789012",
    regions=("us-east-1", "us-west-2"),
    stacks=("TapStack-dev",),
)


def test_a_check_of_both_regions_has_a_verdict_for_each() -> None:
    result = result_of(
        nodeid="tests/integration/test_kms.py::test_each_alias_names_its_own_key",
        seconds=0.5,
        passed=False,
        unknown=False,
        properties=[
            ("qa.check", "K1"),
            ("qa.regions", "us-east-1,us-west-2"),
            ("qa.verdict.us-east-1", "green"),
            ("qa.seconds.us-east-1", "0.250"),
            ("qa.verdict.us-west-2", "red"),
            ("qa.seconds.us-west-2", "0.400"),
        ],
    )

    assert result == CheckResult(
        check="K1",
        title="each alias names its own key",
        seconds=0.5,
        regions=(
            RegionResult(region="us-east-1", verdict=Verdict.GREEN, seconds=0.25),
            RegionResult(region="us-west-2", verdict=Verdict.RED, seconds=0.4),
        ),
        nodeid="tests/integration/test_kms.py::test_each_alias_names_its_own_key",
    )


def test_a_check_that_did_not_do_its_work_is_not_green_anywhere() -> None:
    result = result_of(
        nodeid="x::test_message_reaches_a_listener",
        seconds=1.0,
        passed=True,
        unknown=False,
        properties=[
            ("qa.check", "A4"),
            ("qa.regions", "us-east-1"),
            ("qa.verdict.us-east-1", "green"),
            ("qa.not_exercised", "a person would be paged"),
        ],
    )

    assert result is not None
    assert result.regions == (RegionResult(region="us-east-1", verdict=Verdict.NOT_EXERCISED, seconds=1.0),)


def test_every_measurement_of_a_name_is_kept() -> None:
    result = result_of(
        nodeid="x::test_y",
        seconds=1.0,
        passed=True,
        unknown=False,
        properties=[
            ("qa.check", "R1"),
            ("qa.measure.replication_lag", "0.5"),
            ("qa.measure.replication_lag", "0.7"),
            ("qa.measure.rpo", "0.6"),
            ("qa.bound.rpo", "5.0"),
        ],
    )

    assert result is not None
    assert result.measures == {"replication_lag": (0.5, 0.7), "rpo": (0.6,)}
    assert result.bounds == {"rpo": 5.0}


def test_a_test_without_a_check_id_is_no_result() -> None:
    assert result_of(nodeid="x", seconds=0.1, passed=True, unknown=False, properties=[]) is None


def test_the_summary_fits_eighty_columns_and_tells_verdicts_lags_and_target() -> None:
    results = [
        CheckResult(
            check="T2",
            title="a record written in East appears equal in West within the deadline and with its lag",
            seconds=0.8,
            regions=(RegionResult(region="us-west-2", verdict=Verdict.GREEN, seconds=0.8),),
            measures={"replication_lag": (0.5, 0.9, 0.7), "rpo": (0.61,)},
        ),
        CheckResult(
            check="A4",
            title="an alarm reaches a listener",
            seconds=0.2,
            regions=(RegionResult(region="us-east-1", verdict=Verdict.NOT_EXERCISED, seconds=0.2),),
            reason="a person is subscribed to the topic",
        ),
    ]

    assert render_summary(results, FACTS).splitlines() == [
        "                                                        us-east-1      us-west-2",
        "A4   an alarm reaches a listener                   not run 0.20 s              -",
        "T2   a record written in East appears equal in W…               -      ok 0.80 s",
        "",
        "NOT-EXERCISED A4: a person is subscribed to the topic",
        "replication lag: n=3, median 0.70 s, max 0.90 s",
        "rpo: 0.61 s",
        "target: embedded at http://127.0.0.1:4566, account 123456789012",
        "stacks: TapStack-dev in us-east-1, us-west-2; run qa-0a1b2c3d",
    ]
