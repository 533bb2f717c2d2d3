"""Every check of one step, the account first and then Region by Region; what cannot be looked at is unknown."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import Deployment, FoundAccount
from tools.doctor import detection, detectors, environment, hub, organization, trails
from tools.doctor.check import Check
from tools.doctor.live_region import LiveRegion
from tools.live.clients import ClientOf, WrongAccountError
from tools.live.refusal import said
from tools.live.verdict import State

Step = Literal["security", "management"]
Area = Callable[[LiveRegion], Iterator[Check]]

WORKERS = 8
"""Regions looked at together: enough for 34 of them to take seconds, and few calls to the services at a time."""

SECURITY: tuple[Area, ...] = (
    environment.bootstrap,
    detection.stack,
    hub.stacks,
    hub.bus,
    detectors.detectors,
    detection.graphs,
    detection.filters,
    detection.trusted_lists,
    environment.secrets,
    trails.trails,
)
"""What is looked at in each Region of the security account, or of the only one."""

ORGANIZATION: tuple[Area, ...] = (
    environment.bootstrap,
    hub.delegation,
    organization.features,
    organization.trusted_access,
    organization.registered,
)
"""What is looked at once in the management account, in the home Region."""

MANAGEMENT: tuple[Area, ...] = (organization.guardduty_administrators, organization.detective_administrators)
"""What is looked at in each Region of the management account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What is examined, and with whose credentials.

    Attributes:
        name: Of the configuration file.
        filters: Names of the filters that the deployment makes in every Region.
        recorded: What the committed file of findings says, if there is one.
        compares: Whether what is live has to be what was recorded.
    """

    name: str
    deployment: Deployment
    account: str
    client_of: ClientOf
    filters: Collection[str] = ()
    recorded: FoundAccount | None = None
    compares: bool = True

    def place(self, region: str) -> LiveRegion:
        """One Region of it."""
        return LiveRegion(
            name=self.name,
            deployment=self.deployment,
            account=self.account,
            region=region,
            client_of=self.client_of,
            filters=self.filters,
            recorded=self.recorded,
            compares=self.compares,
        )


def step_of(deployment: Deployment, *, account: str, asked: Step | None) -> Step:
    """Tell which step the credentials are for.

    Raises:
        WrongAccountError: None, or another than was asked for.
    """
    accounts: dict[Step, str | None] = {"security": deployment.account}
    if deployment.organization is not None:
        accounts["management"] = deployment.organization.management_account
    if asked is not None and asked not in accounts:
        raise WrongAccountError(f"--step {asked}: the configuration has no organization; leave --step out")
    fitting = [step for step, expected in accounts.items() if expected in {None, account}]
    if asked in fitting or (asked is None and fitting):
        return asked or fitting[0]
    wanted = " or ".join(f"{expected} ({step})" for step, expected in accounts.items() if asked in {None, step})
    raise WrongAccountError(
        f"the credentials are of account {account}, must be of {wanted}; set AWS_PROFILE, or give --profile"
    )


def examine(examination: Examination, *, step: Step, regions: Collection[str] = ()) -> Iterator[Check]:
    """Look at everything that a step needs; the checks of a Region come together.

    Args:
        examination: What is examined.
        step: Whose part of the deployment.
        regions: Only these; empty for all.
    """
    deployment = examination.deployment
    home = examination.place(deployment.home_region)
    chosen = [region for region in deployment.regions if not regions or region in regions]
    enabled = list(_looked(home, environment.regions))
    yield from (check for check in enabled if check.area != "region" or check.subject in chosen)
    # A Region that is not enabled would only repeat that, call by call.
    off = {check.subject for check in enabled if check.state is State.WRONG}
    if step == "management":
        for area in ORGANIZATION:
            yield from _looked(home, area)
    yield from _each(examination, [region for region in chosen if region not in off], step)


def _each(examination: Examination, regions: Sequence[str], step: Step) -> Iterator[Check]:
    areas = SECURITY if step == "security" else MANAGEMENT

    def look(region: str) -> list[Check]:
        place = examination.place(region)
        return [check for area in areas for check in _looked(place, area)]

    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        for checks in pool.map(look, regions):
            yield from checks


def _looked(place: LiveRegion, area: Area) -> Iterator[Check]:
    try:
        yield from area(place)
    except (ClientError, BotoCoreError) as error:
        name = area.__name__.replace("_", " ")
        yield place.unknown(name, "-", f"could not be looked at: {said(error)}")
