"""GuardDuty findings for tests and examples, written by us.

All of them are synthetic. No real instance of `ResourceCredentialExfiltration` is public, so whether GuardDuty fills
in `lambdaDetails` or `ecsClusterDetails` for it is not known; code must work either way. Addresses are from the ranges
kept for documentation (RFC 5737, RFC 3849), system numbers from RFC 5398.

`python -m tests.findings` writes the examples in docs/examples/findings again.
"""

import json
from pathlib import Path
from typing import Any, TypeAlias

Event: TypeAlias = dict[str, Any]

EXAMPLES_FOLDER = Path(__file__).parents[1] / "docs" / "examples" / "findings"

ACCOUNT = "111122223333"
REGION = "eu-west-1"
DETECTOR = "12abc34d567e8fa901bc2d34e56789f0"
INTERNET_ADDRESS = "203.0.113.9"
EGRESS_ADDRESS = "192.0.2.7"
OUTSIDE_AWS = "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS"
INSIDE_AWS = "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.InsideAWS"
INSTANCE_OUTSIDE_AWS = "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS"


def event(detail: object, *, account: str = ACCOUNT, region: str = REGION, **members: object) -> Event:
    """The EventBridge event around a finding."""
    return {
        "version": "0",
        "id": "c8c4daa7-a20c-2f03-0070-b7393dd542ad",
        "detail-type": "GuardDuty Finding",
        "source": "aws.guardduty",
        "account": account,
        "time": "2026-11-23T04:15:02Z",
        "region": region,
        "resources": [],
        "detail": detail,
        **members,
    }


def leaked_lambda_credentials(
    *,
    address: str = INTERNET_ADDRESS,
    severity: object = 8.0,
    account: str = ACCOUNT,
    region: str = REGION,
    finding_id: str = "1ab2c3d4e5f60718293a4b5c6d7e8f90",
    sample: bool = False,
    function: str = "payments-api",
    **members: object,
) -> Event:
    """Credentials of a Lambda function, used from a host outside AWS. Synthetic."""
    detail = _finding(
        finding_type=OUTSIDE_AWS, severity=severity, account=account, region=region, finding_id=finding_id,
        title=f"Credentials of the Lambda function {function} were used from an external IP address.",
        description=(
            f"Credentials created exclusively for the Lambda function {function} have been used from the external "
            f"IP address {address}."
        ),
        resource={
            "resourceType": "AccessKey",
            "accessKeyDetails": _access_key(role=f"{function}-role", session=function),
            "lambdaDetails": {
                "functionArn": f"arn:aws:lambda:{region}:{account}:function:{function}",
                "functionName": function,
                "description": "Takes card payments",
                "lastModifiedAt": "2026-10-02T08:11:45.000Z",
                "revisionId": "4f1c2b7e-8f5d-4a53-9f43-0a1b2c3d4e5f",
                "functionVersion": "$LATEST",
                "role": f"arn:aws:iam::{account}:role/service-role/{function}-role",
                "vpcConfig": {
                    "vpcId": "vpc-0a1b2c3d4e5f60718",
                    "subnetIds": ["subnet-0a1b2c3d4e5f60718"],
                    "securityGroups": [{"groupId": "sg-0a1b2c3d4e5f60718", "groupName": "payments-api"}],
                },
                "tags": [{"key": "team", "value": "payments"}],
            },
        },
        service=_api_call(address=address, sample=sample),
    )  # fmt: skip
    return event(detail | members, account=account, region=region)


