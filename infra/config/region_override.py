"""What is known better of one Region than the table has it, and who owns what there."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from infra.config.fields.distinct import Distinct
from infra.config.fields.ownership import Ownership
from infra.config.fields.plans import Plan
from infra.config.model import Model
from infra.config.regions import RegionFacts, region_facts


class RegionOverride(Model):
    """What is otherwise in one Region: better knowledge than the table that comes with this project, and owners."""

    detective: Annotated[bool, Field(strict=True)] | None = None
    """Whether the Region has Detective; null keeps the table's word."""

    features_not_offered: Annotated[tuple[Plan, ...], Distinct()] | None = None
    """Protection plans that the Region does not offer, all of them: the list replaces the table's. null keeps the
    table's word."""

    trusted_entity_set: Annotated[bool, Field(strict=True)] | None = None
    """Whether the Region has AWS::GuardDuty::TrustedEntitySet; false makes `trusted_list` an IPSet. null keeps the
    table's word. A change replaces the list: for up to 40 minutes its findings come."""

    event_archive: Annotated[bool, Field(strict=True)] | None = None
    """Whether EventBridge keeps archives in the Region, which counts where findings come together; without one nothing
    can be replayed there. null keeps the table's word."""

    guardduty_ownership: Ownership | None = None
    """Who switches GuardDuty on there; null is `guardduty.ownership`."""

    detective_ownership: Ownership | None = None
    """Who switches Detective on there; null is `detective.ownership`."""

    def applied_to(self, facts: RegionFacts) -> RegionFacts:
        """Return the facts with these corrections."""
        return facts.corrected(
            detective=self.detective,
            trusted_entity_set=self.trusted_entity_set,
            event_archive=self.event_archive,
            features_not_offered=self.features_not_offered,
        )


def facts_in(region: str, overrides: Mapping[str, RegionOverride]) -> RegionFacts:
    """What a Region offers: the table, corrected by what the configuration knows better."""
    facts = region_facts(region)
    return overrides[region].applied_to(facts) if region in overrides else facts
