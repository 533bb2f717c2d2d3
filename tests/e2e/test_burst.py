"""A thousand findings at once: none is lost, and nobody is told faster than they can take it."""

import json
import re
import sys
import time
from collections import Counter
from typing import Any

import pytest

from tests.e2e.everyone import PAGER, PER_MINUTE, SIEM, SLACK, TEAMS, Everyone
from tests.e2e.test_faults import ONCE, function_of
from tools.emulator.deployed import wait_until

pytestmark = pytest.mark.e2e

SIZE, ACCOUNTS, LEAKS = 1000, 4, 6
_ROLL_UP = re.compile(r"(\d[\d,]*) more findings? of the same kind")
_OVERSHOOT = 2 * ACCOUNTS + LEAKS + 2 * ACCOUNTS + 2 * 2
"""What goes beyond the rate: the first finding of each kind and the roll-up of each, twice where a window of five
minutes ends in between; and what two functions send while the other counts, or count when the minute has just ended."""

_COLD = 1.5
"""Seconds by which the first message of a function comes late: it reads its secret and makes its connections."""


def told_to_the_siem(everyone: Everyone, accounts: set[str]) -> tuple[list[dict[str, Any]], Counter[str]]:
    """The documents about single findings of some accounts, and how many more each account's roll-ups tell of."""
    single, counted = [], Counter[str]()
    for received in everyone.aws.webhook.accepted():
        document = json.loads(received.body)
        account = document["finding"]["account"]
        if account not in accounts:
            continue
        if roll_up := _ROLL_UP.match(document["headline"]):
            counted[account] += int(roll_up[1].replace(",", ""))
        else:
            single.append(document)
    return single, counted


def busiest_minute(everyone: Everyone) -> int:
    """Most messages that the SIEM got in one minute of the clock, which is what the notifier counts in."""
    ahead = time.time() - time.monotonic()
    return max(Counter(int((one.at + ahead) // 60) for one in everyone.aws.webhook.accepted()).values())


def test_t18_a_burst_of_a_thousand_is_told_in_full_or_counted_and_keeps_every_pace(
    everyone: Everyone, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts = [str(everyone.low()["detail"]["accountId"]) for _ in range(ACCOUNTS)]
    burst = [everyone.low(accountId=accounts[number % ACCOUNTS]) for number in range(SIZE)]
    leaks = [everyone.leak() for _ in range(LEAKS)]
    began = time.monotonic()
    everyone.emit(*burst[: SIZE // 2], *leaks, *burst[SIZE // 2 :])
    # What is left then are the reminders to tell of the rest, when their five minutes are over.
    assert wait_until(lambda: all(0 < wait <= 300 for wait in everyone.waits(SIEM)), within=240)
    took = time.monotonic() - began
    everyone.bring_now(SIEM)
    # One that finds no room in its minute comes again after three minutes at most.
    assert wait_until(everyone.is_idle, within=240)

    single, counted = told_to_the_siem(everyone, set(accounts))
    says = f"{SIZE} findings in {took:.1f} s, {SIZE / took:.0f} a second: {len(single)} told, {counted.total()} counted"
    with capsys.disabled():
        sys.stdout.write(f"\n{says}\n")
    ids = [document["finding"]["id"] for document in single]
    assert len(ids) == len(set(ids)), "one message for a finding"
    assert Counter(document["finding"]["account"] for document in single) + counted == Counter(
        dict.fromkeys(accounts, SIZE // ACCOUNTS)
    )
    assert counted.total() > 0
    assert busiest_minute(everyone) <= PER_MINUTE + _OVERSHOOT
    for leak in leaks:
        assert everyone.heard(function_of(leak), ONCE)
    # Two functions send, each at its own pace.
    for name, seconds in ((SLACK, 2.0), (TEAMS, 1.0), (PAGER, 1.0)):
        times = [received.at for received in everyone.stand_in(name).requests()][-len(leaks) :]
        assert times[-1] - times[0] > (len(leaks) / 2 - 1) * seconds - _COLD, f"{name}: {times}"
