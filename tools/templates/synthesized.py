"""The templates of a deployment of `config/`, made as `app.py` makes them, into a folder that is gone afterwards."""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from datetime import date
from pathlib import Path

from app import build
from infra.app import App, RulesBrokenError
from infra.config import LoadedDeployment, config_file, load, region_facts
from infra.project import PROJECT
from tools.templates.assembly import Assembly, read_assembly


class SynthFailedError(Exception):
    """A deployment gives no templates; with what the app said."""


@contextmanager
def synthesized(name: str, *, today: date, opt_in: bool = True) -> Iterator[tuple[LoadedDeployment, Assembly]]:
    """The configuration `config/NAME.yaml` as of a day, and its templates for as long as the body runs.

    The rule packs are left out: they judge templates and change nothing in them.

    Args:
        name: The deployment.
        today: The day.
        opt_in: With the Regions that have to be enabled first.

    Raises:
        ConfigurationError: There is none of that name, or it is wrong.
        SynthFailedError: The app refuses it.
    """
    loaded = load(config_file(name, folder=Path(os.path.relpath(PROJECT / "config"))), today=today)
    deployment = loaded.deployment
    if not opt_in:
        chosen = tuple(region for region in deployment.regions if not region_facts(region).opt_in)
        deployment = deployment.model_copy(update={"regions": chosen})
    with tempfile.TemporaryDirectory() as folder:
        said = io.StringIO()
        try:
            with redirect_stderr(said):
                app = App(outdir=folder, checked=False)
                build(app, deployment)
                app.write()
        except (RulesBrokenError, ValueError) as error:
            raise SynthFailedError(f"{name}: cannot be synthesized: {error}; python app.py says more") from error
        yield loaded, read_assembly(Path(folder))
