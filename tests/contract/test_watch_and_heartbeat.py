"""What the rules watch for, the notifier has words for; what the schedule sends, it knows."""

import json

from infra.constructs import finding_pattern, heartbeat, watch_patterns
from infra.constructs.watched_calls import ALL
from infra.stacks.watching import expected_changes
from notifier.items.detail_types import API_CALL
from notifier.items.detail_types import HEARTBEAT as DETAIL_TYPE
from notifier.items.detail_types import OURS as SOURCE
from notifier.items.event import read
from notifier.items.heartbeat import Heartbeat
from notifier.items.only_logged import HEARTBEAT as OUTCOME
from notifier.items.watched_words import WORDS
from notifier.settings import Settings
from tests.deployments import EVERYTHING, SANDBOX
from tests.notifier_environment import MAIL, NOTHING_KNOWN


def test_every_watched_call_has_words_and_no_others() -> None:
    watched = {(calls.service, name) for calls in ALL for name in calls.names}
    assert watched == {(service, name) for service, calls in WORDS.items() for name in calls}


def test_both_halves_call_the_events_the_same() -> None:
    assert (finding_pattern.HEARTBEAT, finding_pattern.OUR_SOURCE) == (DETAIL_TYPE, SOURCE)
    assert heartbeat.OUTCOME == OUTCOME
    assert watch_patterns.API_CALL == API_CALL


def test_the_notifier_knows_the_heartbeat_of_the_schedule() -> None:
    detail = heartbeat.heartbeat_detail("eu-west-1", execution="beat-1", sent="2026-11-23T04:00:00Z")
    event = {"source": SOURCE, "detail-type": DETAIL_TYPE, "region": "eu-west-1", "detail": detail}
    assert read(json.dumps(event)) == (Heartbeat(region="eu-west-1", beat="beat-1"),)


def test_the_notifier_expects_whom_the_configuration_names() -> None:
    for deployment in (SANDBOX, EVERYTHING):
        settings = Settings.from_environment({**MAIL, **expected_changes(deployment)}, known=NOTHING_KNOWN)
        named = [(one.role, one.session) for one in deployment.watch.expected]
        assert list(settings.expected.callers)[: len(named)] == named
        assert settings.expected.cloudformation_roles == deployment.watch.cloudformation_roles
    # The function that enrols accounts, beside those that are named.
    assert settings.expected.callers[len(named) :] == (("acme-detection-organization", "prod-Organization*"),)
