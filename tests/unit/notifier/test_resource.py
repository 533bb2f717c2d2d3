"""Of a resource the important is told first, and what is left out is counted."""

from tests.findings import Event, leaked_task_credentials, low_finding, malware_in_object
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.test_observed import lines

BUCKET = {
    "arn": "arn:aws:s3:::payments", "name": "payments", "type": "Destination", "createdAt": 1693943450,
    "owner": {"id": "abc"}, "tags": [{"key": key, "value": "x"} for key in ("team", "env", "cost", "area", "tier")],
    "defaultServerSideEncryption": {"encryptionType": "AES256"}, "publicAccess": {"effectivePermission": "PUBLIC"},
}  # fmt: skip


def others(event: Event) -> list[tuple[str, str]]:
    return lines(brief_in(event), "Other resources")


def test_whether_a_bucket_is_public_is_told_first_and_tags_last() -> None:
    assert others(low_finding(resource={"s3BucketDetails": [BUCKET]})) == [
        (
            "S3 bucket",
            "payments; effective permission PUBLIC; ARN arn:aws:s3:::payments; type Destination; encryption type "
            "AES256; created at 2023-09-05 19:50:50 UTC; team x; env x; and 3 more",
        )
    ]


def test_of_a_list_what_is_left_out_is_counted() -> None:
    tags = BUCKET["tags"]
    assert others(low_finding(resource={"rdsDbInstanceDetails": {"tags": tags, "dbInstanceIdentifier": "db"}})) == [
        ("RDS DB instance", "db; team x; env x; cost x; and 2 more tags")
    ]


def test_of_a_list_too_deep_to_be_told_nothing_is_counted() -> None:
    deep = {"name": "x", "inner": {"list": ["a"] * 5}}
    assert others(low_finding(resource={"newThingDetails": deep})) == [("New thing", "x")]


def test_of_many_buckets_the_first_are_told_and_the_others_counted() -> None:
    buckets = [{"name": f"b{number}"} for number in range(6)]
    assert others(low_finding(resource={"s3BucketDetails": buckets})) == [
        ("S3 bucket", "b0"), ("S3 bucket", "b1"), ("S3 bucket", "b2"), ("S3 bucket", "b3"), ("S3 bucket", "and 2 more")
    ]  # fmt: skip


def test_an_object_of_a_bucket_is_told_with_its_scan_and_not_a_second_time() -> None:
    assert others(malware_in_object()) == [
        (
            "S3 bucket",
            "uploads; effective permission NOT_PUBLIC; ARN arn:aws:s3:::uploads; type Destination; encryption type "
            "AES256; created at 2025-10-22 08:00:00 UTC; team hiring; env prod; and 1 more",
        )
    ]


def test_of_a_task_its_containers_and_its_service_are_told() -> None:
    event = leaked_task_credentials()
    event["detail"]["resource"]["ecsClusterDetails"]["taskDetails"] |= {
        "group": "service:checkout",
        "containers": [
            {"id": "1", "name": "app", "image": "registry.example/checkout:42"},
            {"name": "log", "image": "log\u202e", "securityContext": {"privileged": True}},
        ],
    }
    assert lines(brief_in(event), "Workload") == [
        ("ECS task", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        ("Cluster", "shop"),
        ("Task definition", "arn:aws:ecs:eu-west-1:111122223333:task-definition/checkout:42"),
        ("Task group", "service:checkout"),
        ("Launch type", "FARGATE"),
        ("Container", "app: registry[.]example/checkout:42"),
        ("Container", "log: log\\u202e (privileged)"),
    ]
