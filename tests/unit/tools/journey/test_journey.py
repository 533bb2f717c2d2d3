"""What becomes of a finding, in deployments small enough to know the answer."""

from pathlib import Path
from typing import Any

import pytest

from tests.findings import INSIDE_AWS, OUTSIDE_AWS, attack_sequence, leaked_lambda_credentials, low_finding
from tests.unit.tools.changes.assemblies import Resources, guardduty_filter, resource
from tests.unit.tools.journey.worlds import HOME, changed, destination, forwarder, rule, target, tiny, world
from tools.journey.journey import Journey, Outcome, journeys
from tools.matching.event_patterns import PatternRefusedError
from tools.matching.guardduty_filters import UnverifiedFilterError
from tools.templates.plain_values import UnjudgedError

BOTH = {"high": ("chat",), "catch-all": ("mail",)}


def journey(tmp_path: Path, event: Any, resources: Resources | None = None, **elsewhere: Resources) -> Journey:
    (found,) = journeys(world(tmp_path, tiny() if resources is None else resources, **elsewhere), [event])
    return found


def test_a_finding_from_the_internet_is_sent_by_every_route_that_takes_it(tmp_path: Path) -> None:
    found = journey(tmp_path, leaked_lambda_credentials())
    assert (found.outcome, dict(found.routes)) == (Outcome.SENT, BOTH)
    assert found.forwarders == ("forwarder",)
    assert [(told.destination.name, told.destination.mails) for told in found.told] == [
        ("chat", ("chat@example.com",)),
        ("mail", ("mail@example.com",)),
    ]
    (brief,) = found.told[0].destination.briefs(found.event)
    assert brief.deployment == "tiny"
    assert "payments-api" in brief.headline
    assert found.misses == ()


def test_one_from_our_own_egress_is_archived_and_says_by_whom(tmp_path: Path) -> None:
    found = journey(tmp_path, leaked_lambda_credentials(address="198.51.100.4"))
    assert (found.outcome, found.told, found.forwarders) == (Outcome.SUPPRESSED, (), ())
    (by,) = found.hiding.archived_by
    assert (by.filter, by.entry, by.owner, by.expires) == ("dc-01", "dc", "network-ops", "2027-03-31")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        pytest.param("198.51.100.16", "one address outside dc: 198.51.100.16", id="after-the-last"),
        pytest.param("198.51.99.255", "one address outside dc: 198.51.99.255", id="before-the-first"),
        pytest.param("198.51.100.20", "5 addresses outside dc: 198.51.100.20", id="near"),
    ],
)
def test_an_address_beside_an_entry_is_sent_and_is_a_near_miss(tmp_path: Path, address: str, says: str) -> None:
    found = journey(tmp_path, leaked_lambda_credentials(address=address))
    assert (found.outcome, found.misses) == (Outcome.SENT, (says,))


def test_an_address_far_away_is_no_near_miss(tmp_path: Path) -> None:
    assert journey(tmp_path, leaked_lambda_credentials(address="198.51.100.32")).misses == ()


def test_an_address_at_the_edge_is_hidden_by_a_hair(tmp_path: Path) -> None:
    found = journey(tmp_path, leaked_lambda_credentials(address="198.51.100.15"))
    assert found.misses == ("198.51.100.15 is at the edge of dc: 198.51.100.16 is outside, and would be sent",)


EDGE = "198.51.100.15 is at the edge of dc: 198.51.100.16 is outside, and "


