"""Where a stack is deployed, as its ARNs say it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StackLocation:
    """Partition, Region and account of a stack, any of which may be a token.

    Read once for each stack and handed on: every look at CDK's objects takes as long as a small construct, and each
    Region has half a dozen ARNs.
    """

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str, *, region: str | None = None) -> str:
        """The ARN of a resource of this account, in the same Region unless it says otherwise."""
        return f"arn:{self.partition}:{service}:{region or self.region}:{self.account}:{resource}"
