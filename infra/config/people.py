"""What messages say beside the finding: the names of accounts, and the way people sign in to them."""

from typing import Annotated

from infra.config.entry import Owner
from infra.config.model import Model, Shape

AccountName = Annotated[str, Shape(r"\S(.{0,62}\S)?", "must be one line of 1 to 64 characters, such as payments-prod")]

StartUrl = Annotated[
    str,
    Shape(
        r"https://[a-z0-9.-]{1,128}\.(awsapps\.(com|cn)/(start|directory/[a-z0-9-]{1,63})|portal\.[a-z0-9-]{1,32}\.app\.aws)",
        "must be the start URL of an access portal without a slash at the end, such as"
        " https://example.awsapps.com/start",
    ),
]

PermissionSetName = Annotated[
    str,
    # IAM Identity Center API reference, CreatePermissionSet.
    Shape(r"[A-Za-z0-9_+=,.@-]{1,32}", "must be the name of a permission set, such as SecurityAudit"),
]


class KnownAccount(Model):
    """An account as people call it."""

    name: AccountName
    """What people call the account."""

    owner: Owner
    """Team or person who answers for it."""


class IdentityCenter(Model):
    """The access portal of IAM Identity Center, through which links in messages open the console."""

    start_url: StartUrl
    """Start URL of the portal, such as `https://example.awsapps.com/start`."""

    role_name: PermissionSetName
    """Permission set with which a link opens; whoever reads messages needs it in every account."""
