"""Checks of alarms: each can ring, and somebody hears it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from qa.checks.knowledge.metrics import dimension_sets
from qa.probe import cloudwatch, dynamodb, lambda_, sns
from qa.wait import WaitTimeoutError, until

from .drills import Drilled
from .listening import alarms_heard, listening, people_without_consent
from .naming import Thing, region_of
from .ready import Common, Given, Test, ready
from .verdicts import NotExercisedError, red

if TYPE_CHECKING:
    from qa.probe.cloudwatch import AlarmState, Transition, Watched
    from qa.stack.drill import Drill

    from .naming import Name
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

ALARMS = frozenset({"AWS::CloudWatch::Alarm"})
TOPICS = frozenset({"AWS::SNS::Topic"})
GROUP = "qa-alarms"
"""Drills of one run wait for one another: they ring on the same topics."""


def alarm_notifies(alarm: Name, topic: Name | None = None, **common: Unpack[Common]) -> Test:
    """An alarm that goes to ALARM is heard on its topic, in its own region, and it comes back by itself.

    The alarm is put into ALARM on purpose, by a drill that every other run can tell from a fault, and a queue
    of the check listens. `topic` is the topic that is meant; default: the alarm's own.

    Red: actions off; no topic, or one of another region; a topic's policy or key that drops the message; an
    alarm that is not evaluated, or already rings.
    Needs: CloudWatch, SNS and SQS. NOT-EXERCISED where a person would be paged who has not agreed.
    """

    def body(scene: Scene, given: Given) -> None:
        scene.will_write(f"put {alarm} into ALARM, which notifies the subscribers of its topic")
        regions = given.regions or scene.estate.regions
        alarms = scene.estate.everywhere(alarm, ALARMS, regions=regions)
        topics = scene.estate.everywhere(topic, TOPICS, regions=regions) if topic is not None else {}

        def check(region: str) -> None:
            thing = alarms[region]
            topic_arn = _topic_of(scene, thing, topics.get(region))
            # the run's own embedded AWS sends no mail: there is nobody to page
            who = None if scene.is_embedded else people_without_consent(scene.clients, region, topic_arn)
            if who is not None:
                raise NotExercisedError(who)
            _expect_heard(scene, given, thing, topic_arn)

        scene.in_each(alarms, check)

    return ready(10, "alarm_notifies", common, body, group=GROUP)


def alarm_of(scene: Scene, thing: Thing) -> AlarmState:
    """Return an alarm as it is; red where there is none of that name."""
    found = cloudwatch.alarms(scene.clients.cloudwatch(thing.region), [thing.name]).get(thing.name)
    if found is None:
        raise red(thing, found="no such alarm", expected="an alarm", fix="Deploy the stack again.")
    return found


def _topic_of(scene: Scene, thing: Thing, named: Thing | None) -> str:
    alarm = alarm_of(scene, thing)
    if not alarm.actions_enabled:
        raise red(
            thing, found="its actions off", expected="ActionsEnabled", fix="Switch its actions on again."
        )
    topics = [each for each in alarm.actions if ":sns:" in each]
    expected = named.physical_id if named is not None else f"a topic of {thing.region}"
    found = [each for each in topics if (each == expected if named else region_of(each) == thing.region)]
    if not found:
        raise red(
            thing,
            found=f"the actions {', '.join(alarm.actions) or 'none'}",
            expected=expected,
            fix="Name a topic of the alarm's own region: nobody would hear it after the loss of the other.",
        )
    return found[0]


def _expect_heard(scene: Scene, given: Given, thing: Thing, topic_arn: str) -> None:
    drilled = drilled_of(scene, thing)
    seconds = given.seconds(scene)
    with listening(scene.clients, thing.region, topic_arn, scene.estate.live.run) as queue_url:
        drill = drilled.begin(within=seconds)
        try:
            message = (thing.name, "ALARM", drill.reason)
            heard = alarms_heard(scene.clients, thing.region, queue_url, until=message, within=seconds)
            if message not in heard:
                raise red(
                    thing,
                    found=f"no message through {topic_arn} within {seconds:g} s, but {heard or 'nothing'}",
                    expected="the message of its ALARM",
                    fix=f"Look at the topic's policy and key ({_key_of(scene, topic_arn)}): CloudWatch must "
                    "be allowed to use both; alias/aws/sns never lets it.",
                )
            _expect_return(drilled, drill, thing, seconds)
        finally:
            drilled.end(drill)


def drilled_of(scene: Scene, thing: Thing) -> Drilled:
    """Return an alarm as this run drills it: AWS allows three looks a second at a history."""
    return Drilled(
        client=scene.clients.cloudwatch(thing.region),
        alarm_name=thing.name,
        run=scene.estate.live.run,
        every=0.2 if scene.estate.live.target.is_local else 2.0,
    )


def _key_of(scene: Scene, topic_arn: str) -> str:
    region = region_of(topic_arn) or ""
    key = sns.attributes(scene.clients.sns(region), topic_arn).get("KmsMasterKeyId")
    return f"it is encrypted with {key}" if key else "it has none"


def _expect_return(drilled: Drilled, drill: Drill, thing: Thing, seconds: float) -> None:
    try:
        until(
            drilled.history,
            lambda seen: any(change.old == "ALARM" for change in since(seen, drill)),
            what=thing.name,
            within=seconds,
            every=drilled.every,
        )
    except WaitTimeoutError as stuck:
        state = drilled.alarm()
        # alarms on AWS/DynamoDB ignore missing data whatever they say: they keep the state of a drill
        if state.missing_data == "ignore" or _watches_dynamodb(state):
            return
        raise red(
            thing,
            found=f"still {state.state} {stuck.elapsed:.0f} s after the drill",
            expected="that it is evaluated and returns by itself",
            fix="Look at its period and its metric: an alarm that is not evaluated never rings by itself.",
        ) from stuck


def _watches_dynamodb(alarm: AlarmState) -> bool:
    return any(each.namespace == "AWS/DynamoDB" for each in alarm.watched.values())


def since(history: tuple[Transition, ...], drill: Drill) -> tuple[Transition, ...]:
    """Return the changes from a drill's own on, newest first; none if it is not there."""
    for index, change in enumerate(history):
        if change.reason == drill.reason:
            return history[: index + 1]
    return ()


