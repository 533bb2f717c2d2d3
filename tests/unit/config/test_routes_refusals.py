"""What is refused as a route, and in which words."""

import pytest

from tests.unit.config.examples import ConfigFile, spoiled

ACCOUNTS = ", ".join(f'"{number:012}"' for number in range(130))

MANY = ", ".join(f"Recon:EC2/A{n:03}{'x' * 80}" for n in range(20))

PAYMENTS = 'accounts:\n  "111122223333": {name: payments-prod, owner: payments, groups: [production]}\n'

MANY_OF_PAYMENTS = "accounts:\n" + "".join(
    f'  "{number:012}": {{name: "payments {number}", owner: payments}}\n' for number in range(130)
)

STARRED = "".join(f'  - name: r{n}\n    finding_types: ["*:EC2/*{n}"]\n    to: [security-slack]\n' for n in range(31))

REFUSED = [
    spoiled(
        "more-wildcard-rules-than-a-bus-takes",
        ("catch_all:", f"{STARRED}catch_all:"),
        says="18: routes: 31 routes use a star before the end of a finding type, EventBridge allows 30 on one bus; "
        "write exact types",
    ),
    spoiled(
        "named-like-the-catch-all",
        ("- name: high", "- name: catch-all"),
        says="18: routes[0].name: must not be 'catch-all', which is the rule that carries every finding to the "
        "destinations in catch_all; choose another name",
    ),
    spoiled(
        "named-like-the-rules-for-notices",
        ("- name: high", "- name: notices-high"),
        says="18: routes[0].name: must not begin with 'notices-', which is how the rules for notices about suppression "
        "are named; choose another name",
    ),
    spoiled(
        "notices-to-an-unknown-destination",
        ("catch_all:", "suppression_review: {to: [security-slck]}\ncatch_all:"),
        says="21: suppression_review.to[0]: unknown destination 'security-slck'; did you mean 'security-slack'? known: "
        "security-mail, security-slack",
    ),
    spoiled(
        "notices-to-everybody",
        ("catch_all:", "suppression_review: {to: [a, b, c, d, e, f]}\ncatch_all:"),
        says="21: suppression_review.to: must hold at most 5 items, got 6",
    ),
    spoiled(
        "stale-tomorrow",
        ("catch_all:", "suppression_review: {stale_days: 1}\ncatch_all:"),
        says="21: suppression_review.stale_days: must be at least 7, got the number 1",
    ),
    spoiled(
        "severity-as-a-switch",
        ("minimum_severity: 7", "minimum_severity: yes"),
        says="19: routes[0].minimum_severity: must be a number, got the true/false value yes",
    ),
    spoiled(
        "severity-as-text",
        ("minimum_severity: 7", 'minimum_severity: "7"'),
        says="19: routes[0].minimum_severity: must be a number, got '7'; write it without quotes",
    ),
    spoiled(
        "severity-as-a-word",
        ("minimum_severity: 7", "minimum_severity: HIGH"),
        says="19: routes[0].minimum_severity: must be a number, got 'HIGH'; High begins at 7",
    ),
    spoiled(
        "severity-too-low",
        ("minimum_severity: 7", "minimum_severity: 0.5"),
        says="19: routes[0].minimum_severity: must be at least 1, got the number 0.5",
    ),
    spoiled(
        "severity-too-high",
        ("minimum_severity: 7", "minimum_severity: 11"),
        says="19: routes[0].minimum_severity: must be at most 10, got the number 11",
    ),
    spoiled(
        "severity-not-a-number",
        ("minimum_severity: 7", "minimum_severity: .nan"),
        says="19: routes[0].minimum_severity: must be a finite number, got the number .nan",
    ),
    spoiled(
        "type-without-its-purpose",
        ("minimum_severity: 7", "finding_types: [IAMUser/AnomalousBehavior]"),
        says=(
            "19: routes[0].finding_types[0]: must be a whole finding type or hold a star, got "
            "'IAMUser/AnomalousBehavior'; finding types begin with their purpose, for example "
            "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS; to match any purpose "
            "begin with *:"
        ),
    ),
    spoiled(
        "type-with-two-stars",
        ("minimum_severity: 7", 'finding_types: ["Recon:**"]'),
        says=(
            "19: routes[0].finding_types[0]: must not hold two stars in a row, got 'Recon:**'; one star "
            "already stands for any text"
        ),
    ),
    spoiled(
        "type-with-a-space",
        ("minimum_severity: 7", 'finding_types: ["Recon: *"]'),
        says=(
            "19: routes[0].finding_types[0]: must be a finding type such as "
            "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS, or a pattern with a star "
            "such as CredentialAccess:*, got 'Recon: *'"
        ),
    ),
    spoiled(
        "types-too-long-for-a-pattern",
        ("minimum_severity: 7", f"finding_types: [{MANY}]"),
        says=(
            "18: routes[0]: finding_types and accounts need 1,946 characters of an EventBridge pattern, at "
            "most 1,800 fit; use wildcards, or split the route in two"
        ),
    ),
    spoiled(
        "accounts-too-long-for-a-pattern",
        ("minimum_severity: 7", f"accounts: [{ACCOUNTS}]"),
        says=(
            "18: routes[0]: finding_types and accounts need 1,956 characters of an EventBridge pattern, at most 1,800 "
            "fit; name the others in except_accounts, if they are fewer, or split the route in two"
        ),
    ),
    spoiled(
        "too-many-accounts-left-out",
        ("minimum_severity: 7", f"except_accounts: [{ACCOUNTS}]"),
        says=(
            "18: routes[0]: finding_types and except_accounts need 1,956 characters of an EventBridge pattern, at most "
            "1,800 fit; name the others in accounts, if they are fewer"
        ),
    ),
    spoiled(
        "accounts-and-all-but-some",
        ("minimum_severity: 7", 'accounts: ["111122223333"]\n    except_accounts: ["444455556666"]'),
        says=(
            "20: routes[0].except_accounts: must be left out beside accounts, which says already whose findings take "
            "the route; keep one of them"
        ),
    ),
    spoiled(
        "no-severity-between",
        ("minimum_severity: 7", "minimum_severity: 7\n    below_severity: 7"),
        says=(
            "20: routes[0].below_severity: must be above minimum_severity, got 7 with 7: no finding would take the "
            "route; the upper end is the first severity that is not taken"
        ),
    ),
    spoiled(
        "owner-with-a-blank",
        ("minimum_severity: 7", "accounts: [owner: payments]"),
        says=(
            "19: routes[0].accounts[0]: must be 12 digits in quotes, or owner: or group: right before a name from "
            "the list of accounts, such as owner:payments, got a mapping of keys"
        ),
    ),
    spoiled(
        "owner-of-no-account",
        ("minimum_severity: 7", "accounts: [owner:payment]"),
        more=PAYMENTS,
        says=(
            "19: routes[0].accounts[0]: no account has 'owner:payment'; did you mean 'owner:payments'? known: "
            "group:production, owner:payments"
        ),
    ),
    spoiled(
        "group-of-no-account",
        ("minimum_severity: 7", "except_accounts: [group:tests]"),
        says="19: routes[0].except_accounts[0]: no account has 'group:tests'; known: none",
    ),
    spoiled(
        "too-many-accounts-of-an-owner",
        ("minimum_severity: 7", "accounts: [owner:payments]"),
        more=MANY_OF_PAYMENTS,
        says=(
            "18: routes[0]: finding_types and accounts need 1,956 characters of an EventBridge pattern, at most 1,800 "
            "fit; name the others in except_accounts, if they are fewer, or split the route in two"
        ),
    ),
    spoiled(
        "route-account-without-quotes",
        ("minimum_severity: 7", "accounts: [123456789012]"),
        says=(
            "19: routes[0].accounts[0]: must be 12 digits in quotes, or owner: or group: right before a name from "
            "the list of accounts, such as owner:payments, got the number 123456789012"
        ),
    ),
    spoiled(
        "route-to-nowhere",
        ("to: [security-slack]", "to: []"),
        says="20: routes[0].to: must hold at least 1 item, got none",
    ),
    spoiled(
        "route-to-an-unknown-destination",
        ("to: [security-slack]", "to: [security-slck]"),
        says=(
            "20: routes[0].to[0]: unknown destination 'security-slck'; did you mean 'security-slack'? known: "
            "security-mail, security-slack"
        ),
    ),
    spoiled(
        "route-to-the-catch-all",
        ("to: [security-slack]", "to: [security-slack, security-mail]"),
        says=(
            "20: routes[0].to[1]: 'security-mail' is in catch_all and already receives every finding, so "
            "that the route adds nothing; take it out of this route or out of catch_all"
        ),
    ),
    spoiled(
        "route-name-twice",
        (
            "    to: [security-slack]\n",
            '    to: [security-slack]\n  - {name: high, finding_types: ["Recon:*"], to: [security-slack]}\n',
        ),
        says="21: routes[1].name: must be distinct, got 'high', which is already at [0]; keep one of them",
    ),
    spoiled(
        "catch-all-empty",
        ("catch_all: [security-mail]", "catch_all: []"),
        says="21: catch_all: must hold at least 1 item, got none",
    ),
    spoiled(
        "catch-all-unknown",
        ("catch_all: [security-mail]", "catch_all: [nobody]"),
        says="21: catch_all[0]: unknown destination 'nobody'; known: security-mail, security-slack",
    ),
]


@pytest.mark.parametrize(("changes", "more", "message"), REFUSED)
def test_fails_saying_where_what_and_what_to_do(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, message: str
) -> None:
    assert config_file.refusal(*changes, more=more) == message
