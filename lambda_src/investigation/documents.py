"""What travels from state to state of an investigation: JSON documents, each bounded far below 256 KiB.

Step Functions takes 256 KiB of input or output in one state (Step Functions developer guide, quotas).
"""

from typing import Literal, NotRequired, TypedDict


class Subject(TypedDict):
    """The finding, as much of it as an investigation needs; texts are empty where the finding says nothing.

    `severity` is as GuardDuty wrote it, so that a report takes the routes that the finding took. `region` is the
    envelope's, where GuardDuty found it; `call_region` is that of the call. `addresses` are those that GuardDuty saw,
    `remote_account` the account of the host, where that is on AWS; what an older version wrote lacks it.
    """

    finding_id: str
    type: str
    account: str
    severity: object
    region: str
    call_region: str
    partition: str
    access_key: str
    principal_id: str
    user_name: str
    user_type: str
    role_arn: str
    addresses: list[str]
    remote_account: NotRequired[str]
    first_seen: str
    last_seen: str


EntityKind = Literal["role", "user"]


class Entity(TypedDict):
    """The role or the IAM user as Detective and IAM know it; without an ARN, `reason` says why.

    What an older version wrote lacks the kind: it knew roles only.
    """

    kind: NotRequired[EntityKind]
    arn: str
    name: str
    reason: str


class Plan(TypedDict):
    """What is going to be looked at."""

    entity: Entity
    scope_start: str
    scope_end: str
    history_start: str
    regions: list[str]


Progress = Literal["waiting", "done"]

Outcome = Literal[
    "running",
    "successful",
    "failed",
    "timed-out",
    "no-graph",
    "not-a-member",
    "no-entity",
    "refused",
    "not-started",
    "unknown",
]
"""What became of an investigation of Detective's or GuardDuty's; only `successful` says anything about the role."""


class Fact(TypedDict):
    """One labelled line."""

    label: str
    value: str


class Probe(TypedDict):
    """An investigation that a service makes for us.

    `about` is what it is asked by: the ARN of the graph, or the id of the detector.
    """

    progress: Progress
    outcome: Outcome
    reason: str
    about: str
    id: str
    checks: int
    severity: str
    facts: list[Fact]
    complete: bool


Side = Literal["inside", "outside", "unclear"]


class Caller(TypedDict):
    """Everything that one address did with the key in one Region.

    `taken` counts calls that handed out other credentials, `took` names them; `secrets` counts those that read a
    secret. What an older version wrote lacks the three. `apis` counts calls by name and outcome (`calls.kept`), and
    `resources` what they were about (`resources.kept`), of which an older version wrote the names alone.
    """

    address: str
    side: Side
    how: str
    calls: int
    writes: int
    taken: NotRequired[int]
    secrets: NotRequired[int]
    denied: int
    failed: int
    first: str
    last: str
    apis: dict[str, int]
    more_apis: int
    agents: list[str]
    resources: dict[str, int] | list[str]
    took: NotRequired[list[str]]


Read = Literal["all", "part", "none", "off"]
"""`off`: the account had not enabled the Region, so that no key of it could be used there (`not_enabled`)."""


class Rest(TypedDict):
    """What some addresses did in sum; `first` and `last` are empty where no time was read."""

    addresses: int
    calls: int
    writes: int
    taken: NotRequired[int]
    secrets: NotRequired[int]
    denied: int
    failed: int
    first: str
    last: str


class RegionHistory(TypedDict):
    """The event history of one Region; with `part` or `none`, `reason` says why nothing follows from silence.

    `rest` holds, by side, the addresses beyond those that are told apart. What an older version wrote lacks it.
    """

    read: Read
    reason: str
    calls: int
    callers: list[Caller]
    rest: dict[Side, Rest]


class History(TypedDict):
    """The event history of every Region that was looked at.

    `late` counts calls that only the second look saw, where the first one could read. `unsorted` says why addresses of
    AWS could not be told.
    """

    regions: dict[str, RegionHistory]
    late: int
    looks: int
    unsorted: str


class Permissions(TypedDict):
    """What the policies of the role, or of the user and its groups, allow.

    Without `read`, `reason` says why that is not known. `everything` is without any bound; `broad` names what reaches
    over all services within some bound, `keys` a user's long-term keys. What an older version wrote lacks the two.
    """

    read: bool
    reason: str
    policies: list[str]
    more_policies: int
    unread: list[str]
    services: list[str]
    everything: bool
    broad: NotRequired[list[str]]
    boundary: str
    keys: NotRequired[list[str]]