def alarms_armed(*, subscriber: bool = True, **common: Unpack[Common]) -> Test:
    """Every alarm of the stacks can ring, is not ringing, and somebody is subscribed to its topic.

    An alarm can ring when its actions are on, its metric is published under its dimensions, and the function
    or table that a dimension names is there. `subscriber=False` leaves out the subscribers.

    Red: actions off; an alarm that rings, or was left in a drill; a metric that nothing feeds, such as
    UserErrors by TableName; a dimension that names a function or table that the region does not have; a topic
    of another region, or without a confirmed subscriber.
    Needs: CloudWatch and SNS.
    """

    def body(scene: Scene, given: Given) -> None:
        def check(region: str) -> None:
            for held in scene.estate.held(region, ALARMS):
                thing = Thing(region=region, physical_id=held.physical_id, logical_id=held.logical_id)
                _expect_armed(scene, thing, subscriber=subscriber)

        scene.in_each(given.regions or scene.estate.regions, check)

    return ready(11, "alarms_armed", common, body, group=GROUP)


def _expect_armed(scene: Scene, thing: Thing, *, subscriber: bool) -> None:
    topic_arn = _topic_of(scene, thing, None)
    try:
        alarm = drilled_of(scene, thing).at_rest()
    except AssertionError as rings:
        raise red(
            thing, found=str(rings), expected="that it does not ring", fix="See to what it tells of."
        ) from rings
    for watched in alarm.watched.values():
        _expect_fed(scene, thing, watched)
    listeners = sns.subscriptions(scene.clients.sns(thing.region), topic_arn) if subscriber else ()
    if subscriber and not any(each.arn.startswith("arn:") for each in listeners):
        raise red(
            thing,
            found=f"{len(listeners)} subscriber(s) of {topic_arn}, none confirmed",
            expected="at least one confirmed",
            fix="Subscribe somebody, or confirm the subscription: nobody hears this alarm.",
        )


def _expect_fed(scene: Scene, thing: Thing, watched: Watched) -> None:
    sets = dimension_sets(watched.namespace, watched.metric)
    by = frozenset(watched.dimensions)
    if sets is not None and by not in sets:
        known = " or ".join(sorted(" + ".join(sorted(each)) or "no dimension" for each in sets))
        raise red(
            thing,
            found=f"{watched.namespace} {watched.metric} by {' + '.join(sorted(by)) or 'no dimension'}",
            expected=f"by {known}",
            fix="AWS publishes no such series: the alarm never rings.",
        )
    exists = {"FunctionName": _has_function, "TableName": _has_table}
    for name, has in exists.items():
        value = watched.dimensions.get(name)
        if value is not None and not has(scene, thing.region, value):
            raise red(
                thing,
                found=f"{name} {value!r}, which {thing.region} does not have",
                expected="a thing of its own region",
                fix="Name the region's own: this metric has no data.",
            )


def _has_function(scene: Scene, region: str, name: str) -> bool:
    return lambda_.function_state(scene.clients.lambda_(region), name) is not None


def _has_table(scene: Scene, region: str, name: str) -> bool:
    return dynamodb.table_state(scene.clients.dynamodb(region), name) is not None
