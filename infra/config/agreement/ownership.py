"""What must agree about who switches GuardDuty and Detective on."""

from collections.abc import Mapping

from infra.config.detective import Detective
from infra.config.errors import Found, Path
from infra.config.guardduty import GuardDuty
from infra.config.organization import Organization
from infra.config.region_override import RegionOverride
from infra.config.regions import region_facts
from infra.config.wording import words

Overrides = Mapping[str, RegionOverride]

STATED = ("finding_publishing_frequency", "features", "runtime_monitoring_agents")
"""Keys of `guardduty` that the stack states of a detector of its own, and of no other."""


def created(*, guardduty: GuardDuty, regions: tuple[str, ...], region_overrides: Overrides) -> tuple[str, ...]:
    """Return the Regions in which the Detection stack makes the detector."""

    def owner(region: str) -> str:
        override = region_overrides.get(region)
        return (override and override.guardduty_ownership) or guardduty.ownership

    return tuple(region for region in regions if owner(region) == "create")


def what_exists_is_of_one_account(
    *, guardduty: GuardDuty, detective: Detective, region_overrides: Overrides, account: str | None
) -> Found:
    """An id is of one account; without `account` the template would go to whoever deploys."""
    if account is not None:
        return
    places: list[Path] = []
    places += [("guardduty", "ownership")] if guardduty.ownership == "existing" else []
    places += [("detective", "ownership")] if detective.ownership == "existing" else []
    for region, override in region_overrides.items():
        for key in ("guardduty_ownership", "detective_ownership"):
            places += [("region_overrides", region, key)] if getattr(override, key) == "existing" else []
    for place in places[:1]:
        yield (
            place,
            "existing needs account, as detectors and graphs are those of one account, got none; write it at the top,"
            " 12 digits in quotes",
        )


def nothing_is_stated_of_another_owners_detector(
    *, guardduty: GuardDuty, regions: tuple[str, ...], region_overrides: Overrides
) -> Found:
    """The stack could not keep its word: somebody else states features and frequency."""
    if created(guardduty=guardduty, regions=regions, region_overrides=region_overrides):
        return
    for key in STATED:
        if key in guardduty.model_fields_set:
            yield (
                ("guardduty", key),
                "must be left out where every detector is existing: whoever switches GuardDuty on decides it, and it"
                " would have no effect here; leave it out, or write ownership: create",
            )


def plans_of_members_are_said(
    *,
    organization: Organization | None,
    guardduty: GuardDuty,
    regions: tuple[str, ...],
    region_overrides: Overrides,
) -> Found:
    """Left out they are those of `guardduty.features`, which nobody has written here."""
    if organization is None or organization.enroll == "none" or organization.member_features is not None:
        return
    if not created(guardduty=guardduty, regions=regions, region_overrides=region_overrides):
        yield (
            ("organization",),
            "needs member_features where every detector is existing, got none: there is no guardduty.features to take"
            " them from; write [] to leave the plans of members to whoever switches GuardDuty on, and enroll: none to"
            " leave enrolment to them too",
        )


def an_owner_of_graphs_has_graphs(*, detective: Detective, region_overrides: Overrides) -> Found:
    """Somebody's graph that shall not be used, or cannot be there, is a choice without effect."""
    if not detective.enabled and "ownership" in detective.model_fields_set:
        yield (
            ("detective", "ownership"),
            f"must be left out with enabled: false, got {detective.ownership!r}; no graph is made or used",
        )
    for region, override in region_overrides.items():
        if override.detective_ownership is None or override.detective:
            continue
        offered = region_facts(region).detective and override.detective is not False
        if not (offered and detective.enabled):
            why = "Detective is not offered there" if detective.enabled else "detective.enabled is false"
            yield (
                ("region_overrides", region, "detective_ownership"),
                f"must be left out, got {override.detective_ownership!r}; {why}",
            )


def one_owner_is_said_once(*, guardduty: GuardDuty, detective: Detective, region_overrides: Overrides) -> Found:
    """An override that overrides nothing looks as if it did."""
    for region, override in region_overrides.items():
        for key, whole, own in (
            ("guardduty_ownership", guardduty.ownership, override.guardduty_ownership),
            ("detective_ownership", detective.ownership, override.detective_ownership),
        ):
            if own == whole:
                yield (
                    ("region_overrides", region, key),
                    f"must differ from {key.replace('_', '.')}, which is {words([whole])} too; leave it out",
                )


RULES = (
    what_exists_is_of_one_account,
    nothing_is_stated_of_another_owners_detector,
    plans_of_members_are_said,
    an_owner_of_graphs_has_graphs,
    one_owner_is_said_once,
)
