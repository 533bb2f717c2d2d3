"""The emulator's process: ministack with our GuardDuty, Detective, organization, archives and cross-Region delivery."""

import asyncio
import os
import signal
import threading
from pathlib import Path

from tools.emulator import detective as detective_service
from tools.emulator import guardduty_organization
from tools.emulator.account_region import AccountRegion
from tools.emulator.administration import Administration
from tools.emulator.borrowed import (
    PINNED_MINISTACK,
    Ministack,
    MinistackEvents,
    borrow,
    installed,
    stop,
)
from tools.emulator.detective import Detective
from tools.emulator.gateway import Gateway
from tools.emulator.guardduty import GuardDuty
from tools.emulator.mended import (
    deliver_across_regions,
    fire_no_schedules,
    heed_queue_policies,
    tell_leading_keys,
    tell_sources_of_events,
)
from tools.emulator.metric_math_alarm import with_metric_math
from tools.emulator.organizations import Organizations
from tools.emulator.resource_types import handlers
from tools.emulator.service_roles import with_their_names


def _end_with_the_parent() -> None:
    """End this process and its workers when the one that started it is gone, however that happened."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        os.killpg(os.getpgrp(), signal.SIGKILL)

    # Only as the leader of a group of its own: otherwise the group is somebody's shell.
    if os.getpgrp() == os.getpid():
        threading.Thread(target=watch, daemon=True, name="parent").start()


async def _serve(gateway: Gateway, *, host: str, port: int) -> None:
    serve, config_type = borrow("hypercorn.asyncio", "serve"), borrow("hypercorn.config", "Config")
    config = config_type()
    config.bind = [f"{host}:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 0.2
    config.loglevel = "WARNING"
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    await serve(gateway, config, shutdown_trigger=ended.wait)


def main() -> None:
    """Serve until the process that started this one says stop, or ends."""
    # Taken out of the environment: Lambda workers inherit it and must not find the harness's door.
    token = os.environ.pop("EMULATOR_TOKEN", "")
    host, port = os.environ.get("BIND_HOST", ""), int(os.environ.get("GATEWAY_PORT", "0"))
    if not token or host != "127.0.0.1" or not port:
        stop("start it with `with Emulator() as aws:` of tools.emulator.process; it serves loopback only")
    if installed() != PINNED_MINISTACK:
        stop(f"ministack {installed()} is installed; this needs {PINNED_MINISTACK}: run `make setup`")
    _end_with_the_parent()
    # From here on for the workers: they alone shall find `sitecustomize`.
    os.environ["PYTHONPATH"] = str(Path(__file__).parent / "worker_site")

    ministack = Ministack.borrowed()
    organizations = Organizations()
    detective = Detective(administration=Administration(detective_service.PRINCIPAL, organizations))
    guardduty = GuardDuty(
        read_object=ministack.read_object,
        administration=Administration(guardduty_organization.PRINCIPAL, organizations),
        has_role=ministack.has_role,
    )
    ministack.resource_handlers.update(
        handlers(
            guardduty=guardduty,
            detective=detective,
            events=MinistackEvents(ministack),
            place=lambda: AccountRegion(ministack.get_account_id(), ministack.get_region()),
        )
    )
    alarm = "AWS::CloudWatch::Alarm"
    ministack.resource_handlers[alarm] = with_metric_math(ministack.resource_handlers[alarm])
    service_role = "CreateServiceLinkedRole"
    ministack.role_actions[service_role] = with_their_names(
        ministack.role_actions[service_role], roles=ministack.roles, error=ministack.role_error
    )
    fire_no_schedules()
    deliver_across_regions(ministack)
    heed_queue_policies(ministack)
    tell_leading_keys()
    tell_sources_of_events()
    ministack.queue_actions["StartMessageMoveTask"] = ministack.queues.move
    gateway = Gateway(
        ministack=ministack,
        guardduty=guardduty,
        detective=detective,
        organizations=organizations,
        default_account=os.environ["MINISTACK_ACCOUNT_ID"],
        token=token,
    )
    asyncio.run(_serve(gateway, host=host, port=port))


if __name__ == "__main__":
    main()
