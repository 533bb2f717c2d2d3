"""Which finding types an entry can suppress, and which a route only doubts."""

import pytest

from infra.suppression import CATALOGUE, SUPPRESSED_FINDING_TYPES
from tests.unit.config.examples import ConfigFile

ENDS = "    expires: 2027-06-30\n"
IAM = "UnauthorizedAccess:IAMUser/"
CHANGED = "finding_types: [Recon:IAMUser/TorIPCaller]"


def refusal(config_file: ConfigFile, type_: str) -> str:
    """What is said about one type in an entry, after its place."""
    message = config_file.refusal((ENDS, f"{ENDS}    finding_types: [{type_}]\n"))
    place = "stack.yaml:10: egress[0].finding_types[0]: "
    assert message.startswith(place)
    return message.removeprefix(place)


@pytest.mark.parametrize(
    ("type_", "says"),
    [
        pytest.param(
            f"{IAM}TorIPCallers",
            "must be a finding type that GuardDuty has, got 'UnauthorizedAccess:IAMUser/TorIPCallers'; did you mean"
            " 'UnauthorizedAccess:IAMUser/TorIPCaller'? if AWS has it since 2026-11, refresh the list:"
            " python -m tools finding_types --write PAGE, a saved page of the user guide",
            id="misspelt",
        ),
        pytest.param(
            "nonsense",
            "must be a finding type that GuardDuty has, got 'nonsense'; if AWS has it since 2026-11, refresh the list:"
            " python -m tools finding_types --write PAGE, a saved page of the user guide",
            id="unknown",
        ),
        pytest.param(
            f"{IAM}InstanceCredentialExfiltration",
            "must be a finding type of today, got 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration'; AWS"
            " renamed it; write UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
            id="renamed",
        ),
        pytest.param(
            f"{IAM}UnusualASNCaller",
            "must be a finding type of today, got 'UnauthorizedAccess:IAMUser/UnusualASNCaller'; GuardDuty no longer"
            " makes it; take it out",
            id="retired",
        ),
        pytest.param(
            f'"{IAM}*"',
            "must be one exact finding type, got 'UnauthorizedAccess:IAMUser/*'; a wildcard would also hide the types"
            " that AWS adds later; name each",
            id="star",
        ),
        pytest.param(
            f'"{IAM}TorIPCalle?"',
            "must be one exact finding type, got 'UnauthorizedAccess:IAMUser/TorIPCalle?'; a wildcard would also hide"
            " the types that AWS adds later; name each",
            id="question-mark",
        ),
        pytest.param(
            "7",
            "must be a finding type such as UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS, got"
            " the number 7",
            id="number",
        ),
        pytest.param(
            "Backdoor:EC2/Spambot",
            "must be a finding type with the address of an API caller, got 'Backdoor:EC2/Spambot'; this one is about a"
            " network connection, so no egress address could match it",
            id="network-connection",
        ),
        pytest.param(
            "Trojan:EC2/DropPoint!DNS",
            "must be a finding type with the address of an API caller, got 'Trojan:EC2/DropPoint!DNS'; this one is"
            " about a DNS request, so no egress address could match it",
            id="dns-request",
        ),
        pytest.param(
            "Recon:EC2/PortProbeUnprotectedPort",
            "must be a finding type with the address of an API caller, got 'Recon:EC2/PortProbeUnprotectedPort'; this"
            " one is about a probe of a port, so no egress address could match it",
            id="port-probe",
        ),
        pytest.param(
            "Discovery:Kubernetes/TorIPCaller",
            "must be a finding type with the address of an API caller, got 'Discovery:Kubernetes/TorIPCaller'; this one"
            " is about a call of the Kubernetes API, so no egress address could match it",
            id="kubernetes",
        ),
        pytest.param(
            "Discovery:RDS/TorIPCaller",
            "must be a finding type with the address of an API caller, got 'Discovery:RDS/TorIPCaller'; this one is"
            " about a login to a database, so no egress address could match it",
            id="database",
        ),
        pytest.param(
            "AttackSequence:IAM/CompromisedCredentials",
            "must be a finding type with the address of an API caller, got 'AttackSequence:IAM/CompromisedCredentials';"
            " this one has no call of the AWS API, or none that AWS documents, so no egress address could match it",
            id="attack-sequence",
        ),
    ],
)
def test_fails_for_a_type_that_no_filter_could_match(config_file: ConfigFile, type_: str, says: str) -> None:
    assert refusal(config_file, type_) == says