def other_filter(address: str, **properties: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"tags": {"egress-entry": "other"}, "Name": "other-01", **properties}
    return guardduty_filter(equals=[address], **given)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        pytest.param(other_filter("198.51.100.16"), "is hidden by other", id="the-next-entry"),
        pytest.param(other_filter("198.51.100.16", tags={}), "is hidden by the filter other-01", id="of-no-entry"),
        pytest.param(other_filter("198.51.100.16", action="NOOP"), "would be sent", id="one-that-observes"),
        pytest.param(other_filter("198.51.100.16", types=[INSIDE_AWS]), "would be sent", id="about-another-type"),
        pytest.param(other_filter("198.51.100.17"), "would be sent", id="further-away"),
        pytest.param(
            other_filter("198.51.100.16", criterion={"made.up": {"Equals": ["a"]}}),
            "what would become of it cannot be told", id="of-which-nobody-can-tell",
        ),
    ],
)  # fmt: skip
def test_what_lies_beyond_an_edge_is_asked_of_every_filter(tmp_path: Path, other: dict[str, Any], says: str) -> None:
    found = journey(tmp_path, leaked_lambda_credentials(address="198.51.100.15"), tiny(Other=other))
    assert f"{EDGE}{says}" in found.misses
    assert len([one for one in found.misses if "edge" in one]) == 1


def test_what_lies_beyond_an_edge_may_be_hidden_by_a_wider_entry(tmp_path: Path) -> None:
    wide = guardduty_filter(matches=["198.51.100.*"], tags={"egress-entry": "wide"}, Name="wide-02")
    found = journey(tmp_path, leaked_lambda_credentials(address="198.51.100.15"), tiny(Wide=wide))
    assert found.misses == (f"{EDGE}is hidden by wide",)


def test_what_lies_beyond_an_edge_may_be_trusted(tmp_path: Path) -> None:
    listed = tiny(List=trusted(tmp_path, "198.51.100.16/30\n"))
    found = journey(tmp_path, leaked_lambda_credentials(address="198.51.100.15"), listed)
    assert found.misses == (f"{EDGE}is hidden by the trusted list trusted",)


def test_of_two_addresses_beyond_edges_the_one_that_would_be_sent_is_told(tmp_path: Path) -> None:
    single = {"Filter": guardduty_filter(equals=["198.51.100.15"]), "Other": other_filter("198.51.100.16")}
    found = journey(tmp_path, leaked_lambda_credentials(address="198.51.100.15"), tiny(**single))
    says = "198.51.100.15 is at the edge of dc: 198.51.100.14 is outside, and would be sent"
    assert says in found.misses
    assert len([one for one in found.misses if "edge" in one]) == 1


CALLER = "service.action.awsApiCallAction.remoteIpDetails.ipAddressV"


@pytest.mark.parametrize(
    ("address", "outcome", "says"),
    [
        ("2600::7", Outcome.SUPPRESSED, "2600::7 is at the edge of dc: 2600::8 is outside, and would be sent"),
        ("2600::8", Outcome.SENT, "one address outside dc: 2600::8"),
        ("2600::3", Outcome.SENT, "4 addresses outside dc: 2600::3"),
        ("2600::ffff", Outcome.SENT, None),
    ],
)
def test_an_ipv6_address_beside_an_entry_is_a_near_miss_too(
    tmp_path: Path, address: str, outcome: Outcome, says: str | None
) -> None:
    only = guardduty_filter(equals=["198.51.100.1"])
    criterion = only["Properties"]["FindingCriteria"]["Criterion"]
    del criterion[f"{CALLER}4"]
    criterion[f"{CALLER}6"] = {"Equals": ["2600::7"]}
    event = leaked_lambda_credentials()
    event["detail"]["service"]["action"]["awsApiCallAction"]["remoteIpDetails"] = {"ipAddressV6": address}
    found = journey(tmp_path, event, tiny(Filter=only))
    assert (found.outcome, found.misses) == (outcome, (says,) if says else ())


