"""From a file to a deployment: every mistake at once, each with its place."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from infra.config.agreement import disagreements
from infra.config.deployment import Deployment, sound_fields
from infra.config.errors import ConfigurationError, Problem, shown
from infra.config.file_text import printable
from infra.config.model import near, sentence, words
from infra.config.notices import has_ended, notices
from infra.config.translate import problems_of
from infra.config.yaml_source import YamlSource, read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedDeployment:
    """A deployment as of a day.

    Attributes:
        deployment: The deployment; egress entries that have ended are left out, so that their findings are sent again.
        warnings: What a person should know before deploying, each complete with its file and line.
    """

    deployment: Deployment
    warnings: tuple[str, ...]


def load(path: Path, *, today: date) -> LoadedDeployment:
    """Read a configuration file.

    Args:
        path: The file.
        today: Decides which egress entries have ended; passed in, so that a synth can be repeated.

    Raises:
        ConfigurationError: With every mistake of the file.
    """
    source = read_yaml(path)
    try:
        deployment = Deployment.model_validate(source.data, context={"today": today})
    except ValidationError as error:
        raise ConfigurationError([*source.problems, *_problems(error, source)]) from error
    if source.problems:
        raise ConfigurationError(source.problems)
    warnings = (
        Problem(file=source.file, line=source.place(place).line, path=place, text=text)
        for place, text in notices(deployment, today=today)
    )
    current = tuple(entry for entry in deployment.egress if not has_ended(entry, today))
    return LoadedDeployment(
        deployment=deployment.model_copy(update={"egress": current}),
        warnings=tuple(map(str, sorted(warnings, key=lambda warning: warning.line))),
    )


def _problems(error: ValidationError, source: YamlSource) -> list[Problem]:
    """Translate the errors, and add what the sound fields disagree on: pydantic stops before it compares them."""
    found = list(problems_of(error, model=Deployment, source=source))
    for place, text in disagreements(sound_fields(source.data, error)):
        found.append(Problem(file=source.file, line=source.place(place).line, path=place, text=text))
    return list(dict.fromkeys(found))


def config_file(name: str, *, folder: Path) -> Path:
    """Find the file of a deployment by its name.

    Raises:
        ConfigurationError: There is none; the message lists those there are.
    """
    known = sorted(file.stem for file in folder.glob("*.yaml") if file.is_file())
    if name in known:
        return folder / f"{name}.yaml"
    text = sentence(f"no configuration {shown(name)}", near(name, known), f"known: {words(known)}")
    raise ConfigurationError([Problem(file=printable(folder), text=text)])
