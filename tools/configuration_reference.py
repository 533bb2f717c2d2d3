"""docs/configuration.md, written from the models: every key, what it takes, and what it does."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from infra.config import FEATURES, GUARDDUTY_REGIONS, region_facts
from infra.config.regions import TABLE_DATE
from infra.config.schema import json_schema
from tools.terminal.generated_file import keep_current

REFERENCE_FILE = Path(__file__).parents[1] / "docs" / "configuration.md"

INTRODUCTION = """\
<!-- Written from infra/config by `python -m tools configuration_reference --write`: change the models, not this. -->

# Configuration

One deployment is one file, `config/<name>.yaml`; [`config/sandbox.yaml`](../config/sandbox.yaml) is the file to copy.
`cdk deploy -c config=<name>` chooses it, `sandbox` if nothing is said. Editors that know the YAML language server
complete and check while you write, by the first line of the file.

A wrong file is refused before anything is deployed, with every mistake at once:

```text
config/sandbox.yaml:12: routes[0]: unknown key 'min_severity'; did you mean 'minimum_severity'? known: …
```

With `ownership: existing` the ids of detectors and graphs come from `config/found/<name>.json`, which
`python -m tools doctor <name> --write` makes from live accounts, with reading calls only. Commit it; the build asks no
service, and says what to run where the file is missing, lacks a Region, or is of another account.

Anchors, aliases, merge keys, tags and a second document are refused too: what stands in the file is what is meant.
Text that YAML would take for something else (`NO`, an account id) goes in quotes; dates do not.

If `config/aws-ip-ranges.json` is there, a copy of https://ip-ranges.amazonaws.com/ip-ranges.json that you commit, an
egress or trusted range that holds addresses of AWS is refused. Without the file that is not checked: a build asks no
network.
"""

HEADINGS = {
    "Organization": "organization",
    "KnownAccount": "accounts.<account>",
    "IdentityCenter": "identity_center",
    "GuardDuty": "guardduty",
    "Detective": "detective",
    "EgressEntry": "egress[]",
    "Scope": "egress[].scope",
    "FunctionTag": "egress[].scope.function_tag",
    "EgressLimits": "egress_limits",
    "SuppressionReview": "suppression_review",
    "TrustedEntry": "trusted_list[]",
    "SnsDestination": "destinations[], kind sns",
    "SlackDestination": "destinations[], kind slack",
    "TeamsDestination": "destinations[], kind teams",
    "PagerDutyDestination": "destinations[], kind pagerduty",
    "WebhookDestination": "destinations[], kind webhook",
    "Route": "routes[]",
    "Flood": "flood",
    "Investigation": "investigation",
    "MemberRole": "investigation.member_role",
    "Watch": "watch",
    "ExpectedCaller": "watch.expected[]",
    "Heartbeat": "heartbeat",
    "Operations": "operations",
    "Ci": "ci",
    "RegionOverride": "region_overrides.<region>",
}
"""How a reader of the file calls each model."""


def reference() -> str:
    """Return the page."""
    schema = json_schema()
    parts = [INTRODUCTION, "## Top level\n", *_table(schema)]
    for model, heading in HEADINGS.items():
        definition = schema["definitions"][model]
        parts += [f"\n## `{heading}`\n", f"{definition['description']}\n", *_table(definition)]
    return "\n".join([*parts, *_regions()]) + "\n"


def _table(model: dict[str, Any]) -> Iterator[str]:
    yield "| Key | Takes | Default | What it does, and what a change means |"
    yield "| --- | --- | --- | --- |"
    for key, field in model["properties"].items():
        cells = (f"`{key}`", _takes(field), _default(key, field, model), field["description"])
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(key: str, field: dict[str, Any], model: dict[str, Any]) -> str:
    if key in model.get("required", ()):
        return "**required**"
    if "default" not in field:
        return "see right"
    default = field["default"]
    if isinstance(default, dict) and default:
        return "see below"
    if isinstance(default, list) and default:
        return ", ".join(f"`{_as_yaml(item)}`" for item in default)
    if isinstance(default, float):
        return f"`{default:g}`"
    return f"`{default}`" if isinstance(default, str) else f"`{json.dumps(default)}`"


def _as_yaml(value: object) -> str:
    """A value as one writes it in a line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_as_yaml(inner)}" for key, inner in value.items()) + "}"
    return str(value)


