"""Each test of the configuration gets a file of its own."""

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from tests.unit.config.examples import ConfigFile


@pytest.fixture
def config_file(tmp_path: Path) -> Iterator[ConfigFile]:
    """Give each test a file of its own, in the current folder, so that messages begin with its bare name."""
    with chdir(tmp_path):
        yield ConfigFile()
