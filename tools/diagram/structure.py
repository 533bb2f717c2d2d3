"""The structure of a deployment's picture, read from its templates."""

from collections.abc import Callable

from tools.diagram.delivery_lines import dead_letters, mail, queue_reader, rule, scheduled, topics_and_alarms
from tools.diagram.detection_lines import archive, suppression
from tools.diagram.frames import frames_of, groups_of
from tools.diagram.model import Diagram
from tools.diagram.organization_lines import appointed, enrolled, member_role, pipeline
from tools.diagram.right_lines import rights
from tools.diagram.world import World
from tools.templates.assembly import Assembly, Resource, Stack

_Reader = Callable[[Resource, Stack, World], None]
_READERS: dict[str, tuple[_Reader, ...]] = {
    "AWS::CloudFormation::StackSet": (member_role,),
    "AWS::CloudWatch::Alarm": (topics_and_alarms,),
    "AWS::Events::Archive": (archive,),
    "AWS::Events::Rule": (rule, dead_letters),
    "AWS::GuardDuty::Filter": (suppression,),
    "AWS::GuardDuty::IPSet": (suppression,),
    "AWS::GuardDuty::TrustedEntitySet": (suppression,),
    "AWS::IAM::Role": (pipeline,),
    "AWS::Lambda::EventSourceMapping": (queue_reader,),
    "AWS::Lambda::Function": (rights, dead_letters),
    "AWS::SNS::Subscription": (mail, dead_letters),
    "AWS::SNS::Topic": (topics_and_alarms,),
    "AWS::SQS::Queue": (topics_and_alarms, dead_letters),
    "AWS::Scheduler::Schedule": (scheduled, dead_letters),
    "AWS::StepFunctions::StateMachine": (rights,),
    "Custom::DetectiveDelegation": (appointed,),
    "Custom::DetectiveOrganization": (enrolled,),
    "Custom::GuardDutyDelegation": (appointed,),
    "Custom::GuardDutyOrganization": (enrolled,),
}


def structure_of(assembly: Assembly, *, name: str) -> Diagram:
    """Read an assembly.

    Raises:
        UndrawableError: It holds something of which nobody has said how it is drawn; names it.
    """
    groups = groups_of(assembly)
    world = World(groups)
    for stack in assembly.stacks.values():
        for resource in stack.resources.values():
            for reader in _READERS.get(resource.type, ()):
                reader(resource, stack, world)
    return Diagram(name=name, frames=frames_of(groups), nodes=world.nodes_told(), lines=world.lines_told())
