"""Which tests stay together where several processes share them (`make test`), and who begins with what."""

from pathlib import PurePosixPath

import pytest
from xdist.plugin import pytest_xdist_auto_num_workers
from xdist.scheduler import LoadScopeScheduling

DEPLOYED = "deployed"
"""The unit of every test that uses the one deployed sandbox: it is deployed once."""

ON_ITS_OWN = {"test_demo", "test_demo_organization", "test_investigation", "test_synth", "test_teardown"}
"""Files of tests/e2e that have an embedded AWS of their own, or need none."""

SPREAD = {"test_configuration_keys"}
"""Files without a fixture of their own that would be made twice, and long enough to be shared out: last, one test at a
time, so that all processes end together."""

LONGEST = (
    DEPLOYED,
    "tests/unit/notifier/test_every_shape.py",
    "tests/unit/stacks/test_every_region.py",
    "tests/e2e/test_teardown.py",
    "tests/unit/test_app.py",
    "tests/e2e/test_demo_organization.py",
    "tests/e2e/test_synth.py",
    "tests/e2e/test_investigation.py",
    "tests/e2e/test_demo.py",
    "tests/unit/stacks/test_cfn_lint.py",
    "tests/unit/notifier/test_flood.py",
)
"""Units that take ten seconds or more, longest first: one that began last would be waited for."""


def unit(nodeid: str) -> str:
    """What a test is handed out with: its file, the whole deployment, or nothing else."""
    file = PurePosixPath(nodeid.partition("::")[0])
    if file.parts[:2] == ("tests", "e2e") and file.stem not in ON_ITS_OWN:
        return DEPLOYED
    return nodeid if file.stem in SPREAD else str(file)


def turn(nodeid: str) -> int:
    """When a test's unit has its turn; units of the same turn, as they were collected."""
    found = unit(nodeid)
    if found == nodeid:
        return len(LONGEST) + 1
    return LONGEST.index(found) if found in LONGEST else len(LONGEST)


class Sharing(LoadScopeScheduling):  # type: ignore[misc]  # untyped
    """Hands out unit after unit, in the order of collection.

    Not by `--dist loadgroup`: with pytest 9.2 the groups of pytest-xdist 3.8.0 have no effect, for it writes them into
    a member of the test that is no longer read.
    """

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)


def share(config: pytest.Config, log: object) -> Sharing:
    """The scheduler of a run; units keep their order, where pytest-xdist would begin with those of the most tests."""
    config.option.loadscopereorder = False
    return Sharing(config, log)


def processes(config: pytest.Config) -> int:
    """One more than there are cores: the one with the deployment waits for it half of its time."""
    cores: int = pytest_xdist_auto_num_workers(config)
    return cores + 1
