"""What AWS asks, in US dollars: dated, each with its source; another Region asks up to a quarter more."""

from dataclasses import dataclass

DATE = "2026-11-23"
REGION = "us-east-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One unit price.

    Attributes:
        dollars: For one `unit`.
        source: Where it stands. `second-hand` marks a transcription that nobody here has compared with AWS's page.
    """

    item: str
    unit: str
    dollars: float
    source: str


ALARM = Price(
    item="Metric that an alarm reads", unit="month", dollars=0.10,
    source="CloudWatch pricing, second-hand (cloudburn.io, 2026-02; c3x.dev)",
)  # fmt: skip
DASHBOARD = Price(
    item="CloudWatch dashboard", unit="month, beyond the account's first three", dollars=3.00,
    source="CloudWatch pricing, second-hand (cloudburn.io, 2026-02)",
)  # fmt: skip
METRIC = Price(
    item="Custom metric from the log", unit="name and set of dimensions, a month with data", dollars=0.30,
    source="CloudWatch pricing, second-hand (cloudburn.io, 2026-02)",
)  # fmt: skip
KEY = Price(
    item="KMS key", unit="month; a dollar more after each of the first two rotations", dollars=1.00,
    source="aws.amazon.com/kms/pricing",
)  # fmt: skip
SECRET = Price(
    item="Secret (yours)", unit="month", dollars=0.40,
    source="Secrets Manager pricing, second-hand",
)  # fmt: skip
POLLING = Price(
    item="Queue read by a function", unit="month: five long polls of 20 s at a time, 648,000 requests", dollars=0.26,
    source="SQS pricing, $0.40 a million after the first million; Lambda developer guide, polling of SQS queues",
)  # fmt: skip

STANDING = (ALARM, METRIC, DASHBOARD, KEY, SECRET, POLLING)
"""What is paid whether or not anything happens."""

BY_USE = (
    Price(
        item="Finding forwarded to the home Region", unit="million", dollars=1.00,
        source="EventBridge pricing, custom events, second-hand (awsfundamentals.com); the sender pays",
    ),
    Price(
        item="Queue requests", unit="million", dollars=0.40,
        source="SQS pricing, second-hand",
    ),
    Price(
        item="State transitions of an investigation", unit="thousand", dollars=0.025,
        source="Step Functions pricing, second-hand",
    ),
    Price(
        item="Archive of the findings bus", unit="GB and month", dollars=0.10,
        source="EventBridge pricing, second-hand (factualminds.com, 2026-06)",
    ),
)  # fmt: skip
"""What the plumbing costs when something happens: cents, for any number of findings that people could read."""

MANAGEMENT_EVENTS = Price(
    item="GuardDuty, CloudTrail management events", unit="million", dollars=4.00,
    source="GuardDuty pricing, second-hand (2026-06 and 2026-10)",
)  # fmt: skip
NETWORK_LOGS = Price(
    item="GuardDuty, VPC flow and DNS logs", unit="GB (first 500; then 0.50, then 0.25)", dollars=1.00,
    source="GuardDuty pricing, second-hand (2026-06 and 2026-10)",
)  # fmt: skip
DETECTIVE = Price(
    item="Detective", unit="GB of the first tier", dollars=2.00,
    source="second-hand, and not compared with anything: treat as a guess",
)  # fmt: skip
