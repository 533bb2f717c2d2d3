"""The review of suppression: what its template gives it is what its code takes, and its notices reach a destination."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

import notifier.items.detail_types
import suppression_review.notice
from infra.config.entry import LONGEST_DAYS
from infra.constructs.suppression_review import SCHEDULES, notice_pattern
from infra.suppression import compile_list, plan_filters
from notifier.briefs import brief_of
from notifier.items.event import read
from notifier.items.notice import Notice
from suppression_review import filters
from suppression_review.digest import NOTHING, NOTHING_SEEN, Week, digest
from suppression_review.endings import ending
from suppression_review.entry import entries_of
from suppression_review.filters import EgressFilter, egress_filter
from suppression_review.hidden import HiddenFinding
from suppression_review.memory import KEPT
from suppression_review.new_pairs import AT_ONCE, KEPT_BY_GUARDDUTY, LISTED, by_pair, news_of
from suppression_review.settings import Settings
from suppression_review.trusted import trusted_entries
from tests.deployments import EVERYTHING, SANDBOX, SANDBOX_DATA, TODAY, deployment
from tests.surroundings import AROUND
from tests.synthesis import Template, Templates, bus_rules, functions, logical_id, only, properties, synthesize
from tests.unit.notifier.forms import FULL

MAX_EVENT_BYTES = 256 * 1024
"""What EventBridge, SQS and SNS have in common (their quotas)."""


def settings(template: Template) -> Settings:
    (function,) = functions(template, "suppression_review").values()
    variables = function["Properties"]["Environment"]["Variables"]
    return Settings.from_environment(
        {name: value if isinstance(value, str) else logical_id(value) for name, value in variables.items()}
    )


@pytest.mark.parametrize(
    ("sample", "to", "days"), [(SANDBOX, ("security-mail",), 90), (EVERYTHING, ("soc-slack",), 60)]
)
def test_the_function_understands_its_environment(
    sandbox: Templates, everything: Templates, sample: object, to: tuple[str, ...], days: int
) -> None:
    chosen = SANDBOX if sample is SANDBOX else EVERYTHING
    found = settings((sandbox | everything)[f"{chosen.name}-Response"])
    assert found.name_prefix == chosen.name_prefix
    assert found.regions == chosen.regions
    assert found.bus_name == f"{chosen.name_prefix}-findings"
    assert found.destinations == tuple(destination.name for destination in chosen.destinations)
    assert (found.default_to, found.stale_after.days) == (to, days)
    types = {region: chosen.region(region).trusted_entity_set for region in chosen.regions if chosen.trusted_list}
    assert found.trusted_entity_sets == tuple(region for region, newer in types.items() if newer)
    assert found.ip_sets == tuple(region for region, newer in types.items() if not newer)


def test_each_schedule_asks_for_a_review_that_exists_and_may_invoke(sandbox: Templates) -> None:
    template = sandbox["sandbox-Response"]
    rules = [rule for rule in properties(template, "AWS::Events::Rule") if "ScheduleExpression" in rule]
    asked = {json.loads(only(rule["Targets"])["Input"])["review"]: rule["ScheduleExpression"] for rule in rules}
    assert (
        asked
        == SCHEDULES
        == {
            "hourly": "rate(1 hour)",
            "daily": "cron(0 6 * * ? *)",
            "weekly": "cron(0 7 ? * MON *)",
        }
    )
    (function,) = functions(template, "suppression_review")
    permissions = [
        one for one in properties(template, "AWS::Lambda::Permission") if logical_id(one["FunctionName"]) == function
    ]
    assert len(permissions) == len(rules)
    for permission in permissions:
        assert logical_id(permission["FunctionName"]) == function
        assert permission["Principal"] == "events.amazonaws.com"
        assert template["Resources"][logical_id(permission["SourceArn"])]["Type"] == "AWS::Events::Rule"


def test_notices_have_the_same_name_on_both_sides_and_in_the_template(everything: Templates) -> None:
    ours, theirs = suppression_review.notice, notifier.items.detail_types
    assert (ours.SOURCE, ours.DETAIL_TYPE) == (theirs.OURS, theirs.NOTICE)
    rules = bus_rules(everything["prod-Response"])
    for destination in EVERYTHING.destinations:
        rule = rules[f"notices-{destination.name}"]
        assert rule["EventPattern"] == notice_pattern(destination.name)
        assert rule["EventPattern"] == {
            "source": [ours.SOURCE],
            "detail-type": [ours.DETAIL_TYPE],
            "detail": {"to": [destination.name]},
        }
        assert [target["Id"] for target in rule["Targets"]] == [destination.name]


def test_a_deployed_filter_tells_the_review_what_the_entry_says() -> None:
    for compiled in plan_filters(EVERYTHING.egress, name_prefix="acme"):
        (entry,) = (one for one in EVERYTHING.egress if one.name == compiled.entry)
        document = {
            "Name": compiled.name,
            "Action": "ARCHIVE",
            "FindingCriteria": {"Criterion": compiled.criterion},
            "Tags": compiled.tags,
        }
        found = egress_filter(document, region="eu-west-1", name_prefix="acme")
        assert found is not None
        assert (found.entry, found.owner, found.expires) == (entry.name, entry.owner, entry.expires)
        assert found.notify == entry.notify
        assert set(found.finding_types) == set(entry.finding_types)
    assert {filters.ENTRY_TAG, filters.OWNER_TAG, filters.EXPIRES_TAG} <= set(compiled.tags)


@pytest.fixture(name="next_to_it", scope="module")
def fixture_next_to_it(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Another deployment in the same account and Regions, with an entry of the same name."""
    other = deployment(SANDBOX_DATA | {"name": "sandbox-eu"})
    return synthesize(other, outdir=tmp_path_factory.mktemp("next_to_it"), checked=False)