@pytest.mark.parametrize(
    ("written", "types", "says"),
    [
        pytest.param("2600::7", (OUTSIDE_AWS,), None, id="as-the-filter-has-it"),
        pytest.param(
            "2600::0:7",
            (OUTSIDE_AWS,),
            "2600::0:7 is an address of dc, but no filter holds it in this form",
            id="in-another-form",
        ),
        pytest.param("2600:0::7", (OUTSIDE_AWS,), None, id="as-another-filter-of-the-entry-has-it"),
        pytest.param(
            "2600::0:7",
            (INSIDE_AWS,),
            f"2600::7 is an address of dc, but its filters are not about {OUTSIDE_AWS}",
            id="of-another-type",
        ),
        pytest.param("198.51.100.1", (OUTSIDE_AWS,), None, id="an-ipv4-address-has-one-form"),
    ],
)
def test_an_address_in_a_form_that_no_filter_holds_is_a_near_miss(
    tmp_path: Path, written: str, types: tuple[str, ...], says: str | None
) -> None:
    version = 6 if ":" in written else 4
    held = {4: {"Matches": ["198.51.100.*"]}, 6: {"Equals": ["2600::7"]}}[version]
    filters = {}
    for number, condition in enumerate((held, {"Equals": ["2600:0::7"]} if version == 6 else held)):
        only = guardduty_filter(equals=["198.51.100.1"], types=types)
        criterion = only["Properties"]["FindingCriteria"]["Criterion"]
        del criterion[f"{CALLER}4"]
        criterion[f"{CALLER}{version}"] = condition
        filters[f"Filter{number}"] = only
    event = leaked_lambda_credentials()
    event["detail"]["service"]["action"]["awsApiCallAction"]["remoteIpDetails"] = {f"ipAddressV{version}": written}
    found = journey(tmp_path, event, tiny(Filter=filters["Filter0"], Other=filters["Filter1"]))
    assert tuple(one for one in found.misses if "edge" not in one) == ((says,) if says else ())


def test_another_finding_type_from_an_entry_is_a_near_miss(tmp_path: Path) -> None:
    found = journey(tmp_path, leaked_lambda_credentials(address="198.51.100.4", type=INSIDE_AWS))
    assert found.outcome is Outcome.SENT
    assert found.misses == (f"198.51.100.4 is an address of dc, but its filters are not about {INSIDE_AWS}",)


def test_another_function_than_that_of_the_scope_is_a_near_miss(tmp_path: Path) -> None:
    name = "resource.lambdaDetails.functionName"
    scoped = guardduty_filter(equals=["198.51.100.4"], criterion={name: {"Equals": ["refunds"]}})
    found = journey(tmp_path, leaked_lambda_credentials(address="198.51.100.4"), tiny(Filter=scoped))
    assert found.misses == (
        f"198.51.100.4 is an address of dc, but {name} has to be refunds, and is payments-api",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("severity", "routes", "says"),
    [
        pytest.param(7, BOTH, (), id="at-the-threshold"),
        pytest.param(6.9, {"catch-all": ("mail",)}, ("takes severity 7 and over; this is 6.9",), id="just-under"),
        pytest.param(
            "8",
            {"catch-all": ("mail",)},
            ("takes severity 7 and over as a number; this is the text 8, which no number matches",),
            id="a-text",
        ),
    ],
)
def test_a_severity_under_a_route_is_a_near_miss(
    tmp_path: Path, severity: object, routes: dict[str, Any], says: tuple[str, ...]
) -> None:
    found = journey(tmp_path, leaked_lambda_credentials(severity=severity))
    assert (dict(found.routes), found.misses) == (routes, tuple(f"the route high (chat) {one}" for one in says))


def test_a_filter_that_observes_hides_nothing_and_is_named(tmp_path: Path) -> None:
    observing = guardduty_filter(equals=["198.51.100.4"], action="NOOP")
    found = journey(tmp_path, leaked_lambda_credentials(address="198.51.100.4"), tiny(Filter=observing))
    assert (dict(found.routes), [one.entry for one in found.hiding.observed_by]) == (BOTH, ["dc"])
    assert "the filter dc-01 of dc counts it, and hides nothing: it only observes" in found.also


def test_every_filter_that_archives_is_named_and_the_one_that_ends_last_first(tmp_path: Path) -> None:
    filters = {
        name: guardduty_filter(equals=["198.51.100.4"], Name=name, Rank=rank, tags={"egress-entry": name, **ends})
        for rank, name, ends in (
            (1, "soon", {"expires": "2026-12-31"}),
            (2, "late", {"expires": "2027-12-31"}),
            (3, "never", {}),
        )
    }
    found = journey(tmp_path, leaked_lambda_credentials(address="198.51.100.4"), tiny(**filters))
    assert [one.entry for one in found.hiding.archived_by] == ["never", "late", "dc", "soon"]


