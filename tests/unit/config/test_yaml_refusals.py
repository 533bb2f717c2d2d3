"""What is refused before anybody looks at the keys, and in which words."""

import pytest

from tests.unit.config.examples import ConfigFile, spoiled

REFUSED = [
    spoiled(
        "alias",
        more="tags: {a: *t}\n",
        says="24: tags.a: aliases are not accepted, got '*t'; write the value out",
    ),
    spoiled(
        "anchor",
        more="tags: {a: &t b}\n",
        says="24: tags.a: anchors are not accepted, got '&t'; write the value where it is needed",
    ),
    spoiled(
        "merge-key",
        more="tags: {<<: {a: b}}\n",
        says="24: tags: merge keys ('<<') are not accepted; write the keys out",
    ),
    spoiled(
        "python-tag",
        ("name: sandbox", "name: !!python/object/apply:os.system [ls]"),
        says=(
            "1: name: tags are not accepted, got 'tag:yaml.org,2002:python/object/apply:os.system'; write "
            "plain text, numbers, lists and mappings"
        ),
    ),
    spoiled(
        "switch-as-a-key",
        more="tags: {on: x}\n",
        says="24: tags: a key must be text, got the true/false value on; put it in quotes",
    ),
    spoiled(
        "duplicate-key-in-a-list",
        ("    minimum_severity: 7\n", "    minimum_severity: 7\n    minimum_severity: 5\n"),
        says=(
            "20: routes[0]: duplicate key 'minimum_severity', first given in line 19; keep one, the other would be lost"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "more", "message"), REFUSED)
def test_fails_saying_where_what_and_what_to_do(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, message: str
) -> None:
    assert config_file.refusal(*changes, more=more) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            "",
            "stack.yaml: is empty; docs/configuration.md and docs/explain.md (cases) show what belongs in it",
            id="empty",
        ),
        pytest.param(
            "# nothing\n",
            "stack.yaml: is empty; docs/configuration.md and docs/explain.md (cases) show what belongs in it",
            id="only-comments",
        ),
        pytest.param(
            "- a\n- b\n", "stack.yaml:1: must be a mapping of keys such as 'name: sandbox', got a list", id="list"
        ),
        pytest.param(
            "hello\n", "stack.yaml:1: must be a mapping of keys such as 'name: sandbox', got 'hello'", id="text"
        ),
        pytest.param(
            b"name: a\n# \xff\n", "stack.yaml:2: is not UTF-8 text, got the byte 0xff; save it as UTF-8", id="not-utf-8"
        ),
        pytest.param("name: a".encode("utf-16"), "stack.yaml: is UTF-16 text; save it as UTF-8", id="utf-16"),
        pytest.param(
            "name: a\n\x07\n", "stack.yaml:2: must not hold the control character U+0007", id="control-character"
        ),
        pytest.param(
            "egress:\n\t- a\n",
            (
                "stack.yaml:2: is not valid YAML, column 1: while scanning for the next token: found character "
                "'\\t' that cannot start any token; there is a tab in this line or the one before, and only "
                "spaces count"
            ),
            id="tab-for-indentation",
        ),
        pytest.param(
            "name: [a\nregions: b\n",
            (
                "stack.yaml:2: is not valid YAML, column 8: while parsing a flow sequence: expected ',' or ']', "
                "but got ':'"
            ),
            id="unclosed-list",
        ),
        pytest.param(
            "name: a\n---\nname: b\n",
            "stack.yaml:2: a second YAML document begins here; keep one, without '---' between parts",
            id="two-documents",
        ),
        pytest.param(
            "#" * (256 * 1024 + 1),
            "stack.yaml: is larger than 256 KiB; a configuration is a few kilobytes, is this the right file?",
            id="too-large",
        ),
        pytest.param("[" * 200, "stack.yaml:1: is nested more than 16 deep", id="nested-too-deep"),
        pytest.param(
            'name: "\\UFFFFFFFF"\n',
            (
                "stack.yaml:1: is not valid YAML: holds the code of a character that does not exist, or a number "
                "beyond reading"
            ),
            id="impossible-character",
        ),
        pytest.param(
            "[a]: b\n", "stack.yaml:1: a key must be plain text, got a list, a mapping or an alias", id="list-as-a-key"
        ),
    ],
)
def test_fails_for_a_content_that_is_no_configuration(
    config_file: ConfigFile, content: str | bytes, message: str
) -> None:
    assert config_file.refusal_of(content) == message
