"""Which Regions a deployment is for: named one by one, all of them, or all but some."""

from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from infra.config.fields.aws_text import RegionName
from infra.config.fields.distinct import Distinct
from infra.config.model import Model
from infra.config.refusals import refusals, wrong
from infra.config.regions import GUARDDUTY_REGIONS, region_facts
from infra.config.wording import near, shown

FORMS = "must be all, a list such as [eu-west-1, us-east-1], or a mapping such as {all_except: [me-south-1]}"


class AllExcept(Model):
    """Every Region with GuardDuty but these."""

    all_except: Annotated[tuple[RegionName, ...], Field(min_length=1), Distinct()]
    """Regions left out."""


def _instead_of(strange: list[str]) -> str:
    if not strange:
        return ""
    return near(strange[0], ["all_except"]) or f"there is no key {shown(strange[0])}, only all_except"


class RegionChoice:
    """`all` and `all_except` stand for the GuardDuty Regions of the home Region's partition, in the table's order.

    Written out while the file is read, so that nothing after it knows that there is another form than the list. The
    home Region is taken from what pydantic has validated before, or from `home_region` of the validation context.
    """

    def expand(self, value: object, info: ValidationInfo) -> object:
        """Return the list that was meant; anything else is left to the type."""
        if isinstance(value, dict):
            if set(value) != {"all_except"}:
                strange = sorted(str(key) for key in set(value) - {"all_except"})
                raise wrong(FORMS, advice=_instead_of(strange))
            return self._all(info, but=AllExcept.model_validate(value).all_except)
        if isinstance(value, str):
            if value != "all":
                listed = f"write [{value}]" if value in GUARDDUTY_REGIONS else near(value.lower(), ["all"])
                raise wrong(FORMS, advice=listed)
            return self._all(info, but=())
        return value

    def _all(self, info: ValidationInfo, *, but: tuple[str, ...]) -> tuple[str, ...]:
        home = (info.data or {}).get("home_region") or (info.context or {}).get("home_region")
        # A home Region that is wrong is refused by itself; any partition will do to go on.
        partition = region_facts(home).partition if home in GUARDDUTY_REGIONS else "aws"
        every = tuple(name for name in GUARDDUTY_REGIONS if region_facts(name).partition == partition)
        refusals(
            (
                ("all_except", position),
                f"must be a Region of partition {partition}, got {name!r}; it is not among all, so leave it out here",
            )
            for position, name in enumerate(but)
            if name not in every
        )
        refusals(
            (("all_except", position), f"must not be the home Region, got {name!r}; findings come together there")
            for position, name in enumerate(but)
            if name == home
        )
        return tuple(name for name in every if name not in but)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 (pydantic's own signature)
        """Write the list out before its items are looked at."""
        return core_schema.with_info_before_validator_function(self.expand, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Give editors the three forms."""
        listed = handler(schema)
        return {
            "anyOf": [
                listed,
                {"const": "all"},
                {
                    "type": "object",
                    "properties": {"all_except": {**listed, "description": "Regions left out."}},
                    "required": ["all_except"],
                    "additionalProperties": False,
                },
            ]
        }