@pytest.mark.parametrize(("action", "does"), [("ARCHIVE", "hides"), ("NOOP", "counts")])
def test_a_filter_of_which_nobody_can_tell_is_named_beside_the_one_that_hides(
    tmp_path: Path, action: str, does: str
) -> None:
    tags = {f"resource.lambdaDetails.tags.{name}": {"Equals": [name]} for name in ("key", "value")}
    perhaps = guardduty_filter(
        equals=["198.51.100.4"], criterion=tags, Name="pay-01", action=action, tags={"egress-entry": "pay"}
    )
    split = [{"key": "key", "value": "a"}, {"key": "b", "value": "value"}]
    event = changed(leaked_lambda_credentials(address="198.51.100.4"), resource__lambdaDetails__tags=split)
    found = journey(tmp_path, event, tiny(Perhaps=perhaps))
    assert found.outcome is Outcome.SUPPRESSED
    (said,) = [one for one in found.also if "cannot be told" in one]
    assert said.startswith(f"whether the filter pay-01 of pay {does} it too cannot be told: ")
    assert said.endswith("for one and the same element of resource.lambdaDetails.tags")


def test_a_finding_of_another_region_comes_home_by_its_forwarder(tmp_path: Path) -> None:
    away = {"Detector": tiny()["Detector"], "Forwarder": forwarder(Name="away")}
    found = journey(tmp_path, leaked_lambda_credentials(region="us-east-1"), us_east_1=away)
    assert (found.forwarders, dict(found.routes)) == (("away",), BOTH)


def test_a_region_that_nobody_watches_is_said(tmp_path: Path) -> None:
    found = journey(tmp_path, leaked_lambda_credentials(region="us-east-1"))
    assert (found.outcome, found.also) == (Outcome.UNWATCHED, ("tiny has nothing in us-east-1; it watches eu-west-1",))


def test_a_detector_that_is_switched_off_finds_nothing(tmp_path: Path) -> None:
    off = resource("AWS::GuardDuty::Detector", Enable=False)
    found = journey(tmp_path, leaked_lambda_credentials(), tiny(Detector=off))
    assert (found.outcome, found.also) == (Outcome.UNWATCHED, (f"the detector of {HOME} is switched off",))


@pytest.mark.parametrize(
    ("resources", "says"),
    [
        pytest.param(tiny(Forwarder=forwarder(State="DISABLED"), Filter=None),
                     "the rule forwarder would take it, but is switched off", id="forwarder-off"),
        pytest.param(tiny(High=None, CatchAll=None, Bus=None),
                     "no rule of these templates listens on the bus findings of eu-west-1", id="no-routes"),
        pytest.param(tiny(High=None, mailReader=None),
                     "the rule catch-all gives it to the queue mailQueue, which nobody reads", id="nobody-reads"),
        pytest.param(tiny(High=None, **destination("mail", Enabled=False)),
                     "the rule catch-all gives it to the queue mailQueue, which nobody reads", id="reader-off"),
    ],
)  # fmt: skip
def test_a_finding_of_which_nobody_is_told_is_said(tmp_path: Path, resources: Resources, says: str) -> None:
    found = journey(tmp_path, leaked_lambda_credentials(), resources)
    assert found.outcome is Outcome.UNTOLD
    assert says in found.also


def test_what_else_takes_it_is_said(tmp_path: Path) -> None:
    more = {
        "Starter": resource("AWS::Lambda::Function"),
        "Investigate": rule("investigation", target("start", "Starter")),
        "Archive": resource(
            "AWS::Events::Archive",
            SourceArn={"Fn::GetAtt": ["Bus", "Arn"]},
            EventPattern={"source": ["aws.guardduty"]},
            RetentionDays=90,
        ),
    }
    found = journey(tmp_path, attack_sequence(), tiny(**more))
    assert found.also == (
        "it is investigated, by reading only, and a second message follows (rule investigation, the function Starter)",
        "it is kept for 90 days in the archive of the bus findings, for a replay",
    )


