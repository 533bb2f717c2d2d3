"""Secrets that somebody wrote into a field of a finding, kept out of messages; the ids of keys are no secrets."""

import re

HIDDEN = "(hidden)"

_LIMIT = 4000
_NAME = (
    r"(?:token|(?<![0-9]{12}:)secret(?!smanager\b)|passw(?:or)?d|api[_-]?key|access[_-]?key|authorization)[a-z_-]{0,20}"
)
_VALUE = r"([^\s\"',;&]{8,})"
_ASSIGNED = rf"(?:{_NAME}|bearer)[\"']?[ ]{{0,3}}[=:]{{1,2}}[ ]{{0,3}}[\"']?(?:(?:basic|bearer|token|apikey) )?"
_OPTION = rf"--?[a-z-]{{0,20}}{_NAME}[ ]{{1,3}}(?!-)"
# In prose a blank follows such a word as well; what has letters and digits is no word. In "the secret db-1" it is a
# name, as Kubernetes writes them.
_SAID = rf"(?!secret[ ](?:[a-z]+[-.])+[a-z0-9-]*(?![\w/+=.~]))(?:{_NAME}|bearer)[ ](?!arn:)(?=\S*[0-9])(?=\S*[a-z])"
_NAMED = re.compile(rf"(?i)({_ASSIGNED}|{_OPTION}|{_SAID}){_VALUE}")
# By their form: tokens of STS, Slack and GitHub, signed tokens (JWT), webhooks of Slack, private keys, and what is as
# long as a secret access key and has letters of both cases and digits, as all but one of a thousand keys do: no hash,
# and hardly a path. What begins with a slash and two words is one.
_KNOWN = re.compile(
    r"(?:FwoG|IQoJ)[A-Za-z0-9+/=]{20,}|xox[abeprs]-[A-Za-z0-9-]{8,}|gh[opsur]_[A-Za-z0-9]{20,}"
    r"|github_pat_[A-Za-z0-9_]{20,}|eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r"|(?<=hooks\.slack\.com/services/)[A-Za-z0-9/]{8,}|(?<=hooks\.slack-gov\.com/services/)[A-Za-z0-9/]{8,}"
    r"|(?<=PRIVATE KEY-----)[A-Za-z0-9+/=\s\\]{16,}"
    r"|(?<![A-Za-z0-9+/=])(?![A-Fa-f0-9]{40})(?=[a-z0-9+/]{0,39}[A-Z])(?=[A-Z0-9+/]{0,39}[a-z])(?=[A-Za-z+/]{0,39}[0-9])"
    r"(?!(?:/[A-Z]?[a-z]+){2}/)[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])"
)
_IN_ADDRESS = re.compile(r"(?<=://)([^\s/:@]*:)[^\s/@]+(?=@)")
"""A password before the host of an address."""

_KEY_ID = re.compile(r"A[KS]IA[A-Z0-9]{12,124}")


def without_secrets(text: str) -> str:
    """`text` with what looks like a secret replaced by `(hidden)`; cut at a length that nothing we show reaches."""
    head = text[:_LIMIT]
    if _may_name_one(head):
        head = _NAMED.sub(_masked, head)
    if "://" in head:
        head = _IN_ADDRESS.sub(rf"\1{HIDDEN}", head)
    return _KNOWN.sub(HIDDEN, head)


# What `_NAMED` begins with. Looking for a word takes a hundredth of looking for all of them in either case.
_NAMES = ("bearer", "token", "secret", "passw", "api", "access", "authorization")


def _may_name_one(text: str) -> bool:
    low = text.lower()
    # Beyond ASCII other letters match in either case too: the Kelvin sign is a `k` there.
    return not low.isascii() or any(name in low for name in _NAMES)


def without_tokens(text: str) -> str:
    """`text` without what has the form of a secret; for words of ours, in which `secretsmanager:` names none."""
    return _KNOWN.sub(HIDDEN, text[:_LIMIT])


def _masked(found: re.Match[str]) -> str:
    return found[0] if _KEY_ID.fullmatch(found[2]) else f"{found[1]}{HIDDEN}"
