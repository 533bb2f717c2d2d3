"""The sample deployments as the tools read them: folders of templates."""

from pathlib import Path

import pytest

from tests.deployments import EVERYTHING, SANDBOX
from tests.synthesis import synthesize


@pytest.fixture(scope="session")
def sandbox_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly of the sandbox."""
    folder = tmp_path_factory.mktemp("sandbox-folder")
    synthesize(SANDBOX, outdir=folder, checked=False)
    return folder


@pytest.fixture(scope="session")
def everything_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly of the deployment that uses every key."""
    folder = tmp_path_factory.mktemp("everything-folder")
    synthesize(EVERYTHING, outdir=folder, checked=False)
    return folder
