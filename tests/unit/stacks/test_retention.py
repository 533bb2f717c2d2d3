"""What must outlive its stack."""

from tests.synthesis import Templates, resources

RETAINED = {
    "AWS::DynamoDB::Table",
    "AWS::GuardDuty::Detector",
    "AWS::Detective::Graph",
    "AWS::Events::Archive",
    "AWS::Events::EventBus",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
}

EVEN_ON_CREATE = {
    # CreateGraph returns the graph that is there (botocore detective 1.44.5), and the rollback of a first deployment
    # would delete it, with up to a year of history.
    "AWS::Detective::Graph",
    # Says which accounts could not be enrolled, and why: needed most when the deployment failed.
    "OrganizationWorkerLogs",
}
"""What even the rollback of a first deployment must leave."""


def test_stateful_resources_outlive_their_stack(sandbox: Templates, everything: Templates) -> None:
    found = set()
    for template in (sandbox | everything).values():
        for id_, resource in template["Resources"].items():
            dead_letters = resource["Type"] == "AWS::SQS::Queue" and "RedrivePolicy" not in resource["Properties"]
            if resource["Type"] in RETAINED or dead_letters:
                found.add(resource["Type"])
                # Except on create: a first deployment that fails leaves nothing behind that the second one trips over.
                even_then = any(kept in f"{resource['Type']} {id_}" for kept in EVEN_ON_CREATE)
                assert resource["DeletionPolicy"] == ("Retain" if even_then else "RetainExceptOnCreate"), id_
                assert resource["UpdateReplacePolicy"] == "Retain", id_
    assert found == {*RETAINED, "AWS::SQS::Queue"}


def test_every_log_is_kept_for_three_months(sandbox: Templates, everything: Templates, govcloud: Templates) -> None:
    """As long as GuardDuty keeps a finding, so that what became of each can be told (docs/operations.md)."""
    for template in (sandbox | everything | govcloud).values():
        for id_, group in resources(template, "AWS::Logs::LogGroup").items():
            assert group["Properties"]["RetentionInDays"] == 90, id_


def test_a_graph_is_not_asked_for_once_the_detector_has_failed(sandbox: Templates, everything: Templates) -> None:
    found = 0
    for template in (sandbox | everything).values():
        for graph in resources(template, "AWS::Detective::Graph").values():
            assert graph["DependsOn"] == list(resources(template, "AWS::GuardDuty::Detector"))
            found += 1
    assert found == 3