def test_each_function_takes_the_filters_of_its_own_deployment_and_no_others(
    sandbox: Templates, everything: Templates, next_to_it: Templates
) -> None:
    templates = sandbox | everything | next_to_it
    deployed = [
        {**one, "Tags": {tag["Key"]: tag["Value"] for tag in one["Tags"]}}
        for stack in ("sandbox-Detection-eu-west-1", "sandbox-eu-Detection-eu-west-1", "prod-Detection-eu-central-1")
        for one in properties(templates[stack], "AWS::GuardDuty::Filter")
    ]
    taken = {}
    for name in ("sandbox", "sandbox-eu", "prod"):
        prefix = settings(templates[f"{name}-Response"]).name_prefix
        found = (egress_filter(one, region="eu-west-1", name_prefix=prefix) for one in deployed)
        taken[name] = sorted((one.name, one.entry) for one in found if one is not None)
    assert taken == {
        "sandbox": [("sandbox-frankfurt-dc-01", "frankfurt-dc")],
        "sandbox-eu": [("sandbox-eu-frankfurt-dc-01", "frankfurt-dc")],
        "prod": [
            ("acme-detection-partner-gateway-01", "partner-gateway"),
            ("acme-detection-partner-gateway-02", "partner-gateway"),
            ("acme-detection-partner-gateway-601", "partner-gateway"),
            ("acme-detection-payments-gateway-01", "payments-gateway"),
            ("acme-detection-tokyo-dc-01", "tokyo-dc"),
            ("acme-detection-tokyo-dc-02", "tokyo-dc"),
        ],
    }
    assert sum(map(len, taken.values())) == len(deployed)


def test_the_tags_of_the_trusted_list_tell_the_review_who_wanted_what() -> None:
    compiled = compile_list(EVERYTHING.trusted_list)
    assert compiled is not None
    found = trusted_entries(compiled.tags)
    assert [(one.name, one.owner, one.expires) for one in found] == [
        (one.name, one.owner, one.expires) for one in sorted(EVERYTHING.trusted_list, key=lambda entry: entry.expires)
    ]


def test_of_many_trusted_entries_those_that_end_first_are_told_each_with_its_own_end() -> None:
    (one, *_) = EVERYTHING.trusted_list
    entries = [
        one.model_copy(update={"name": f"scanner-of-team-{number:02}", "expires": TODAY + timedelta(days=40 - number)})
        for number in range(25)
    ]
    compiled = compile_list(entries)
    assert compiled is not None
    found = trusted_entries(compiled.tags)
    assert len(found) > 8
    assert [(one.name, one.expires) for one in found] == [
        (one.name, one.expires) for one in sorted(entries, key=lambda entry: entry.expires)[: len(found)]
    ]


def test_a_notice_reaches_a_reader_as_it_was_meant() -> None:
    (compiled,) = plan_filters(SANDBOX.egress, name_prefix="sandbox")
    found = egress_filter(
        {
            "Name": compiled.name,
            "Action": "ARCHIVE",
            "FindingCriteria": {"Criterion": compiled.criterion},
            "Tags": compiled.tags,
        },
        region="eu-west-1",
        name_prefix="sandbox",
    )
    assert found is not None
    (entry,) = entries_of([found])
    sent = ending(entry, expires=SANDBOX.egress[0].expires, today=TODAY, to=("security-mail",))
    event = {
        "source": suppression_review.notice.SOURCE,
        "detail-type": suppression_review.notice.DETAIL_TYPE,
        "detail": json.loads(sent.detail()),
    }
    (item,) = read(json.dumps(event))
    assert isinstance(item, Notice)
    brief = brief_of(item, AROUND)
    assert (brief.subject, brief.headline) == (sent.subject, sent.headline)
    assert brief.notes == sent.notes
    assert [step.text for step in brief.steps] == list(sent.steps)
    assert [(one.title, tuple((fact.label, fact.value) for fact in one.facts)) for one in brief.sections] == [
        (one.title, one.facts) for one in sent.sections
    ]
    assert brief.notice


