"""A thousand findings at once: none is lost, and nobody is told faster than they can take it."""

import json
import sys
import time

import pytest

from tests.e2e.everyone import PAGER, SLACK, TEAMS, Everyone
from tests.e2e.test_faults import ONCE, function_of
from tools.emulator.deployed import wait_until

pytestmark = pytest.mark.e2e

SIZE = 1000

_JITTER = 0.25
"""Between when a function may send and when the message is here, on a busy machine."""


def test_t18_a_burst_of_a_thousand_is_delivered_without_a_loss(
    everyone: Everyone, capsys: pytest.CaptureFixture[str]
) -> None:
    burst = [everyone.low() for _ in range(SIZE)]
    ids = {event["detail"]["id"] for event in burst}
    leaks = [everyone.leak() for _ in range(6)]
    began = time.monotonic()
    everyone.emit(*burst[: SIZE // 2], *leaks, *burst[SIZE // 2 :])
    emitted = time.monotonic() - began

    def arrived() -> list[str]:
        documents = [json.loads(received.body) for received in everyone.aws.webhook.accepted()]
        return [document["finding"]["id"] for document in documents if document["finding"]["id"] in ids]

    assert wait_until(lambda: len(arrived()) >= SIZE and everyone.is_idle(), within=60), f"{len(arrived())} of {SIZE}"
    took = max(received.at for received in everyone.aws.webhook.accepted()) - began
    rates = f"{SIZE} findings: put in {emitted:.1f} s, delivered in {took:.1f} s, {SIZE / took:.0f} a second"
    with capsys.disabled():
        sys.stdout.write(f"\n{rates}\n")
    assert sorted(arrived()) == sorted(ids), "each exactly once"
    for leak in leaks:
        assert everyone.heard(function_of(leak), ONCE)
    # Two functions send, each at its own pace: of three messages two are from the same one.
    for name, seconds in ((SLACK, 2.0), (TEAMS, 1.0), (PAGER, 1.0)):
        times = [received.at for received in everyone.stand_in(name).requests()][-len(leaks) :]
        assert all(third - first > seconds - _JITTER for first, third in zip(times, times[2:], strict=False)), name
