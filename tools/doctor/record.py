"""The file of what was found: one look at every Region, written whole or not at all."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import FoundAccount, FoundRegion
from tools.doctor.live_region import LiveRegion
from tools.doctor.run import WORKERS, Examination
from tools.live.refusal import said


class NotFoundOutError(Exception):
    """A Region could not be looked at, so that nothing is written."""


def look_around(examination: Examination, *, today: date) -> FoundAccount:
    """Look for the detector and the graph of every Region.

    Raises:
        NotFoundOutError: Some Region could not be looked at.
    """
    deployment = examination.deployment
    problems: list[str] = []

    def look(region: str) -> FoundRegion | None:
        place = examination.place(region)
        try:
            return _found(place)
        except (ClientError, BotoCoreError) as error:
            problems.append(f"{region}: {said(error)}")
            return None

    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        found = dict(zip(deployment.regions, pool.map(look, deployment.regions), strict=True))
    if problems:
        raise NotFoundOutError(
            f"nothing is written, as not every Region could be looked at: {'; '.join(sorted(problems))}"
        )
    return FoundAccount.model_validate(
        {
            "account": examination.account,
            "taken": today.isoformat(),
            "regions": {region: one.model_dump() for region, one in found.items() if one and one != FoundRegion()},
        }
    )


def _found(place: LiveRegion) -> FoundRegion:
    offered = place.deployment.region(place.region).detective
    return FoundRegion(
        detector_id=place.detectors[0] if place.detectors else None,
        graph_arn=place.graphs[0] if offered and place.graphs else None,
    )


def found_text(found: FoundAccount) -> str:
    """The file's content: sorted by Region, so that the same account gives the same text."""
    regions = {
        region: {key: value for key, value in found.regions[region].model_dump().items() if value is not None}
        for region in sorted(found.regions)
    }
    return json.dumps({"account": found.account, "taken": found.taken, "regions": regions}, indent=2) + "\n"


def write_found(path: Path, found: FoundAccount, *, before: FoundAccount | None) -> bool:
    """Write the file, in one move; leave it alone where only the day would change.

    Returns:
        Whether it was written.

    Raises:
        OSError: It cannot be written; an older file is as it was.
    """
    if before is not None and (before.account, before.regions) == (found.account, found.regions):
        return False
    path.parent.mkdir(exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(found_text(found))
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return True
