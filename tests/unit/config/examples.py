"""A good configuration file, and a way to spoil it line by line."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from infra.config import ConfigurationError, Deployment, LoadedDeployment, load

TODAY = date(2026, 11, 23)

GOOD = """\
name: sandbox
home_region: eu-west-1
regions: [eu-west-1, us-east-1]
egress:
  - name: frankfurt-dc
    cidrs: [8.8.4.0/28]
    owner: network-ops
    reason: Frankfurt data centre, NAT pool A
    expires: 2027-06-30
destinations:
  - name: security-mail
    kind: sns
    emails: [security@anycompany.com]
  - name: security-slack
    kind: slack
    webhook_secret: detection/slack-webhook
routes:
  - name: high
    minimum_severity: 7
    to: [security-slack]
catch_all: [security-mail]
operations:
  emails: [platform@anycompany.com]
"""


class ConfigFile:
    """`stack.yaml` in the current folder, which holds `GOOD` until a test changes it."""

    path = Path("stack.yaml")

    def load(self, *changes: tuple[str, str], more: str = "") -> LoadedDeployment:
        """Load it after replacing text, each exactly once, and adding lines (from line 24) at the end."""
        text = GOOD
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} must occur once"
            text = text.replace(old, new)
        return self.load_text(text + more)

    def load_text(self, text: str | bytes) -> LoadedDeployment:
        """Load it with quite another content."""
        self.path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(self.path, today=TODAY)

    def deployment(self, *changes: tuple[str, str], more: str = "") -> Deployment:
        """Return the deployment after the changes, which must cause no warning."""
        loaded = self.load(*changes, more=more)
        assert loaded.warnings == ()
        return loaded.deployment

    def refusal(self, *changes: tuple[str, str], more: str = "") -> str:
        """Return the message with which the changed file is refused."""
        with pytest.raises(ConfigurationError) as refused:
            self.load(*changes, more=more)
        return str(refused.value)

    def refusal_of(self, text: str | bytes) -> str:
        """Return the message with which a content is refused."""
        with pytest.raises(ConfigurationError) as refused:
            self.load_text(text)
        return str(refused.value)


def spoiled(id_: str, *changes: tuple[str, str], more: str = "", says: str) -> Any:
    """Describe, for a table of refusals, what spoils the file, and the whole message after `stack.yaml:`."""
    return pytest.param(changes, more, f"stack.yaml:{says}", id=id_)
