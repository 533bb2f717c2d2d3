"""A file of cases: findings, and what is expected to become of each in which deployment."""

from collections.abc import Iterator
from datetime import date
from ipaddress import ip_address
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, JsonValue, model_validator

from infra.config.errors import Path
from infra.config.fields.aws_text import Name, RegionName
from infra.config.fields.distinct import Distinct
from infra.config.model import FrozenMapping, Model
from infra.config.refusals import refusals, wrong

_OUTCOMES = ("suppressed_by", "sent", "trusted_by", "unwatched", "untold")


def _address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError as error:
        raise wrong("must be an address such as 192.0.2.7 or 2001:db8::7") from error


Destinations = Annotated[tuple[Name, ...], Field(min_length=1), Distinct()]


def _of_a_mapping(schema: dict[str, Any]) -> None:
    """What pydantic says of texts, said of a mapping: editors know no `minLength` there."""
    schema["minProperties"] = schema.pop("minLength")


class Expected(Model):
    """What becomes of a finding: exactly one of suppressed_by, sent, trusted_by, unwatched, untold."""

    suppressed_by: Name | None = None
    """An egress entry whose filters archive it; others may do so as well, but not in its place."""

    sent: FrozenMapping[Name, Destinations] | None = None
    """Every route that carries it (`catch-all` is one), with all destinations that are told by it; one more fails."""

    trusted_by: str | None = None
    """The name of the trusted list that keeps GuardDuty from making it."""

    unwatched: bool = False
    """Nothing of the deployment looks at its Region."""

    untold: bool = False
    """It is found, and nobody is told."""

    observed_by: Annotated[tuple[Name, ...], Distinct()] = ()
    """Egress entries that count it without hiding it, all of them."""

    near_misses: tuple[str, ...] = ()
    """Parts of sentences that have to be among its near misses, such as `one address outside tokyo-dc`."""

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        refusals(self._outcomes())
        return self

    def _outcomes(self) -> Iterator[tuple[Path, str]]:
        given = [name for name in _OUTCOMES if getattr(self, name) not in (None, False)]
        if self.sent is not None and not self.sent:
            yield ("sent",), "must name at least one route; what nobody is told of is untold: true"
        if len(given) != 1:
            yield (), f"must name exactly one of {', '.join(_OUTCOMES)}, got {', '.join(given) or 'none'}"


class Case(Model):
    """One finding, and what is expected of it."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    """What the case is about, in a few words; tables and errors name it so."""

    finding: str
    """A file with one finding or one event, from the root of the project."""

    overrides: Annotated[FrozenMapping[str, JsonValue], Field(default_factory=FrozenMapping)]
    """What differs from that file: paths in the finding, such as `severity` or `resource.lambdaDetails.functionName`,
    with their values. Refused are a path that findings do not have, a number where they have a text (an account is 12
    digits in quotes), and the Region, which has a key of its own."""

    caller: Annotated[str, AfterValidator(_address)] | None = None
    """The address that the call came from, in place of every one of the file: short for overrides of long paths."""

    region: RegionName | None = None
    """Where it is found; left out, where the file says."""

    expect: Annotated[FrozenMapping[str, Expected], Field(min_length=1, json_schema_extra=_of_a_mapping)]
    """By deployment (`NAME` of `config/NAME.yaml`), what becomes of it there."""


class CaseFile(Model):
    """Cases that belong together."""

    today: date | None = None
    """The day as of which they hold; left out, the day of the check, so that a case fails when its entry has ended."""

    cases: Annotated[tuple[Case, ...], Field(min_length=1), Distinct("name")]
    """The cases."""
