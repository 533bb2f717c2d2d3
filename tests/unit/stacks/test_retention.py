"""What must outlive its stack."""

from tests.synthesis import Templates

RETAINED = {
    "AWS::DynamoDB::Table",
    "AWS::GuardDuty::Detector",
    "AWS::Detective::Graph",
    "AWS::Events::Archive",
    "AWS::Events::EventBus",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
}


def test_stateful_resources_outlive_their_stack(sandbox: Templates, everything: Templates) -> None:
    found = set()
    for template in (sandbox | everything).values():
        for id_, resource in template["Resources"].items():
            dead_letters = resource["Type"] == "AWS::SQS::Queue" and "RedrivePolicy" not in resource["Properties"]
            if resource["Type"] in RETAINED or dead_letters:
                found.add(resource["Type"])
                # Except on create: a first deployment that fails leaves nothing behind that the second one trips over.
                assert resource["DeletionPolicy"] == "RetainExceptOnCreate", id_
                assert resource["UpdateReplacePolicy"] == "Retain", id_
    assert found == {*RETAINED, "AWS::SQS::Queue"}
