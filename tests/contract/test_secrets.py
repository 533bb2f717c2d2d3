"""What has the form of a secret is refused in the configuration, and kept out of messages: by the same forms."""

from string import ascii_lowercase

import pytest

from infra.config.known_secrets import holds_token
from notifier.items.hidden import HIDDEN, without_tokens

REST = "0123456789aBcDeFgHiJ"
FORMS = [
    *(f"xox{letter}-{REST}" for letter in ascii_lowercase),
    *(f"gh{letter}_{REST}" for letter in ascii_lowercase),
    f"github_pat_{REST}", f"github_{REST}", f"xoxb{REST}", "xoxb-1234567", "xoxb-12345678", f"ghp_{REST[1:]}",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_tokens_of_slack_and_github_are_the_same_to_both(form: str) -> None:
    assert (without_tokens(form) == HIDDEN) == holds_token(form)


def test_some_are_tokens_and_some_are_not() -> None:
    assert [form for form in FORMS if holds_token(form)] == [
        *(f"xox{letter}-{REST}" for letter in "abeprs"), *(f"gh{letter}_{REST}" for letter in "oprsu"),
        f"github_pat_{REST}", "xoxb-12345678",
    ]  # fmt: skip
