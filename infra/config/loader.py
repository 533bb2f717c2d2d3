"""From a file to a deployment: every mistake at once, each with its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from infra.config.agreement import disagreements
from infra.config.aws_ranges import AwsRanges, owned_by_aws, read_aws_ranges
from infra.config.blank_keys import blank_keys
from infra.config.deployment import Deployment
from infra.config.egress import EgressEntry
from infra.config.errors import ConfigurationError, Found, Problem
from infra.config.found import found_file, how_to_write, read_found
from infra.config.inline_secrets import inline_secrets
from infra.config.namesakes import namesakes
from infra.config.notices import has_ended, notices
from infra.config.reading.file_text import printable
from infra.config.reading.sound_fields import sound_fields
from infra.config.reading.translate import problems_of
from infra.config.reading.yaml_source import YamlSource, read_yaml
from infra.config.trusted_list import TrustedEntry
from infra.config.wording import near, sentence, shown, words

Entry = TypeVar("Entry", EgressEntry, TrustedEntry)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedDeployment:
    """A deployment as of a day.

    Attributes:
        deployment: The deployment; egress and trusted entries that have ended are left out, so that their findings
            are sent again.
        expired: The egress entries left out, so that somebody can ask what is no longer suppressed.
        expired_trust: The trusted entries left out.
        warnings: What a person should know before deploying, each complete with its file and line.
    """

    deployment: Deployment
    expired: tuple[EgressEntry, ...]
    expired_trust: tuple[TrustedEntry, ...]
    warnings: tuple[str, ...]


def load(path: Path, *, today: date, with_found: bool = True) -> LoadedDeployment:
    """Read a configuration file, and what was found in the account where something exists already.

    Args:
        path: The file.
        today: Decides which entries have ended; passed in, so that a synth can be repeated.
        with_found: False for those who look themselves: the file of what was found is not read.

    Raises:
        ConfigurationError: With every mistake of the file, or of the file of what was found.
    """
    source = read_yaml(path)
    found: list[Problem] = []
    aws = None
    try:
        aws = read_aws_ranges(path.parent)
    except ConfigurationError as error:
        found += error.problems
    try:
        deployment = Deployment.model_validate(source.data, context={"today": today})
    except ValidationError as error:
        raise ConfigurationError([*source.problems, *_problems(error, source, aws, today), *found]) from error
    found += _at_their_place(_owned(dict(deployment), aws), source)
    found += _at_their_place(_of_the_text(source), source)
    if problems := [*source.problems, *found]:
        raise ConfigurationError(problems)
    if with_found:
        deployment = _with_found(deployment, path)
    said = chain(notices(deployment, today=today), namesakes(path, deployment))
    warnings = sorted(_at_their_place(said, source), key=lambda warning: warning.line)
    expired, egress = _parted(deployment.egress, today)
    expired_trust, trusted_list = _parted(deployment.trusted_list, today)
    return LoadedDeployment(
        deployment=deployment.model_copy(update={"egress": egress, "trusted_list": trusted_list}),
        expired=expired,
        expired_trust=expired_trust,
        warnings=tuple(map(str, warnings)),
    )


def _problems(error: ValidationError, source: YamlSource, aws: AwsRanges | None, today: date) -> list[Problem]:
    """Translate the errors, and add what the sound fields disagree on: pydantic stops before it compares them."""
    found = list(problems_of(error, model=Deployment, source=source))
    sound = sound_fields(source.data, error)
    found += _at_their_place(disagreements(sound, today=today), source)
    found += _at_their_place(_owned(sound, aws), source)
    # What was refused at its place has been called what it is, or was not shown.
    refused = {problem.path for problem in found}
    found += [one for one in _at_their_place(_of_the_text(source), source) if one.path not in refused]
    return list(dict.fromkeys(found))


def _of_the_text(source: YamlSource) -> Found:
    """What the file itself must not hold, whatever the keys mean."""
    yield from inline_secrets(source.data)
    yield from blank_keys(source.data)


def _with_found(deployment: Deployment, path: Path) -> Deployment:
    """Add what was found, where the deployment uses somebody else's detectors or graphs."""
    detectors = [region for region in deployment.regions if deployment.guardduty_ownership(region) == "existing"]
    graphs = [region for region in deployment.regions if deployment.detective_ownership(region) == "existing"]
    if not detectors and not (graphs and deployment.detective.enabled):
        return deployment
    found = read_found(path)
    file, advice = printable(found_file(path)), how_to_write(path)
    problems = []
    if found.account != deployment.account:
        text = f"must be {deployment.account}, the account of {printable(path)}, got '{found.account}'; {advice}"
        problems.append(Problem(file=file, path=("account",), text=text))
    for region in detectors:
        if (one := found.regions.get(region)) is None or one.detector_id is None:
            text = f"needs the detector of {region}, got none; switch GuardDuty on there, then {advice}"
            problems.append(Problem(file=file, path=("regions",), text=text))
    if problems:
        raise ConfigurationError(problems)
    return deployment.with_found(found)


def _parted(entries: tuple[Entry, ...], today: date) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Part those that have ended from those that count."""
    ended = tuple(entry for entry in entries if has_ended(entry, today))
    return ended, tuple(entry for entry in entries if entry not in ended)


def _owned(fields: Mapping[str, object], aws: AwsRanges | None) -> Found:
    for key in ("egress", "trusted_list"):
        match fields.get(key):
            case tuple(entries) if aws:
                yield from owned_by_aws(key, entries, aws)


def _at_their_place(found: Found, source: YamlSource) -> list[Problem]:
    return [Problem(file=source.file, line=source.position(path).line, path=path, text=text) for path, text in found]


def config_file(name: str, *, folder: Path) -> Path:
    """Find the file of a deployment by its name.

    Raises:
        ConfigurationError: There is none; the message lists those there are.
    """
    known = sorted(file.stem for file in folder.glob("*.yaml") if file.is_file())
    if name in known:
        return folder / f"{name}.yaml"
    meant = Path(name).stem
    likely = near(meant, known)
    if (folder / f"{meant}.yml").is_file():
        likely = f"only files that end in .yaml are read: rename {meant}.yml to {meant}.yaml"
    text = sentence(f"no configuration {shown(name)}", likely, f"known: {words(known)}")
    raise ConfigurationError([Problem(file=printable(folder), text=text)])