def busy_week(entries: int, *, quiet: int) -> Week:
    """A week in which everything happened that a configuration allows, with the longest names there are."""
    names = [f"entry-{number:03}-{'x' * 20}" for number in range(entries + quiet)]
    found = [
        HiddenFinding(
            entry=name,
            region="eu-west-1",
            finding_id=f"{name}-{number}",
            type="UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
            account=f"{number:012}",
            role=f"{number}-{'r' * 62}",
            role_id=f"AROA{number}",
            function=f"{number}-{'f' * 62}",
            access_key=f"ASIA{number:016}",
            address="198.51.100.7",
            first=None,
            last=None,
            count=1,
        )
        for name in names[:entries]
        for number in range(9)
    ]
    return Week(
        entries=entries_of(
            EgressFilter(
                name=f"{name}-01",
                region="eu-west-1",
                entry=name,
                owner="o" * 64,
                expires=TODAY,
                notify=(),
                hides=True,
                criterion={},
                created=None,
            )
            for name in names
        ),
        findings=found,
        matches={},
        other_filters={f"filter-{number}": ["eu-west-1"] for number in range(entries)},
        uncounted=frozenset(names[::2]),
        stale=frozenset(names),
        new_pairs=frozenset(one.pair for one in found),
        new_accounts=frozenset((one.entry or "", one.account) for one in found),
        unseen={f"xx-region-{number}": "no answer (ConnectTimeoutError)" for number in range(34)},
        today=TODAY,
    )


@pytest.mark.parametrize(("entries", "quiet"), [(100, 0), (0, 100), (70, 30), (41, 51)])
def test_the_notifier_drops_no_line_of_the_largest_digest(entries: int, quiet: int) -> None:
    week = busy_week(entries, quiet=quiet)
    sent = digest(week, to=("security-mail",))
    detail = sent.detail()
    assert len(detail) < MAX_EVENT_BYTES // 2  # an SNS message and a queue hold no more either, rendering included
    taken = Notice.from_detail(json.loads(detail))
    assert taken.sections == tuple((one.title, one.facts) for one in sent.sections)
    # every entry is named, or counted as one of those that are not
    named = {one.title for one in sent.sections} | {label for one in sent.sections for label, _ in one.facts}
    about_entries = [one for one in sent.sections if one.title in {"More entries", NOTHING, NOTHING_SEEN}]
    counted = [value for one in about_entries for label, value in one.facts if label == "and more"]
    missing = sum(int(value.split()[0]) for value in counted)
    assert len([entry for entry in week.entries if entry.name not in named]) == missing


def test_what_was_told_is_remembered_for_as_long_as_an_entry_may_last() -> None:
    """A role that leaves once in a quarter is not new each time; a year, too, is no reason to tell it again."""
    assert timedelta(days=365) < KEPT
    assert timedelta(days=LONGEST_DAYS) <= KEPT
    assert KEPT_BY_GUARDDUTY < KEPT


def test_there_are_as_many_notices_an_hour_as_the_pages_say(project: Path) -> None:
    assert (LISTED, AT_ONCE, SCHEDULES["hourly"]) == (20, 10, "rate(1 hour)")
    page = (project / "docs" / "suppression.md").read_text(encoding="utf-8")
    assert "in notices of 20 roles, ten an hour," in page
    (decision,) = (project / "docs" / "decisions").glob("0012-*.md")
    assert "a\nlook puts ten notices on the bus" in decision.read_text(encoding="utf-8")


@pytest.mark.parametrize("entries", [1, LISTED])
@pytest.mark.parametrize("kind", sorted(FULL.keys() - {"pagerduty"}))
def test_every_kind_of_destination_shows_every_new_role(kind: str, entries: int) -> None:
    """With the longest names there are, also where each is behind an entry of its own."""
    found = [
        HiddenFinding(
            entry=f"e{number % entries:02}{'e' * 28}",
            region="eu-west-1",
            finding_id=f"{number}-{function}",
            type="UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
            account=f"{number:012}",
            role=f"{number:03}-{'r' * 60}",
            role_id=f"AROA{number:03}",
            function=f"{function}-{number:03}-{'f' * 58}",
            access_key=None,
            address="198.51.100.7",
            first=None,
            last=None,
            count=1,
        )
        for number in range(3 * LISTED)
        for function in range(3)
    ]
    owners = {one.entry or "": "o" * 64 for one in found}
    seen: Counter[str] = Counter()
    for news in news_of(by_pair(found), owners=owners, known_accounts=frozenset(), to=("a",)):
        detail = json.loads(news.notice.detail())
        message = FULL[kind](brief_of(Notice.from_detail(detail), AROUND))
        shown = {one.role for one in found if one.role in message}
        assert shown == {one.role for one in found if one.pair in news.pairs}
        seen.update(shown)
    assert seen == Counter({one.role: 1 for one in found})
