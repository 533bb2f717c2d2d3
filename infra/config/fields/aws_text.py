"""Text that AWS gives a shape to: account ids, names, ARNs, IAM paths, tags."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from infra.config.errors import Path
from infra.config.fields.shape import Shape
from infra.config.model import FrozenMapping
from infra.config.refusals import refusals, refused, wrong
from infra.config.regions import GUARDDUTY_REGIONS
from infra.config.wording import near, shown

AccountId = Annotated[str, Shape(r"[0-9]{12}", "must be 12 digits in quotes")]

Name = Annotated[
    str,
    Shape(
        r"[a-z][a-z0-9-]{0,30}",
        "must be at most 31 small letters, digits and hyphens, the first a letter",
    ),
]
"""Name of an egress entry, a destination or a route."""

DeploymentName = Annotated[
    str,
    Shape(
        r"[A-Za-z][A-Za-z0-9-]{0,27}",
        "must be at most 28 letters, digits and hyphens, the first a letter",
    ),
]

# Filter names are <prefix>-<egress name>-<number>, and GuardDuty allows 64 characters: 28 + 1 + 31 + 1 + 3.
NamePrefix = Annotated[
    str,
    Shape(
        r"[a-z][a-z0-9-]{0,27}",
        "must be at most 28 small letters, digits and hyphens, the first a letter",
    ),
]

# No single quotes, spaces or a second @: enough to catch a slip, not a judgement whether the mailbox exists.
Email = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9.!#$%&*+/=?^_{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}",
        "must be an e-mail address such as security@example.com",
    ),
]

KEY_ARN = r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,128}"
KEY_ARN_FORM = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-…"

KeyArn = Annotated[
    str,
    Shape(
        KEY_ARN,
        f"must be the ARN of a KMS key, {KEY_ARN_FORM}, not of an alias, which can be moved",
    ),
]

EncryptionKey = Annotated[
    str,
    Shape(
        rf"create|{KEY_ARN}",
        f"must be 'create' or the ARN of a KMS key, {KEY_ARN_FORM}, not of an alias, which can be moved",
    ),
]

PermissionsBoundary = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9_+=,.@-]{1,128}|arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/([!-~]{1,512}/)?[A-Za-z0-9_+=,.@-]{1,128}",
        "must be the name of an IAM policy in the account, or a policy's ARN such as"
        " arn:aws:iam::123456789012:policy/boundary",
    ),
]

RolePath = Annotated[
    str,
    Shape(r"/([!-~]{1,510}/)?", "must be an IAM path that begins and ends with a slash, such as / or /detection/"),
]


def _known_region(name: str) -> str:
    if name not in GUARDDUTY_REGIONS:
        every = "for every Region write regions: all, without brackets" if name == "all" else ""
        raise wrong("must be a Region with GuardDuty such as eu-west-1", advice=every or near(name, GUARDDUTY_REGIONS))
    return name


RegionName = Annotated[
    str,
    Field(strict=True),
    AfterValidator(_known_region),
    WithJsonSchema(
        {"type": "string", "enum": list(GUARDDUTY_REGIONS), "patternErrorMessage": "must be a Region with GuardDuty"}
    ),
]

TAGS = 46
TAG_KEY_LENGTH = 128
TAG_VALUE_LENGTH = 256
"""Tags of a stack, which CloudFormation hands on, and their characters (botocore 1.44.5: cloudformation CreateStack;
guardduty TagKey and TagValue). A resource takes 50, of which four are ours where an entry of the configuration made
it."""


def tag_text(text: str) -> bool:
    """Tell whether AWS takes the text in a tag: letters, digits, blanks and a few signs (tagging reference)."""
    return all(unicodedata.category(sign)[0] in "LZN" or sign in "_.:/=+-@" for sign in text)


def _check_tags(tags: FrozenMapping[str, str]) -> FrozenMapping[str, str]:
    if len(tags) > TAGS:
        raise refused(
            f"must hold at most {TAGS} tags, got {len(tags)}; AWS takes 50 on one resource, of which four are ours"
        )
    found: list[tuple[Path, str]] = []
    for key, value in tags.items():
        rule = ""
        if not 1 <= len(key) <= TAG_KEY_LENGTH:
            rule = f"a tag's key must have 1 to {TAG_KEY_LENGTH} characters, got {len(key)}"
        elif key.lower().startswith("aws:"):
            rule = "a tag's key must not begin with aws:, which AWS keeps for itself; choose another key"
        elif not tag_text(key):
            rule = f"a tag's key must hold only letters, digits, spaces and _.:/=+-@, got {shown(key)}"
        elif len(value) > TAG_VALUE_LENGTH:
            rule = f"a tag's value must have at most {TAG_VALUE_LENGTH} characters, got {len(value)}"
        elif not tag_text(value):
            rule = f"a tag's value must hold only letters, digits, spaces and _.:/=+-@, got {shown(value)}"
        if rule:
            found.append(((key,), rule))
    refusals(found)
    return tags


Tags = Annotated[
    FrozenMapping[str, Annotated[str, Field(strict=True)]],
    AfterValidator(_check_tags),
]
"""Tags within the limits of AWS: 50, keys of 128 characters, values of 256."""
