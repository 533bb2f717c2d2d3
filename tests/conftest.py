"""What every test starts from: no AWS environment, no network but loopback, one app synthesized once."""

import os
from pathlib import Path

import hypothesis
import pytest

from tests.deployments import EVERYTHING, GOVCLOUD, SANDBOX
from tests.sharing import DEPLOYED, Sharing, processes, share, turn, unit
from tests.synthesis import Templates, synthesize

E2E = Path(__file__).resolve().parent / "e2e"

# A test says what is right, never how fast: machines are shared, and a slow moment is no fault.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")
# `make mutation` asks the same for each mutant, and need not be told the smallest example that shows it.
hypothesis.settings.register_profile(
    "mutation",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=50,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Sharing:
    """Where several processes share the tests (`make test`), one takes a whole file, and one everything deployed."""
    return share(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes `make test` shares the tests among."""
    return processes(config)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long units first; and nothing that uses the deployment is apart from it, or it would be deployed twice."""
    items.sort(key=lambda item: turn(item.nodeid))
    for item in items:
        # Elsewhere a parameter may have that name.
        if E2E in item.path.parents and DEPLOYED in getattr(item, "fixturenames", ()) and unit(item.nodeid) != DEPLOYED:
            raise pytest.UsageError(f"{item.nodeid} uses what is deployed once; take its file out of ON_ITS_OWN")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the caller's AWS settings or proxies, and none can reach an account by mistake."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "CDK_")) or name.lower().endswith("_proxy") or name in {"CONFIG", "TODAY"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The templates of a deployment like `config/sandbox.yaml`."""
    return synthesize(SANDBOX, outdir=tmp_path_factory.mktemp("sandbox"))


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The templates of a deployment that uses every part of the configuration."""
    return synthesize(EVERYTHING, outdir=tmp_path_factory.mktemp("everything"))


@pytest.fixture(scope="session")
def govcloud(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The templates of a deployment where the trusted list is an IPSet, because the Region knows nothing newer."""
    return synthesize(GOVCLOUD, outdir=tmp_path_factory.mktemp("govcloud"))


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent
