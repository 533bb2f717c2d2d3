"""What was found in a live account: a committed file beside the configuration, because synth asks no service."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import ValidationError

from infra.config.errors import ConfigurationError, Problem
from infra.config.fields.aws_text import AccountId, RegionName
from infra.config.fields.shape import Shape
from infra.config.model import FrozenMapping, Model
from infra.config.reading.file_text import printable
from infra.config.reading.translate import problems_of
from infra.config.reading.yaml_source import YamlSource, read_yaml

FOLDER = "found"
"""The folder of these files, beside the configuration."""

DetectorId = Annotated[
    str, Shape(r"[0-9a-f]{32}", "must be the id of a GuardDuty detector, 32 characters of 0-9 and a-f")
]
"""Id of a detector (GuardDuty API reference, ListDetectors; the ids seen are 32 hexadecimal digits)."""

GraphArn = Annotated[
    str,
    Shape(
        r"arn:aws[a-z-]{0,10}:detective:[a-z0-9-]+:[0-9]{12}:graph:[0-9a-f]{32}",
        "must be the ARN of a Detective graph, arn:aws:detective:eu-west-1:123456789012:graph: and 32 characters of"
        " 0-9 and a-f",
    ),
]
"""ARN of a behavior graph (botocore detective 1.44.5, GraphArn)."""


class FoundRegion(Model):
    """What was found in one Region."""

    detector_id: DetectorId | None = None
    """Id of the GuardDuty detector; null if there was none."""

    graph_arn: GraphArn | None = None
    """ARN of the Detective graph; null if there was none."""


class FoundAccount(Model):
    """What was found in the Regions of a deployment."""

    account: AccountId
    """Account that was looked at."""

    taken: Annotated[str, Shape(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "must be a date such as 2026-11-23, in quotes")]
    """Day on which this was found."""

    regions: FrozenMapping[RegionName, FoundRegion]
    """What was found, by Region."""


def found_file(configuration: Path) -> Path:
    """Return the place of the file that belongs to a configuration: `config/found/prod.json` for `config/prod.yaml`."""
    return configuration.parent / FOLDER / f"{configuration.stem}.json"


def how_to_write(configuration: Path) -> str:
    """Say how the file comes to be."""
    return f"run python -m tools doctor {printable(Path(configuration.stem))} --write, and commit what it writes"


def read_found(configuration: Path) -> FoundAccount:
    """Read the file that belongs to a configuration.

    Raises:
        ConfigurationError: It is missing, or holds something else.
    """
    path = found_file(configuration)
    advice = how_to_write(configuration)
    if not path.exists():
        text = (
            f"no such file; with ownership: existing the ids of detectors and graphs come from there, as a build asks"
            f" no service: {advice}"
        )
        raise ConfigurationError([Problem(file=printable(path), text=text)])
    source = read_yaml(path)
    try:
        found = FoundAccount.model_validate(source.data)
    except ValidationError as error:
        told = [
            Problem(file=one.file, line=one.line, path=one.path, text=f"{one.text}; {advice}")
            for one in problems_of(error, model=FoundAccount, source=source)
        ]
        raise ConfigurationError([*source.problems, *told]) from error
    if problems := [*source.problems, *_of_another_place(found, source, advice)]:
        raise ConfigurationError(problems)
    return found


def _of_another_place(found: FoundAccount, source: YamlSource, advice: str) -> Iterator[Problem]:
    """Find graphs of another Region or account: a file that was copied and edited."""
    for region, one in found.regions.items():
        if one.graph_arn and one.graph_arn.split(":")[3:5] != [region, found.account]:
            path = ("regions", region, "graph_arn")
            text = f"must be a graph of account {found.account} in {region}, got '{one.graph_arn}'; {advice}"
            yield Problem(file=source.file, line=source.position(path).line, path=path, text=text)