def test_a_sample_is_not_said_to_be_investigated(tmp_path: Path) -> None:
    more = {
        "Starter": resource("AWS::Lambda::Function"),
        "Investigate": rule("investigation", target("start", "Starter")),
    }
    made = attack_sequence()
    made["detail"]["service"]["additionalInfo"] = {"sample": True}
    found = journey(tmp_path, made, tiny(**more))
    assert found.also == ("the function Starter leaves it at that: a sample is not investigated",)


def trusted(tmp_path: Path, text: str) -> dict[str, Any]:
    content_hash = "0123456789abcdef" * 4
    (tmp_path / "cdk.out").mkdir(exist_ok=True)
    (tmp_path / "cdk.out" / f"asset.{content_hash}.txt").write_text(text, encoding="utf-8")
    given = {"Location": f"https://s3.eu-west-1.amazonaws.com/b/{content_hash}.txt", "Name": "trusted"}
    return resource("AWS::GuardDuty::TrustedEntitySet", **given, Tags=[{"Key": "owner", "Value": "red-team"}])


def test_a_trusted_list_hides_every_finding_type_and_leaves_nothing(tmp_path: Path) -> None:
    listed = tiny(List=trusted(tmp_path, "203.0.113.8/30\n"))
    found = journey(tmp_path, leaked_lambda_credentials(type=INSIDE_AWS), listed)
    assert found.outcome is Outcome.TRUSTED
    assert found.hiding.trusted_by is not None
    assert (found.hiding.trusted_by.name, found.hiding.trusted_by.owner, found.told) == ("trusted", "red-team", ())
    outside = journey(tmp_path, leaked_lambda_credentials(address="203.0.113.12"), listed)
    assert outside.outcome is Outcome.SENT


def test_a_finding_without_an_address_is_hidden_by_no_trusted_list(tmp_path: Path) -> None:
    found = journey(tmp_path, attack_sequence(), tiny(List=trusted(tmp_path, "0.0.0.0/1\n128.0.0.0/1\n")))
    assert found.outcome is Outcome.SENT


def test_a_computed_value_does_not_matter_where_another_condition_fails_for_certain(tmp_path: Path) -> None:
    """A rule about calls to a key of the stack: a finding is no such call, whatever the key is called."""
    pattern = {"source": ["aws.kms"], "detail": {"$or": [{"a": [{"Ref": "Table"}]}, {"b": ["c"]}]}}
    watch = rule("watch", target("chat", "chatQueue"), EventPattern=pattern)
    found = journey(tmp_path, leaked_lambda_credentials(), tiny(Watch=watch))
    assert dict(found.routes) == BOTH


