"""What must agree about investigations: where there is something to ask, and who may be asked."""

import json
from collections.abc import Mapping

from infra.config.errors import Found
from infra.config.guardduty import GuardDuty
from infra.config.investigation import Investigation
from infra.config.organization import Organization
from infra.config.region_override import RegionOverride, facts_in
from infra.config.wording import words

ANALYST = "AI_ANALYST"
"""The plan that an investigation by GuardDuty needs (botocore guardduty 1.44.5, CreateInvestigation)."""

TYPES_BUDGET = 1650
"""Characters for finding types in the one event pattern; EventBridge allows 2,048 and the rest needs its share."""


def member_role_has_members(*, investigation: Investigation, organization: Organization | None) -> Found:
    """The role is made by a StackSet of the management account."""
    if investigation.member_role is not None and organization is None:
        yield (
            ("investigation", "member_role"),
            "needs organization, whose management account makes the role in its members, got none; write organization,"
            " or leave member_role out",
        )


def analyst_is_switched_on(
    *,
    investigation: Investigation,
    guardduty: GuardDuty,
    regions: tuple[str, ...],
    region_overrides: Mapping[str, RegionOverride],
) -> Found:
    """GuardDuty refuses to investigate without the plan, and knows it in some Regions only."""
    if not investigation.guardduty_investigation:
        return
    place = ("investigation", "guardduty_investigation")
    # Somebody else's detector has plans that we do not state.
    if ANALYST not in guardduty.features and guardduty.ownership == "create":
        yield (
            place,
            f"needs {ANALYST} in guardduty.features, which are {words(guardduty.features)}; add it there, or write"
            " false here",
        )
    elif not any(ANALYST in facts_in(region, region_overrides).features for region in regions):
        yield (
            place,
            f"{ANALYST} is offered in none of the regions ({words(regions)}), so GuardDuty cannot be asked; write"
            " false, or correct the table in region_overrides",
        )


def types_begin_with_text(*, investigation: Investigation) -> Found:
    """The rule matches by prefix, of which a bus takes any number."""
    for position, name in enumerate(investigation.finding_types):
        if "*" in name[:-1] or name == "*":
            yield (
                ("investigation", "finding_types", position),
                f"must be a finding type, or the beginning of one with * at the end, got {name!r}; name the types one"
                " by one",
            )


def types_fit_a_rule(*, investigation: Investigation) -> Found:
    """One rule starts investigations, and its pattern has a limit."""
    names = [{"prefix": name[:-1]} if name.endswith("*") else name for name in investigation.finding_types]
    size = len(json.dumps(names, separators=(",", ":")))
    if size > TYPES_BUDGET:
        yield (
            ("investigation", "finding_types"),
            f"take {size} characters in the event pattern, at most {TYPES_BUDGET} fit; write the beginning of one"
            " family with * at the end in place of its types",
        )


RULES = (
    member_role_has_members,
    analyst_is_switched_on,
    types_begin_with_text,
    types_fit_a_rule,
)
