"""What is refused of the deployment as a whole, and in which words."""

import pytest

from tests.unit.config.examples import ConfigFile, spoiled

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"

REFUSED = [
    spoiled(
        "name-that-yaml-reads-as-false",
        ("name: sandbox", "name: NO"),
        says=(
            "1: name: must be at most 28 letters, digits and hyphens, the first a letter, got the true/false "
            "value NO; put it in quotes"
        ),
    ),
    spoiled(
        "name-with-an-underscore",
        ("name: sandbox", "name: sand_box"),
        says="1: name: must be at most 28 letters, digits and hyphens, the first a letter, got 'sand_box'",
    ),
    spoiled(
        "name-too-long",
        ("name: sandbox", "name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        says=(
            "1: name: must be at most 28 letters, digits and hyphens, the first a letter, got "
            "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"
        ),
    ),
    spoiled(
        "account-without-quotes",
        more="account: 123456789012\n",
        says="24: account: must be 12 digits in quotes, got the number 123456789012",
    ),
    spoiled(
        "account-that-yaml-reads-as-octal",
        more="account: 012345670123\n",
        says=(
            "24: account: 012345670123 is read by YAML as the number 1402433619; put text in quotes, write "
            "numbers in plain decimal digits"
        ),
    ),
    spoiled(
        "account-too-short",
        more='account: "12345678901"\n',
        says="24: account: must be 12 digits in quotes, got '12345678901'",
    ),
    spoiled(
        "account-with-a-line-end",
        more='account: "123456789012\\n"\n',
        says="24: account: must be 12 digits in quotes, got '123456789012\\n'",
    ),
    spoiled(
        "region-misspelt",
        ("[eu-west-1, us-east-1]", "[eu-west-1, us-eest-1]"),
        says=(
            "3: regions[1]: must be a Region with GuardDuty such as eu-west-1, got 'us-eest-1'; did you mean "
            "'us-west-1'?"
        ),
    ),
    spoiled(
        "region-unknown",
        ("[eu-west-1, us-east-1]", "[eu-west-1, moon-1]"),
        says="3: regions[1]: must be a Region with GuardDuty such as eu-west-1, got 'moon-1'",
    ),
    spoiled(
        "region-twice",
        ("[eu-west-1, us-east-1]", "[eu-west-1, eu-west-1]"),
        says="3: regions[1]: must be distinct, got 'eu-west-1', which is already at [0]; keep one of them",
    ),
    spoiled(
        "regions-empty",
        ("[eu-west-1, us-east-1]", "[]"),
        says="3: regions: must hold at least 1 item, got none",
    ),
    spoiled(
        "regions-no-list",
        ("[eu-west-1, us-east-1]", "eu-west-1"),
        says=(
            "3: regions: must be all, a list such as [eu-west-1, us-east-1], or a mapping such as "
            "{all_except: [me-south-1]}, got 'eu-west-1'; write [eu-west-1]"
        ),
    ),
    spoiled(
        "regions-all-but-misspelt",
        ("[eu-west-1, us-east-1]", "{all_exept: [us-west-1]}"),
        says=(
            "3: regions: must be all, a list such as [eu-west-1, us-east-1], or a mapping such as "
            "{all_except: [me-south-1]}, got a mapping of keys; did you mean 'all_except'?"
        ),
    ),
    spoiled(
        "every-region-in-a-list",
        ("[eu-west-1, us-east-1]", "[all]"),
        says=(
            "3: regions[0]: must be a Region with GuardDuty such as eu-west-1, got 'all'; for every Region write "
            "regions: all, without brackets"
        ),
    ),
    spoiled(
        "regions-left-blank",
        ("[eu-west-1, us-east-1]", ""),
        says="3: regions: must be a list such as [a, b], got nothing; write its items below it",
    ),
    spoiled(
        "home-region-not-among-regions",
        ("home_region: eu-west-1", "home_region: eu-west-2"),
        says="2: home_region: must be one of regions, got 'eu-west-2'; regions are eu-west-1, us-east-1",
    ),
    spoiled(
        "two-partitions",
        ("[eu-west-1, us-east-1]", "[eu-west-1, cn-north-1]"),
        says=(
            "3: regions[1]: must be of one partition, got 'cn-north-1' of aws-cn beside 'eu-west-1' of aws; "
            "accounts do not span partitions, so make a second configuration file"
        ),
    ),
    spoiled(
        "two-regions-without-forwarding",
        ("home_region: eu-west-1", "home_region: us-gov-west-1"),
        ("[eu-west-1, us-east-1]", "[us-gov-west-1, us-gov-east-1]"),
        says=(
            "3: regions: must be exactly one in partition aws-us-gov, got 2: EventBridge does not forward "
            "findings across Regions there; write hub: regional, which gives each Region a Response stack of its own"
        ),
    ),
    spoiled(
        "one-key-for-hubs-in-two-regions",
        more=f"hub: regional\nencryption_key: {KEY}\n",
        says=(
            "25: encryption_key: must be create with hub: regional and 2 Regions, got a key of one of them; each "
            "Response stack needs a key of its own Region"
        ),
    ),
    spoiled(
        "one-secrets-key-for-hubs-in-two-regions",
        ("slack-webhook", f"slack-webhook\n    webhook_secret_key: {KEY}"),
        more="hub: regional\n",
        says=(
            "17: destinations[1].webhook_secret_key: must be left out with hub: regional and 2 Regions, got a key of "
            "one of them; encrypt the secret of each Region with the key that AWS manages, or make a file for each "
            "Region"
        ),
    ),
    spoiled(
        "unknown-key-in-a-route",
        ("minimum_severity:", "min_severity:"),
        says=(
            "19: routes[0]: unknown key 'min_severity'; did you mean 'minimum_severity'? known: name, "
            "finding_types, accounts, except_accounts, minimum_severity, below_severity, to"
        ),
    ),
    spoiled(
        "missing-section",
        ("operations:\n  emails: [platform@anycompany.com]\n", ""),
        says="1: missing key 'operations' (Who is told when the stack itself is in trouble)",
    ),
    *(
        spoiled(
            id_,
            ("emails: [platform@anycompany.com]", f"emails: [platform@anycompany.com]\n  runbook_url: {url}"),
            says=(
                "24: operations.runbook_url: must be an https:// address of at most 208 characters without '#' and "
                f"spaces, to which #<section> is added, or docs/operations.md, got {url!r}"
            ),
        )
        for id_, url in (
            ("runbook-without-tls", "http://wiki.example.com/operations"),
            ("runbook-at-a-section", "https://wiki.example.com/operations#age"),
            ("runbook-of-another-folder", "docs/other.md"),
        )
    ),
    spoiled(
        "feature-misspelt",
        more="guardduty: {features: [S3_DATA_EVENT]}\n",
        says=(
            "24: guardduty.features[0]: must be one of AI_ANALYST, AI_PROTECTION, EBS_MALWARE_PROTECTION, "
            "EKS_AUDIT_LOGS, LAMBDA_NETWORK_LOGS, RDS_LOGIN_EVENTS, RUNTIME_MONITORING, S3_DATA_EVENTS, got "
            "'S3_DATA_EVENT'; did you mean 'S3_DATA_EVENTS'?"
        ),
    ),
    spoiled(
        "feature-superseded",
        more="guardduty: {features: [EKS_RUNTIME_MONITORING]}\n",
        says=(
            "24: guardduty.features[0]: must be a current protection plan, got 'EKS_RUNTIME_MONITORING'; "
            "write RUNTIME_MONITORING, which covers EKS too"
        ),
    ),
    spoiled(
        "feature-twice",
        more="guardduty: {features: [S3_DATA_EVENTS, S3_DATA_EVENTS]}\n",
        says=(
            "24: guardduty.features[1]: must be distinct, got 'S3_DATA_EVENTS', which is already at [0]; "
            "keep one of them"
        ),
    ),
    spoiled(
        "feature-of-no-region",
        ("[eu-west-1, us-east-1]", "[eu-west-1]"),
        more="guardduty: {features: [RDS_LOGIN_EVENTS]}\n"
        "region_overrides: {eu-west-1: {features_not_offered: [RDS_LOGIN_EVENTS]}}\n",
        says=(
            "24: guardduty.features[0]: RDS_LOGIN_EVENTS is offered in none of the regions (eu-west-1); "
            "leave it out, or correct the table in region_overrides"
        ),
    ),
    spoiled(
        "agents-without-runtime-monitoring",
        more="guardduty: {runtime_monitoring_agents: [EC2_AGENT_MANAGEMENT]}\n",
        says=(
            "24: guardduty.runtime_monitoring_agents: must be empty unless features holds "
            "RUNTIME_MONITORING; add it there, or write [] here"
        ),
    ),
    spoiled(
        "frequency-as-a-number",
        more="guardduty: {finding_publishing_frequency: 15}\n",
        says=(
            "24: guardduty.finding_publishing_frequency: must be one of FIFTEEN_MINUTES, ONE_HOUR, "
            "SIX_HOURS, got the number 15"
        ),
    ),
    spoiled(
        "section-left-blank",
        more="guardduty:\n",
        says="24: guardduty: must be a mapping of keys, got nothing; write its keys below it",
    ),
    spoiled(
        "section-given-as-a-switch",
        more="detective: yes\n",
        says="24: detective: must be a mapping of keys, got the true/false value yes",
    ),
    spoiled(
        "switch-as-text",
        more='detective: {enabled: "true"}\n',
        says="24: detective.enabled: must be true or false, got 'true'; write it without quotes",
    ),
    spoiled(
        "archive-of-no-days",
        more="archive_days: 0\n",
        says="24: archive_days: must be at least 1, got the number 0",
    ),
    spoiled(
        "archive-of-half-a-day",
        more="archive_days: 1.5\n",
        says="24: archive_days: must be a whole number, got the number 1.5",
    ),
    spoiled(
        "archive-in-octal",
        more="archive_days: 010\n",
        says=(
            "24: archive_days: 010 is read by YAML as the number 8; put text in quotes, write numbers in "
            "plain decimal digits"
        ),
    ),
    spoiled(
        "archive-in-sexagesimal",
        more="archive_days: 1:30\n",
        says=(
            "24: archive_days: 1:30 is read by YAML as the number 90; put text in quotes, write numbers in "
            "plain decimal digits"
        ),
    ),
    spoiled(
        "key-by-alias",
        more="encryption_key: alias/findings\n",
        says=(
            "24: encryption_key: must be 'create' or the ARN of a KMS key, "
            "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-…, not of an alias, which can be moved, got "
            "'alias/findings'"
        ),
    ),
    spoiled(
        "key-of-another-region",
        more="encryption_key: arn:aws:kms:us-east-1:123456789012:key/1234abcd\n",
        says=(
            "24: encryption_key: must be a key of the home Region eu-west-1, got one of 'us-east-1'; queues "
            "and topics can only use a key of their own Region"
        ),
    ),
    spoiled(
        "key-of-another-account",
        more=f'account: "210987654321"\nencryption_key: {KEY}\n',
        says="25: encryption_key: must be a key of account 210987654321, got one of 123456789012",
    ),
    spoiled(
        "key-of-another-partition",
        more="encryption_key: arn:aws-cn:kms:eu-west-1:123456789012:key/1234abcd\n",
        says="24: encryption_key: must be an ARN of partition aws, got one of 'aws-cn'",
    ),
    spoiled(
        "a-mistake-beside-a-prefix-of-its-own",
        ("minimum_severity: 7", "minimum_severity: 0.5"),
        more="name_prefix: other\n",
        says="19: routes[0].minimum_severity: must be at least 1, got the number 0.5",
    ),
    spoiled(
        "prefix-with-a-capital",
        more="name_prefix: Sandbox\n",
        says=(
            "24: name_prefix: must be at most 28 small letters, digits and hyphens, the first a letter, got 'Sandbox'"
        ),
    ),
    spoiled(
        "boundary-no-policy",
        more="permissions_boundary: arn:aws:iam::123456789012:role/x\n",
        says=(
            "24: permissions_boundary: must be the name of an IAM policy in the account, or a policy's ARN "
            "such as arn:aws:iam::123456789012:policy/boundary, got 'arn:aws:iam::123456789012:role/x'"
        ),
    ),
    spoiled(
        "boundary-of-another-account",
        more='account: "210987654321"\npermissions_boundary: arn:aws:iam::123456789012:policy/x\n',
        says="25: permissions_boundary: must be a policy of account 210987654321, got one of 123456789012",
    ),
    spoiled(
        "role-path-without-its-slash",
        more="role_path: /detection\n",
        says=(
            "24: role_path: must be an IAM path that begins and ends with a slash, such as / or /detection/, "
            "got '/detection'"
        ),
    ),
    spoiled(
        "tag-as-a-number",
        more="tags: {cost-center: 1234}\n",
        says="24: tags.cost-center: must be text, got the number 1234; put it in quotes",
    ),
    spoiled(
        "tag-of-aws",
        more="tags: {aws:owner: x}\n",
        says=(
            "24: tags.aws:owner: a tag's key must not begin with aws:, which AWS keeps for itself; choose another key"
        ),
    ),
    spoiled(
        "tag-key-too-long",
        more=f"tags: {{{'k' * 129}: x}}\n",
        says=(
            "24: tags.'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…': a "
            "tag's key must have 1 to 128 characters, got 129"
        ),
    ),
    spoiled(
        "tag-value-too-long",
        more=f"tags: {{k: {'v' * 257}}}\n",
        says="24: tags.k: a tag's value must have at most 256 characters, got 257",
    ),
    spoiled(
        "tag-with-a-sign-aws-refuses",
        more="tags: {k: 'a&b'}\n",
        says="24: tags.k: a tag's value must hold only letters, digits, spaces and _.:/=+-@, got 'a&b'",
    ),
    spoiled(
        "tags-too-many",
        more=f"tags: {{{', '.join(f'k{n}: x' for n in range(51))}}}\n",
        says="24: tags: must hold at most 46 tags, got 51; AWS takes 50 on one resource, of which four are ours",
    ),
    spoiled(
        "override-of-a-region-not-used",
        more="region_overrides: {us-east-2: {detective: true}}\n",
        says=(
            "24: region_overrides.us-east-2: is not among regions and would have no effect; "
            "regions are eu-west-1, us-east-1"
        ),
    ),
    spoiled(
        "override-of-no-region",
        more="region_overrides: {moon-1: {detective: true}}\n",
        says="24: region_overrides.moon-1: must be a Region with GuardDuty such as eu-west-1, got 'moon-1'",
    ),
    spoiled(
        "override-with-an-unknown-key",
        more="region_overrides: {us-east-1: {detectiv: true}}\n",
        says=(
            "24: region_overrides.us-east-1: unknown key 'detectiv'; did you mean 'detective'? known: "
            "detective, features_not_offered, trusted_entity_set, event_archive, guardduty_ownership, "
            "detective_ownership"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "more", "message"), REFUSED)
def test_fails_saying_where_what_and_what_to_do(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, message: str
) -> None:
    assert config_file.refusal(*changes, more=more) == message
