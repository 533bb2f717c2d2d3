"""What must outlive its stack, and keep its identity in every version of this project."""

from tests.synthesis import Templates, resources

# A changed logical id is a replaced resource: a second detector, a lost archive. Never edit a line; add lines.
LOGICAL_IDS = {
    "AWS::GuardDuty::Detector": {"GuardDuty32B27AAC"},
    "AWS::Detective::Graph": {"Detective3AC01C79"},
    "AWS::Events::EventBus": {"Bus52AA7421"},
    "AWS::Events::Archive": {"BusArchiveF8E22C1B"},
    "AWS::KMS::Key": {"Key961B73FD"},
    "AWS::Logs::LogGroup": {
        "TosecuritymailNotifierLogs0583AC00",
        "TosecurityslackNotifierLogsC91E6EDE",
        "SuppressionReviewWorkerLogs896718CC",
    },
    "AWS::DynamoDB::Table": {"SuppressionReviewMemoryDD0B6702", "LedgerTable487EE4D4"},
}

DEAD_LETTERS = {
    "ForwarderUndelivered217EC7E0",
    "SuppressionReviewDeadLetters4E073AF4",
    "TopicsecuritymailUndelivered428D37A3",
    "TosecuritymailDeadLettersDE4F15C3",
    "TosecurityslackDeadLetters5DE0F037",
}

RETAINED = {
    "AWS::DynamoDB::Table",
    "AWS::GuardDuty::Detector",
    "AWS::Detective::Graph",
    "AWS::Events::Archive",
    "AWS::Events::EventBus",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
}


def test_logical_ids_of_what_cannot_be_made_again_stay_the_same(sandbox: Templates) -> None:
    for type_, ids in LOGICAL_IDS.items():
        found = {id_ for template in sandbox.values() for id_ in resources(template, type_)}
        assert found == ids, type_


def test_logical_ids_of_dead_letter_queues_stay_the_same(sandbox: Templates) -> None:
    found = {
        id_
        for template in sandbox.values()
        for id_, queue in resources(template, "AWS::SQS::Queue").items()
        if "RedrivePolicy" not in queue["Properties"]
    }
    assert found == DEAD_LETTERS


def test_stateful_resources_outlive_their_stack(sandbox: Templates, everything: Templates) -> None:
    for template in (sandbox | everything).values():
        for id_, resource in template["Resources"].items():
            dead_letters = resource["Type"] == "AWS::SQS::Queue" and "RedrivePolicy" not in resource["Properties"]
            if resource["Type"] in RETAINED or dead_letters:
                # Except on create: a first deployment that fails leaves nothing behind that the second one trips over.
                assert resource["DeletionPolicy"] == "RetainExceptOnCreate", id_
                assert resource["UpdateReplacePolicy"] == "Retain", id_