@pytest.mark.parametrize(
    ("resources", "event", "error", "says"),
    [
        pytest.param(
            tiny(Filter=guardduty_filter(equals=["198.51.100.4"], criterion={"made.up": {"Equals": ["a"]}})),
            leaked_lambda_credentials(), UnverifiedFilterError, "filter dc-01: made.up: unknown attribute",
            id="filter-on-an-unknown-attribute",
        ),
        pytest.param(
            tiny(High=rule("high", target("chat", "chatQueue"), detail={"severity": [{"more-than": 7}]})),
            leaked_lambda_credentials(), PatternRefusedError, "is refused: Event pattern is not valid",
            id="unknown-matcher",
        ),
        pytest.param(
            tiny(High=rule("high", target("chat", "chatQueue"), detail={"a": [{"cidr": "0.0.0.0/0"}]})),
            leaked_lambda_credentials(), PatternRefusedError, "asks for the range 0.0.0.0/0", id="cidr-of-everything",
        ),
        pytest.param(
            tiny(CatchAll=rule("catch-all", target("mail", "mailQueue", InputPath="$.detail"))),
            leaked_lambda_credentials(), UnjudgedError,
            "what arrives at mail cannot be told: the rule catch-all changes it", id="changed-on-the-way",
        ),
        pytest.param(
            tiny(CatchAll=rule("catch-all", target("mail", "mailQueue"), EventPattern={"Fn::If": ["A", {}, {}]})),
            leaked_lambda_credentials(), UnjudgedError, "the rule CatchAll: its event pattern is not written out",
            id="a-pattern-that-cloudformation-chooses",
        ),
        pytest.param(
            tiny(CatchAll=rule("catch-all", target("mail", "mailQueue"), detail={"accountId": [{"Ref": "Table"}]})),
            leaked_lambda_credentials(), UnjudgedError,
            "whether the rule catch-all takes it cannot be told: detail.accountId is computed", id="a-computed-value",
        ),
        pytest.param(
            tiny(**destination("mail", FilterCriteria={"Filters": []})),
            leaked_lambda_credentials(), UnjudgedError, "the function mailFunction reads its queue by filter criteria",
            id="reader-with-criteria",
        ),
        pytest.param(
            tiny(Second=rule("again", {"Id": "b", "Arn": "arn:aws:events:us-east-1:111122223333:event-bus/x"})),
            leaked_lambda_credentials(), UnjudgedError, "the rule again sends it on from bus to bus, to x",
            id="second-hop",
        ),
        pytest.param(
            tiny(List=resource("AWS::GuardDuty::IPSet", Name="ips", Location="s3://b/k")),
            leaked_lambda_credentials(), UnjudgedError, "the trusted list ips: its file is not beside the templates",
            id="list-without-its-file",
        ),
    ],
)  # fmt: skip
def test_fails_by_name_for_what_cannot_be_told(
    tmp_path: Path, resources: Resources, event: Any, error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as refused:
        journey(tmp_path, event, resources)
    assert says in str(refused.value)


def test_fails_where_only_some_addresses_of_a_finding_are_trusted(tmp_path: Path) -> None:
    probe = low_finding()["detail"]["service"]["action"]["portProbeAction"]["portProbeDetails"][0]
    other = {**probe, "remoteIpDetails": {"ipAddressV4": "203.0.113.77"}}
    event = changed(low_finding(), service__action__portProbeAction__portProbeDetails=[probe, other])
    with pytest.raises(UnjudgedError, match=r"holds 203\.0\.113\.77; whether that hides such a finding"):
        journey(tmp_path, event, tiny(List=trusted(tmp_path, "203.0.113.77\n")))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"service__featureName": "RuntimeMonitoring"}, id="by-its-feature"),
        pytest.param({"service__runtimeDetails": {"process": {"name": "xmrig"}}}, id="by-the-process-that-it-saw"),
        pytest.param({"type": "CryptoCurrency:Runtime/BitcoinTool.B"}, id="by-its-type"),
    ],
)
def test_fails_where_runtime_monitoring_saw_the_address(tmp_path: Path, said: dict[str, Any]) -> None:
    """Lists are documented for CloudTrail and VPC Flow Logs alone; its connections look like those of flow logs."""
    connection = {"remoteIpDetails": {"ipAddressV4": "203.0.113.77"}}
    action = {"actionType": "NETWORK_CONNECTION", "networkConnectionAction": connection}
    seen = changed(low_finding(), service__action=action)
    listed = tiny(List=trusted(tmp_path, "203.0.113.77\n"))
    assert journey(tmp_path, changed(seen, service__featureName="FlowLogs"), listed).outcome is Outcome.TRUSTED
    with pytest.raises(UnjudgedError) as refused:
        journey(tmp_path, changed(seen, **said), listed)
    assert str(refused.value) == (
        "the trusted list trusted holds 203.0.113.77; whether that hides such a finding is not documented"
    )
    assert journey(tmp_path, changed(seen, **said), tiny(List=trusted(tmp_path, "203.0.113.78\n"))).outcome is (
        Outcome.SENT
    )