@pytest.mark.parametrize(
    ("types", "says"),
    [
        pytest.param("[]", "finding_types: must hold at least 1 item, got none", id="none"),
        pytest.param(
            "[Recon:IAMUser/TorIPCaller, Recon:IAMUser/TorIPCaller]",
            "finding_types[1]: must be distinct, got 'Recon:IAMUser/TorIPCaller', which is already at [0]; keep one of"
            " them",
            id="twice",
        ),
    ],
)
def test_fails_for_a_list_that_says_nothing_or_too_much(config_file: ConfigFile, types: str, says: str) -> None:
    assert config_file.refusal((ENDS, f"{ENDS}    finding_types: {types}\n")) == f"stack.yaml:10: egress[0].{says}"


@pytest.mark.parametrize("type_", CATALOGUE.with_caller_address)
def test_every_type_with_a_caller_can_be_suppressed(type_: str) -> None:
    assert CATALOGUE.actions[type_] == "AWS_API_CALL"
    assert type_.partition(":")[2].startswith(("IAMUser/", "S3/"))


def test_types_of_an_entry_are_kept_in_its_order(config_file: ConfigFile) -> None:
    deployment = config_file.deployment((ENDS, f"{ENDS}    {CHANGED}\n"))
    assert deployment.egress[0].finding_types == ("Recon:IAMUser/TorIPCaller",)


def test_catalogue_is_dated_and_agrees_with_itself() -> None:
    assert CATALOGUE.sources
    assert len(CATALOGUE.date) == len("2026-11")
    assert set(SUPPRESSED_FINDING_TYPES) <= set(CATALOGUE.with_caller_address)
    assert set(CATALOGUE.renamed.values()) <= set(CATALOGUE.actions)
    assert not (set(CATALOGUE.retired) | set(CATALOGUE.renamed)) & set(CATALOGUE.actions)


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        pytest.param(
            f"{IAM}TorIPCallers",
            "UnauthorizedAccess:IAMUser/TorIPCallers is no finding type known in 2026-11; did you mean"
            " 'UnauthorizedAccess:IAMUser/TorIPCaller'? if AWS has it since, refresh the list:"
            " python -m tools finding_types --write PAGE, a saved page of the user guide",
            id="misspelt",
        ),
        pytest.param(
            f"{IAM}InstanceCredentialExfiltration",
            "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration is called"
            " UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS today, so it matches nothing; write"
            " the new name",
            id="renamed",
        ),
        pytest.param(
            "Backdoor:EC2/XORDDOS",
            "Backdoor:EC2/XORDDOS is retired, GuardDuty no longer makes it, so it matches nothing; take it out",
            id="retired",
        ),
        pytest.param(
            "Recn:*",
            "Recn:* matches no finding type known in 2026-11; if AWS has one since, refresh the list:"
            " python -m tools finding_types --write PAGE, a saved page of the user guide",
            id="star-matches-nothing",
        ),
    ],
)
def test_route_is_told_of_a_type_that_may_match_nothing(config_file: ConfigFile, pattern: str, says: str) -> None:
    loaded = config_file.load(("  minimum_severity: 7\n", f'  minimum_severity: 7\n    finding_types: ["{pattern}"]\n'))
    assert loaded.warnings == (f"stack.yaml:20: routes[0].finding_types[0]: {says}",)
