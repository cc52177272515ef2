"""Checks of keys: what one region encrypted is worth something without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from qa.probe import kms
from qa.probe.errors import RefusedError

from .naming import region_of
from .pairs import pairs_of
from .ready import Common, Given, Test, ready
from .verdicts import NotExercisedError, red, refusals_of_the_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .naming import Name, Thing
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

KEYS = frozenset({"AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::KMS::Alias"})
SYMMETRIC = "SYMMETRIC_DEFAULT"
TEXT = b"qa: opens everywhere"
REPLICATE = "Make the key multi-Region and replicate it, or encrypt for each region on its own."
DENIED = "AccessDeniedException"


def decrypts_everywhere(
    key: Name, *, context: Mapping[str, str] | None = None, mesh: bool = False, **common: Unpack[Common]
) -> Test:
    """What any region encrypted opens in every other with that region's own key of the same key ID.

    The key may be named by an alias, too. `context` is the encryption context; default: the run's ID as
    `qa-run`. Whether a key rotates is recorded as `qa.rotates.<region>`. `mesh` looks at all ordered pairs.

    Red: a single-Region key, a disabled or missing replica, an alias that leads elsewhere, a replica's policy
    that lets less open than the primary's.
    Needs: KMS.
    """

    def body(scene: Scene, given: Given) -> None:
        regions = given.regions or scene.estate.regions
        keys = scene.estate.everywhere(key, KEYS, linked=replica_of(scene), regions=regions)
        states = {region: enabled(scene, keys, region) for region in regions}
        bound = context or {"qa-run": scene.run_id}
        pairs = pairs_of(regions, mesh=mesh)

        def check(region: str) -> None:
            rotates = kms.is_rotating(scene.clients.kms(region), states[region].arn)
            scene.record(f"qa.rotates.{region}", "yes" if rotates else "no")
            with refusals_of_the_stack():
                sealed = kms.encrypt(scene.clients.kms(region), keys[region].physical_id, TEXT, context=bound)
                # the control: a runner without kms:Decrypt must not look like a key that ends at the border
                kms.decrypt(scene.clients.kms(region), sealed.ciphertext, context=bound)
            for away in (there for here, there in pairs if here == region):
                _expect_opens(scene, keys[away], states[away], (sealed, bound, states[region]))

        scene.in_each(regions, check)

    return ready(3, "decrypts_everywhere", common, body)


def enabled(scene: Scene, keys: Mapping[str, Thing], region: str) -> kms.KeyState:
    """Return the state of a region's key; red where there is none, or it cannot be used."""
    if region not in keys:
        raise red(
            next(iter(keys.values())),
            found=f"no key of that ID in {region}, and no other that is its partner",
            expected=f"a replica in {region}",
            fix=REPLICATE,
        )
    state = kms.key_state(scene.clients.kms(region), keys[region].physical_id)
    if state is None or state.state != "Enabled":
        raise red(
            keys[region],
            found="no such key" if state is None else f"the key {state.state}",
            expected="the key Enabled",
            fix="Enable it (or cancel its deletion): until then nothing opens there.",
        )
    if state.spec != SYMMETRIC:
        raise NotExercisedError(f"{keys[region]} is of spec {state.spec}; only {SYMMETRIC} keys are checked")
    return state


def _expect_opens(
    scene: Scene, away: Thing, state: kms.KeyState, work: tuple[kms.Sealed, Mapping[str, str], kms.KeyState]
) -> None:
    sealed, context, home = work
    fix = REPLICATE if state.key_id != home.key_id else "Look at where the name leads: it is another key."
    try:
        opened = kms.decrypt(scene.clients.kms(away.region), sealed.ciphertext, context=context)
        found = "another text" if opened.plaintext != TEXT else opened.key_arn
    except RefusedError as refused:
        if refused.code not in {DENIED, "InvalidCiphertextException", "NotFoundException"}:
            raise
        found = f"{refused.code} ({refused.message})"
        if state.key_id == home.key_id:
            fix = "Give the replica's policy what the primary's has."
    if found != state.arn:
        lost = region_of(home.arn)
        raise red(
            away,
            found=f"{found} for what {lost} encrypted",
            expected=f"that {state.arn} opens it",
            fix=f"After the loss of {lost} its data is gone. {fix}",
        )


def replica_of(scene: Scene) -> Callable[[Thing, str], str | None]:
    """Return how KMS links a key with another region: a multi-Region key has the same ID there."""

    def linked(key: Thing, region: str) -> str | None:
        here = kms.key_state(scene.clients.kms(key.region), key.physical_id)
        if here is None or here.multi_region_type is None:
            return None
        there = kms.key_state(scene.clients.kms(region), here.key_id)
        return None if there is None else there.arn

    return linked
