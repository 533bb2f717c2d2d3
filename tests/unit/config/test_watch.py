"""What is allowed and refused of the watch and the heartbeat."""

import pytest

from tests.unit.config.examples import ConfigFile, spoiled

REFUSED = [
    spoiled(
        "watch-told-to-an-unknown-destination",
        more="watch: {to: [security-slck]}\n",
        says="24: watch.to[0]: unknown destination 'security-slck'; did you mean 'security-slack'? known: "
        "security-mail, security-slack",
    ),
    spoiled(
        "watch-told-to-everybody",
        more="watch: {to: [a, b, c, d, e, f]}\n",
        says="24: watch.to: must hold at most 5 items, got 6",
    ),
    spoiled(
        "everybody-is-expected",
        more='watch: {expected: [{role: deploy-role, session: "*"}]}\n',
        says="24: watch.expected[0].session: must be the name of a role session: 5 to 64 letters, digits and _+=,.@-, "
        "the last one may be a * for any text, got '*'",
    ),
    spoiled(
        "a-star-within-a-role",
        more='watch: {expected: [{role: "dep*loy", session: pipeline}]}\n',
        says="24: watch.expected[0].role: must be the name of a role, without its path: 5 to 64 letters, digits and "
        "_+=,.@-, the last one may be a * for any text, got 'dep*loy'",
    ),
    spoiled(
        "a-caller-without-a-session",
        more="watch: {expected: [{role: deploy-role}]}\n",
        says="24: watch.expected[0]: missing key 'session' (Name of the session, such as the pipeline's "
        "`CDK_ROLE_SESSION_NAME`; a `*` at the end stands for any text)",
    ),
    spoiled(
        "too-many-callers",
        more="watch: {expected: [" + ", ".join(f"{{role: deploy-{n}, session: pipeline}}" for n in range(6)) + "]}\n",
        says="24: watch.expected: must hold at most 5 items, got 6",
    ),
    spoiled(
        "the-heartbeat-as-text",
        more='heartbeat: {enabled: "no"}\n',
        says="24: heartbeat.enabled: must be true or false, got 'no'; write it without quotes",
    ),
    spoiled(
        "a-route-named-like-the-watch",
        ("- name: high", "- name: watch"),
        says="18: routes[0].name: must not be 'watch', which is the rule for changes to the stack; choose another name",
    ),
]


@pytest.mark.parametrize(("changes", "more", "says"), REFUSED)
def test_fails_with_words_that_help(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, says: str
) -> None:
    assert config_file.refusal(*changes, more=more) == says


def test_everybody_in_the_catch_all_hears_of_changes_unless_others_are_named(config_file: ConfigFile) -> None:
    assert config_file.deployment().watchers == ("security-mail",)
    assert config_file.deployment(more="watch: {to: [security-slack]}\n").watchers == ("security-slack",)
    assert config_file.deployment(more="watch: {enabled: false}\n").watchers == ()


def test_the_pipeline_of_this_project_is_expected(config_file: ConfigFile) -> None:
    watch = config_file.deployment().watch
    assert [(one.role, one.session) for one in watch.expected] == [
        ("cdk-hnb659fds-deploy-role-*", "detection-stack-*"),
        ("cdk-hnb659fds-file-publishing-role-*", "detection-stack-*"),
    ]
    assert watch.cloudformation_roles == ("cdk-hnb659fds-cfn-exec-role-*",)


def test_a_destination_that_is_told_of_changes_only_is_used(config_file: ConfigFile) -> None:
    with_spare = ("routes:", "  - {name: spare, kind: sns, emails: [spare@anycompany.com]}\nroutes:")
    assert any("spare is in no route" in one for one in config_file.load(with_spare).warnings)
    assert config_file.load(with_spare, more="watch: {to: [spare]}\n").warnings == ()