def _takes(field: dict[str, Any]) -> str:
    """Say in words what a field accepts."""
    match field:
        case {"allOf": [{"$ref": reference}]} | {"$ref": reference}:
            text = _link(reference)
        case {"anyOf": choices} | {"oneOf": choices}:
            text = " or ".join("`null`" if choice == {"type": "null"} else _takes(choice) for choice in choices)
        case {"const": value}:
            text = f"`{value}`"
        case {"type": "array", "items": items}:
            text = f"list of {_counted(field)}{_takes(items)}"
        case {"type": "object"}:
            text = f"mapping of {_maps(field)}"
        case {"patternErrorMessage": rule}:
            text = str(rule).removeprefix("must be ")
        case {"enum": values}:
            text = ", ".join(f"`{value}`" for value in values)
        case {"type": "boolean"}:
            text = "`true` or `false`"
        case {"type": "integer" | "number" as kind, "minimum": least, "maximum": most}:
            text = f"{'whole ' if kind == 'integer' else ''}number, {least:,.12g} to {most:,.12g}"
        case {"type": "string"}:
            text = "text"
        case _:
            raise ValueError(f"no words yet for {field}")
    return text


def _maps(field: dict[str, Any]) -> str:
    """Say in words what a mapping holds: keys of ours, or keys of a shape."""
    if "properties" in field:
        return ", ".join(f"`{key}` to {_takes(value)}" for key, value in field["properties"].items())
    if "patternProperties" in field:
        (values,) = field["patternProperties"].values()
        rule = str(field["propertyNames"]["patternErrorMessage"])
        return f"{rule.removeprefix('must be ')} to {_takes(values)}"
    return f"names to {_takes(field['additionalProperties'])}"


def _counted(field: dict[str, Any]) -> str:
    least, most = field.get("minItems", 0), field.get("maxItems")
    if most:
        return f"{least} to {most}: "
    return f"at least {least}: " if least else ""


def _link(reference: str) -> str:
    model = reference.rpartition("/")[2]
    if model not in HEADINGS:
        raise ValueError(f"no heading yet for {model}; add it to HEADINGS in tools/configuration_reference.py")
    heading = HEADINGS[model]
    anchor = "".join(sign for sign in heading.lower() if sign.isalnum() or sign in " -_").replace(" ", "-")
    return f"[`{heading}`](#{anchor})"


def _regions() -> Iterator[str]:
    yield "\n## Regions\n"
    yield (
        f"What the project takes for granted (table of {TABLE_DATE}, sources in `infra/config/regions.py`). If AWS"
        " offers more or less by now, say so in `region_overrides`.\n"
    )
    yield "| Region | Partition | Detective | Opt-in | Trusted list | Archive | Protection plans not offered |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for name in GUARDDUTY_REGIONS:
        facts = region_facts(name)
        missing = ", ".join(f"`{feature}`" for feature in FEATURES if feature not in facts.features) or "none"
        yes_no = {True: "yes", False: "no"}
        kind = "TrustedEntitySet" if facts.trusted_entity_set else "IPSet"
        flags = (yes_no[facts.detective], yes_no[facts.opt_in], kind, yes_no[facts.event_archive])
        cells = (name, facts.partition, *flags, missing)
        yield f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str]) -> int:
    """Print the page, write it to its file, or tell whether the file is current."""
    return keep_current(
        arguments,
        command="python -m tools configuration_reference",
        about=main.__doc__,
        file=REFERENCE_FILE,
        name="docs/configuration.md",
        text=reference,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
