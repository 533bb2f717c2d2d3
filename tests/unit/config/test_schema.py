"""What editors and readers get to see: config/schema.json and docs/configuration.md."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfnlint.jsonschema import StandardValidator

from infra.config import schema
from tools import configuration_reference, configuration_schema

MODELINE = "# yaml-language-server: $schema=schema.json"


def test_schema_file_is_current() -> None:
    assert configuration_schema.main(["--check"]) == 0


def test_reference_is_current() -> None:
    assert configuration_reference.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("module", "constant", "command"),
    [
        pytest.param(configuration_schema, "SCHEMA_FILE", "tools configuration_schema", id="schema"),
        pytest.param(configuration_reference, "REFERENCE_FILE", "tools configuration_reference", id="reference"),
    ],
)
def test_fails_until_the_file_is_written(
    module: Any,
    constant: str,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = Path(getattr(module, constant))
    monkeypatch.setattr(module, constant, tmp_path / "written")
    assert module.main(["--check"]) == 1
    assert (
        capsys.readouterr().err == f"{file.parent.name}/{file.name}: is not current; run python -m {command} --write\n"
    )
    assert module.main(["--write"]) == 0
    assert module.main(["--check"]) == 0
    assert module.main([]) == 0
    assert capsys.readouterr().out == (tmp_path / "written").read_text(encoding="utf-8")


def test_every_configuration_file_names_the_schema() -> None:
    for file in configuration_schema.SCHEMA_FILE.parent.glob("*.yaml"):
        assert file.read_text(encoding="utf-8").startswith(MODELINE), file.name


@pytest.mark.parametrize("name", ["sandbox", "organization"])
def test_editors_accept_the_examples(name: str) -> None:
    content = yaml.safe_load((configuration_schema.SCHEMA_FILE.parent / f"{name}.yaml").read_text(encoding="utf-8"))
    # an editor reads YAML 1.2, in which a date is text
    for entry in content["egress"]:
        entry["expires"] = str(entry["expires"])
    assert not list(StandardValidator(schema.json_schema()).iter_errors(content))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("account", 123456789012, id="account-without-quotes"),
        pytest.param("regions", ["moon-1"], id="no-such-region"),
        pytest.param("regions", ["eu-west-1", "eu-west-1"], id="region-twice"),
        pytest.param("regions", {"all_except": []}, id="all-but-none"),
        pytest.param("regions", {"all_but": ["eu-west-1"]}, id="regions-with-an-unknown-key"),
        pytest.param("organization", {"management_account": "1"}, id="account-too-short"),
        pytest.param(
            "organization",
            {"management_account": "111122223333", "member_features": ["AI_ANALYST"]},
            id="plan-for-the-administrator",
        ),
        pytest.param("archive_days", 0, id="below-a-limit"),
        pytest.param("catch_all", [], id="empty"),
        pytest.param("surprise", 1, id="unknown-key"),
    ],
)
def test_editors_refuse_what_the_loader_refuses(key: str, value: object) -> None:
    content = {
        "name": "sandbox",
        "home_region": "eu-west-1",
        "regions": ["eu-west-1"],
        "destinations": [{"name": "mail", "kind": "sns", "emails": ["security@example.com"]}],
        "catch_all": ["mail"],
        "operations": {"emails": ["platform@example.com"]},
    }
    editor = StandardValidator(schema.json_schema())
    assert not list(editor.iter_errors(content))
    assert list(editor.iter_errors(content | {key: value}))


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Walk through every object of the schema."""
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(inner)


def test_schema_is_draft_7_with_a_word_on_every_key() -> None:
    document = schema.json_schema()
    assert document["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$defs" not in json.dumps(document)
    for node in nodes(document):
        assert "$ref" not in node or len(node) == 1, "draft 7 ignores what stands beside a $ref"
        for key, field in node.get("properties", {}).items():
            assert field.get("description"), key


def test_schema_knows_no_keys_but_ours() -> None:
    document = schema.json_schema()
    for model in (document, *document["definitions"].values()):
        assert model["additionalProperties"] is False
