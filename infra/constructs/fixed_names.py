"""Names that we choose: something has to know them before there is a resource, or CloudFormation's would not say whose.

All begin with the deployment's prefix, or its name; everything else keeps the name that CloudFormation gives it.
"""


def findings_bus_name(name_prefix: str) -> str:
    """The findings bus: other Regions build its ARN from its name, since stacks of two Regions cannot share one."""
    return f"{name_prefix}-findings"


def forwarder_name(name_prefix: str) -> str:
    """The rule of a Region that sends findings to the findings bus."""
    return f"{name_prefix}-forwarder"


def heartbeat_name(name_prefix: str) -> str:
    """The schedule of a Region that puts heartbeats on its default bus."""
    return f"{name_prefix}-heartbeat"


def watch_name(name_prefix: str) -> str:
    """Beginning of the names of the rules that watch calls."""
    return f"{name_prefix}-watch"


def machine_name(name_prefix: str) -> str:
    """The state machine of investigations.

    The watch and CloudFormation's policy tell it by that: the name that CloudFormation would choose is the logical id
    alone, without the stack's name (aws/aws-sam-cli#2022).
    """
    return f"{name_prefix}-investigation"


def stack_set_name(deployment: str) -> str:
    """The StackSet of the reading role in member accounts, by which CloudFormation's policy tells it."""
    return f"{deployment}-investigation-member-role"