def leaked_task_credentials(
    *, address: str = INTERNET_ADDRESS, severity: object = 8.0, finding_type: str = OUTSIDE_AWS, **members: object
) -> Event:
    """Credentials of an ECS task, used elsewhere. Synthetic."""
    cluster = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/shop"
    detail = _finding(
        finding_type=finding_type, severity=severity, finding_id="2bc3d4e5f60718293a4b5c6d7e8f901a",
        title="Credentials of an ECS task were used from an external IP address.",
        description="Credentials created exclusively for an ECS task have been used elsewhere.",
        resource={
            "resourceType": "AccessKey",
            "accessKeyDetails": _access_key(role="checkout-task-role", session="0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
            "ecsClusterDetails": {
                "name": "shop",
                "arn": cluster,
                "status": "ACTIVE",
                "taskDetails": {
                    "arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/shop/0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                    "definitionArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/checkout:42",
                    "launchType": "FARGATE",
                    "createdAt": 1795406525.0,
                },
            },
        },
        service=_api_call(address=address),
    )  # fmt: skip
    return event(detail | members)


def leaked_instance_credentials(
    *,
    address: str = INTERNET_ADDRESS,
    severity: object = 8.0,
    finding_type: str = INSTANCE_OUTSIDE_AWS,
    **members: object,
) -> Event:
    """Credentials of an EC2 instance, used from a host outside AWS. Synthetic."""
    detail = _finding(
        finding_type=finding_type, severity=severity, finding_id="3cd4e5f60718293a4b5c6d7e8f901a2b",
        title="Credentials for the EC2 instance role build-agent-role were used from an external IP address.",
        description="Credentials created exclusively for an EC2 instance have been used from an external IP address.",
        resource={
            "resourceType": "AccessKey",
            "accessKeyDetails": _access_key(role="build-agent-role", session="i-0a1b2c3d4e5f60718"),
            "instanceDetails": {
                "instanceId": "i-0a1b2c3d4e5f60718",
                "instanceType": "m7g.large",
                "platform": None,
                "networkInterfaces": [{"privateIpAddress": "10.0.0.12", "publicIp": "192.0.2.44"}],
            },
        },
        service=_api_call(address=address),
    )  # fmt: skip
    return event(detail | members)


def leaked_user_credentials(*, address: str = INTERNET_ADDRESS, **members: object) -> Event:
    """The long-term key of an IAM user, used by strangers. Synthetic."""
    detail = _finding(
        finding_type="CredentialAccess:IAMUser/CompromisedCredentials", severity=8.0,
        finding_id="8bd17f60a4c95e2b6f0d3a81c7e4952d",
        title="Credentials of the IAM user build are compromised.",
        description="An API was invoked with credentials of the IAM user build that are known to be compromised.",
        resource={
            "resourceType": "AccessKey",
            "accessKeyDetails": {
                "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
                "principalId": "AIDAI44QH8DHBEXAMPLE",
                "userName": "build",
                "userType": "IAMUser",
            },
        },
        service=_api_call(address=address),
    )  # fmt: skip
    return event(detail | members)


def low_finding(**members: object) -> Event:
    """Somebody probes an open port: severity Low. Synthetic."""
    detail = _finding(
        finding_type="Recon:EC2/PortProbeUnprotectedPort", severity=2, finding_id="4de5f60718293a4b5c6d7e8f901a2b3c",
        title="Unprotected port on EC2 instance i-0f1e2d3c4b5a69788 is being probed.",
        description="EC2 instance has an unprotected port which is being probed by a known malicious host.",
        resource={
            "resourceType": "Instance",
            "instanceDetails": {
                "instanceId": "i-0f1e2d3c4b5a69788",
                "instanceType": "t4g.small",
                "imageId": "ami-0a1b2c3d4e5f60718",
                "tags": [{"key": "Name", "value": "bastion"}],
            },
        },
        service={
            "action": {
                "actionType": "PORT_PROBE",
                "portProbeAction": {
                    "blocked": False,
                    "portProbeDetails": [
                        {
                            "localPortDetails": {"port": 22, "portName": "SSH"},
                            "remoteIpDetails": _remote("192.0.2.99"),
                        }
                    ],
                },
            },
            "archived": False,
            "count": 14,
            "detectorId": DETECTOR,
            "eventFirstSeen": "2026-11-22T21:40:00Z",
            "eventLastSeen": "2026-11-23T04:01:12Z",
            "resourceRole": "TARGET",
            "serviceName": "guardduty",
            "additionalInfo": {"value": "{}", "type": "default"},
        },
    )  # fmt: skip
    return event(detail | members)


def public_bucket(name: object = "payments-exports", finding_type: str = "BucketAnonymousAccessGranted") -> Event:
    """A bucket that somebody opened to everybody. Synthetic."""
    return low_finding(
        type=f"Policy:S3/{finding_type}",
        resource={"resourceType": "S3Bucket", "s3BucketDetails": [{"name": name, "type": "Destination"}]},
    )


def attack_sequence(**members: object) -> Event:
    """Several signals that add up to an attack (Extended Threat Detection). Synthetic."""
    detail = _finding(
        finding_type="AttackSequence:IAM/CompromisedCredentials", severity=9.0,
        finding_id="5ef60718293a4b5c6d7e8f901a2b3c4d",
        title="Potential credential compromise of the IAM user build indicated by a sequence of actions.",
        description="A sequence of actions by the IAM user build indicates that its credentials were taken.",
        resource={"resourceType": "AttackSequence"},
        service={
            "archived": False, "count": 1, "detectorId": DETECTOR, "eventFirstSeen": "2026-11-23T02:58:00Z",
            "eventLastSeen": "2026-11-23T03:40:00Z", "serviceName": "guardduty",
            "detection": {"sequence": {
                "uid": "5ef60718293a4b5c6d7e8f901a2b3c4d",
                "description": "Sign-in from a Tor exit node, then an attempt to stop the logs.",
                "actors": [{"id": "actor-1", "user": {
                    "name": "build", "uid": "AIDAI44QH8DHBEXAMPLE", "type": "IAMUser",
                    "credentialUid": "AKIAIOSFODNN7EXAMPLE", "account": {"uid": ACCOUNT},
                }, "session": {"mfaStatus": "DISABLED"}}],
                "endpoints": [{
                    "id": "endpoint-1", "ip": "198.51.100.24", "port": 443, "connection": {"direction": "INBOUND"},
                    "location": {"city": "Amsterdam", "country": "Netherlands"},
                    "autonomousSystem": {"name": "ExampleNet", "number": 64496},
                }],
                "resources": [{
                    "uid": "arn:aws:s3:::payments-receipts", "name": "payments-receipts", "accountId": ACCOUNT,
                    "resourceType": "S3Bucket", "region": REGION,
                }],
                "signals": [
                    {
                        "uid": "signal-2", "type": "CLOUD_TRAIL", "name": "Trail deleted", "count": 1,
                        "firstSeenAt": 1795405200.0, "actorIds": ["actor-1"],
                        "activities": [{"type": "API", "api": {
                            "operation": "DeleteTrail", "service": "cloudtrail", "error": "AccessDenied"}}],
                    },
                    {
                        "uid": "signal-1", "type": "FINDING", "name": "Suspicious sign-in", "count": 3,
                        "firstSeenAt": 1795402680.0, "endpointIds": ["endpoint-1"],
                        "activities": [{"type": "API", "api": {"operation": "ConsoleLogin", "service": "signin"}}],
                    },
                ],
                "sequenceIndicators": [
                    {"key": "TOR_IP", "title": "Calls from a Tor exit node", "values": ["198.51.100.24"]}
                ],
            }},
        },
    )  # fmt: skip
    return event(detail | members)


def malware_on_volume(**members: object) -> Event:
    """A miner on the volume of an instance. Synthetic."""
    threat = {
        "name": "Example.Miner", "severity": "HIGH", "itemCount": 2,
        "filePaths": [{"filePath": "/opt/.x/miner", "fileName": "miner", "hash": "ab" * 32}],
    }  # fmt: skip
    detail = _finding(
        finding_type="Execution:EC2/MaliciousFile", severity=8, finding_id="6f0718293a4b5c6d7e8f901a2b3c4d5e",
        title="The EC2 instance i-0f1e2d3c4b5a69788 has a malicious file.",
        description="A malware scan found a malicious file on a volume of the EC2 instance i-0f1e2d3c4b5a69788.",
        resource={"resourceType": "Instance", "instanceDetails": {"instanceId": "i-0f1e2d3c4b5a69788"}},
        service={
            "archived": False, "count": 1, "detectorId": DETECTOR, "serviceName": "guardduty",
            "ebsVolumeScanDetails": {
                "scanId": "0718293a4b5c6d7e8f901a2b3c4d5e6f", "scanType": "GUARDDUTY_INITIATED",
                "triggerFindingId": "9ef0718293a4b5c6d7e8f901a2b3c4d5",
                "scanDetections": {
                    "scannedItemCount": {"totalGb": 8, "files": 4201, "volumes": 1},
                    "threatsDetectedItemCount": {"files": 2},
                    "highestSeverityThreatDetails": {"threatName": "Example.Miner", "severity": "HIGH", "count": 2},
                    "threatDetectedByName": {"itemCount": 2, "uniqueThreatNameCount": 1, "threatNames": [threat]},
                },
            },
        },
    )  # fmt: skip
    return event(detail | members)


def malware_in_object(**members: object) -> Event:
    """Malware in an uploaded object. Synthetic."""
    detail = _finding(
        finding_type="Object:S3/MaliciousFile", severity=8, finding_id="70718293a4b5c6d7e8f901a2b3c4d5ef",
        title="A malicious file was found in the S3 bucket uploads.",
        description="A malware scan found a malicious object in the S3 bucket uploads.",
        resource={"resourceType": "S3Object", "s3BucketDetails": [{
            "arn": "arn:aws:s3:::uploads", "name": "uploads", "type": "Destination", "createdAt": 1761120000.0,
            "owner": {"id": "0a" * 32},
            "tags": [{"key": "team", "value": "hiring"}, {"key": "env", "value": "prod"}],
            "defaultServerSideEncryption": {"encryptionType": "AES256", "kmsMasterKeyArn": None},
            "publicAccess": {"effectivePermission": "NOT_PUBLIC"},
            "s3ObjectDetails": [{
                "objectArn": "arn:aws:s3:::uploads/in/cv.pdf", "key": "in/cv.pdf", "eTag": "ef" * 16,
                "hash": "cd" * 32, "versionId": "s3Xk2vT9mQ4rB7nW1pZ6cY8dF5gH0jLa",
            }],
        }]},
        service={
            "archived": False, "count": 1, "detectorId": DETECTOR, "serviceName": "guardduty",
            "malwareScanDetails": {
                "scanType": "ON_DEMAND", "scanCategory": "FULL_SCAN",
                "threats": [{
                    "name": "EICAR-Test-File", "source": "BITDEFENDER", "count": 1, "hash": "cd" * 32,
                    "itemDetails": [{"itemPath": "in/cv.pdf", "hash": "cd" * 32}],
                }],
            },
        },
    )  # fmt: skip
    return event(detail | members)


def outbound_connection(*, address: str = INTERNET_ADDRESS, direction: object = "OUTBOUND", **members: object) -> Event:
    """An instance that calls a command and control server. Synthetic."""
    detail = _finding(
        finding_type="Backdoor:EC2/C&CActivity.B", severity=8, finding_id="8293a4b5c6d7e8f901a2b3c4d5ef6071",
        title="The EC2 instance i-0f1e2d3c4b5a69788 is communicating with a command and control server.",
        description="The EC2 instance i-0f1e2d3c4b5a69788 communicates with a known command and control server.",
        resource={"resourceType": "Instance", "instanceDetails": {"instanceId": "i-0f1e2d3c4b5a69788"}},
        service={
            "archived": False, "count": 3, "detectorId": DETECTOR, "serviceName": "guardduty",
            "action": {
                "actionType": "NETWORK_CONNECTION",
                "networkConnectionAction": {
                    "connectionDirection": direction, "protocol": "TCP", "blocked": False,
                    "localIpDetails": {"ipAddressV4": "10.0.0.5"},
                    "localPortDetails": {"port": 39677, "portName": "Unknown"},
                    "remotePortDetails": {"port": 443, "portName": "HTTPS"},
                    "remoteIpDetails": _remote(address),
                },
            },
        },
    )  # fmt: skip
    return event(detail | members)


def privileged_pod(**members: object) -> Event:
    """Somebody starts a container that has all of its host. Synthetic."""
    detail = _finding(
        finding_type="PrivilegeEscalation:Kubernetes/PrivilegedContainer", severity=5,
        finding_id="93a4b5c6d7e8f901a2b3c4d5ef607182",
        title="A privileged container was launched in the EKS cluster shop.",
        description="A container with root access to its host was launched in the EKS cluster shop.",
        resource={
            "resourceType": "EKSCluster",
            "eksClusterDetails": {
                "name": "shop", "arn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/shop", "vpcId": "vpc-0a1b2c3d",
                "status": "ACTIVE", "createdAt": 1761120000.0, "tags": [],
            },
            "kubernetesDetails": {
                "kubernetesUserDetails": {
                    "username": "system:serviceaccount:default:builder", "uid": "0f1e2d3c",
                    "groups": ["system:serviceaccounts", "system:masters"], "sessionName": ["ci"],
                    "impersonatedUser": {"username": "admin", "groups": ["ops"]},
                },
                "kubernetesWorkloadDetails": {
                    "name": "debug", "type": "pods", "uid": "1e2d3c4b", "namespace": "default",
                    "serviceAccountName": "builder", "hostNetwork": True, "hostPID": True, "hostIPC": False,
                    "containers": [
                        {
                            "name": "shell", "image": "registry.example/tools:1",
                            "securityContext": {"privileged": True},
                        },
                        {"name": "proxy", "image": "registry.example/proxy:2", "securityContext": None},
                    ],
                    "volumes": [{"name": "root", "hostPath": {"path": "/"}}, {"name": "tmp", "hostPath": None}],
                },
            },
        },
        service={
            "archived": False, "count": 1, "detectorId": DETECTOR, "serviceName": "guardduty",
            "action": {
                "actionType": "KUBERNETES_API_CALL",
                "kubernetesApiCallAction": {
                    "requestUri": "/api/v1/namespaces/default/pods", "verb": "create", "resource": "pods",
                    "namespace": "default", "resourceName": "debug", "sourceIPs": ["203.0.113.9"],
                    "userAgent": "kubectl/1.34.1", "remoteIpDetails": _remote(INTERNET_ADDRESS), "statusCode": 201,
                    "parameters": "",
                },
            },
        },
    )  # fmt: skip
    return event(detail | members)


def _finding(
    *,
    finding_type: str,
    severity: object,
    finding_id: str,
    title: str,
    description: str,
    resource: Event,
    service: Event,
    account: str = ACCOUNT,
    region: str = REGION,
) -> Event:
    return {
        "schemaVersion": "2.0",
        "accountId": account,
        "region": region,
        "partition": "aws",
        "id": finding_id,
        "arn": f"arn:aws:guardduty:{region}:{account}:detector/{DETECTOR}/finding/{finding_id}",
        "type": finding_type,
        "resource": resource,
        "service": service,
        "severity": severity,
        "createdAt": "2026-11-23T03:58:41.137Z",
        "updatedAt": "2026-11-23T04:14:58.402Z",
        "title": title,
        "description": description,
    }


def _access_key(*, role: str, session: str) -> Event:
    return {
        "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "principalId": f"AROAI44QH8DHBEXAMPLE:{session}",
        "userName": role,
        "userType": "AssumedRole",
    }


def _remote(address: str) -> Event:
    return {
        "ipAddressV4": address,
        "organization": {"asn": "64496", "asnOrg": "ExampleNet", "isp": "ExampleNet", "org": "ExampleNet"},
        "country": {"countryName": "Netherlands", "countryCode": "NL"},
        "city": {"cityName": "Amsterdam"},
        "geoLocation": {"lat": 52.37, "lon": 4.9},
    }


def _api_call(*, address: str, sample: bool = False) -> Event:
    return {
        "serviceName": "guardduty",
        "detectorId": DETECTOR,
        "action": {
            "actionType": "AWS_API_CALL",
            "awsApiCallAction": {
                "api": "ListBuckets",
                "serviceName": "s3.amazonaws.com",
                "callerType": "Remote IP",
                "errorCode": "AccessDenied",
                "userAgent": "aws-cli/2.31.0 Python/3.13.7 Linux/6.8.0",
                "remoteIpDetails": _remote(address),
                "affectedResources": {"AWS::S3::Bucket": "payments-receipts"},
            },
        },
        "resourceRole": "TARGET",
        "additionalInfo": {"value": json.dumps({"sample": True}) if sample else "{}", "type": "default"},
        "eventFirstSeen": "2026-11-23T03:52:10.000Z",
        "eventLastSeen": "2026-11-23T04:12:07.000Z",
        "archived": False,
        "count": 7,
    }


def examples() -> dict[str, Event]:
    """The files of docs/examples/findings, by name."""
    return {
        "leaked-lambda-credentials.json": leaked_lambda_credentials(),
        "leaked-lambda-credentials-from-egress.json": leaked_lambda_credentials(address=EGRESS_ADDRESS),
        "leaked-task-credentials.json": leaked_task_credentials(),
        "leaked-instance-credentials.json": leaked_instance_credentials(),
        "leaked-user-credentials.json": leaked_user_credentials(),
        "low.json": low_finding(),
        "attack-sequence.json": attack_sequence(),
        "malware-on-volume.json": malware_on_volume(),
        "malware-in-object.json": malware_in_object(),
    }


def example_text(content: Event) -> str:
    """An example as it stands in its file."""
    return json.dumps(content, indent=2) + "\n"


if __name__ == "__main__":
    for name, content in examples().items():
        (EXAMPLES_FOLDER / name).write_text(example_text(content), encoding="utf-8")
