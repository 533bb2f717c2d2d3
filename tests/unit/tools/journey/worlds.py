"""Deployments made by hand, small enough to be read, and findings that meet them."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.notifier_environment import NOTIFIER, write_known
from tests.unit.tools.changes.assemblies import Resources, detector, guardduty_filter, resource, write
from tools.journey.world import World, read_world
from tools.templates.assembly import read_assembly

FINDINGS = {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]}
HOME = "eu-west-1"
BUS_ARN = {"Fn::Join": ["", [f"arn:aws:events:{HOME}:", {"Ref": "AWS::AccountId"}, ":event-bus/findings"]]}
CALLER = "service.action.awsApiCallAction.remoteIpDetails.ipAddressV4"


def rule(name: str, *targets: dict[str, Any], detail: Mapping[str, Any] | None = None, **properties: Any) -> Any:
    """A rule on the findings bus."""
    pattern = {**FINDINGS, **({"detail": dict(detail)} if detail else {})}
    given = {"Name": name, "EventBusName": {"Ref": "Bus"}, "EventPattern": pattern, "Targets": list(targets)}
    return resource("AWS::Events::Rule", **{**given, **properties})


def target(id_: str, logical_id: str, **properties: Any) -> dict[str, Any]:
    """A target that is a resource of the stack."""
    return {"Id": id_, "Arn": {"Fn::GetAtt": [logical_id, "Arn"]}, **properties}


def forwarder(**properties: Any) -> Any:
    """The rule on a default bus that leads home."""
    made: dict[str, Any] = rule("forwarder", {"Id": "findings-bus", "Arn": BUS_ARN}, **properties)
    del made["Properties"]["EventBusName"]
    return made


def destination(name: str, **reader: Any) -> dict[str, Any]:
    """A queue, its notifier, and the topic that it mails to."""
    variables = NOTIFIER | {
        "DEPLOYMENT": "tiny",
        "LEDGER_TABLE": {"Ref": "Table"},
        "DESTINATION_NAME": name,
        "DESTINATION_KIND": "sns",
        "QUEUE_URL": {"Ref": f"{name}Queue"},
        "DEAD_LETTER_QUEUE_URL": {"Ref": f"{name}Queue"},
        "SNS_TOPIC_ARN": {"Ref": f"{name}Topic"},
        "SNS_MESSAGE_FORMAT": "text",
    }
    return {
        f"{name}Queue": resource("AWS::SQS::Queue"),
        f"{name}Topic": resource("AWS::SNS::Topic"),
        f"{name}Mail": resource(
            "AWS::SNS::Subscription", TopicArn={"Ref": f"{name}Topic"}, Protocol="email", Endpoint=f"{name}@example.com"
        ),
        f"{name}Function": resource(
            "AWS::Lambda::Function",
            Handler="notifier.handler.handler",
            Code={"S3Bucket": "assets", "S3Key": "notifier.zip"},
            Environment={"Variables": variables},
        ),
        f"{name}Reader": resource(
            "AWS::Lambda::EventSourceMapping",
            EventSourceArn={"Fn::GetAtt": [f"{name}Queue", "Arn"]},
            FunctionName={"Ref": f"{name}Function"},
            **reader,
        ),
    }


def tiny(**changed: Any) -> dict[str, Any]:
    """One Region: an entry of 16 addresses, a route from 7, and a catch-all; with other resources, or None for none."""
    made: dict[str, Any] = {
        "Detector": detector(),
        "Filter": guardduty_filter(equals=[f"198.51.100.{number}" for number in range(16)]),
        "Forwarder": forwarder(),
        "Bus": resource("AWS::Events::EventBus", Name="findings"),
        "Table": resource("AWS::DynamoDB::Table"),
        **destination("mail"),
        **destination("chat"),
        "High": rule("high", target("chat", "chatQueue"), detail={"severity": [{"numeric": [">=", 7]}]}),
        "CatchAll": rule("catch-all", target("mail", "mailQueue")),
        **changed,
    }
    return {name: content for name, content in made.items() if content is not None}


def world(tmp_path: Path, resources: Resources, **elsewhere: Resources) -> World:
    """The deployment of these resources at home, and of others in other Regions (`us_east_1`)."""
    regions = {HOME: resources, **{name.replace("_", "-"): some for name, some in elsewhere.items()}}
    return read_world(read_assembly(synthesized(tmp_path / "cdk.out", regions)), name="tiny")


def synthesized(folder: Path, regions: Mapping[str, Resources]) -> Path:
    """The templates of some Regions, and the notifiers' code beside them."""
    code = write(folder, regions) / "asset.notifier"
    code.mkdir(exist_ok=True)
    write_known(code)
    return folder


def changed(event: Mapping[str, Any], **paths: object) -> dict[str, Any]:
    """A copy of an event with other values in its detail, `a__b` for the path a.b."""
    copied: dict[str, Any] = copy.deepcopy(dict(event))
    for path, value in paths.items():
        inside = copied["detail"]
        *way, last = path.split("__")
        for name in way:
            inside = inside[name]
        inside[last] = value
    return copied


def write_json(path: Path, content: object) -> str:
    """A file with this content; its name."""
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)
