"""Every type of resource is drawn, folded or left out on purpose; an unknown one is refused by name."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.project import PROJECT
from tests.deployments import GOVCLOUD
from tests.synthesis import synthesize
from tools.diagram.icons import ICONS
from tools.diagram.kinds import DRAWN, FOLDED, NOT_DRAWN, kind_of
from tools.diagram.lines import KINDS
from tools.diagram.model import UndrawableError
from tools.diagram.structure import structure_of
from tools.templates.assembly import Assembly, Json, Resource, Stack, read_assembly


def assembly(resources: Mapping[str, tuple[str, Json]]) -> Assembly:
    made = {
        id_: Resource(logical_id=id_, type=type_, label=id_, properties=properties, attributes={})
        for id_, (type_, properties) in resources.items()
    }
    stack = Stack(name="one", account="111122223333", region="eu-west-1", resources=made)
    return Assembly(folder=Path(), stacks={"one": stack})


def types_in(folder: Path) -> set[str]:
    return {one.type for stack in read_assembly(folder).stacks.values() for one in stack.resources.values()}


def test_the_three_lists_share_no_type() -> None:
    assert len({*DRAWN, *FOLDED, *NOT_DRAWN}) == len(DRAWN) + len(FOLDED) + len(NOT_DRAWN)


def test_the_three_lists_are_what_the_templates_hold(
    sandbox_folder: Path, everything_folder: Path, tmp_path: Path
) -> None:
    synthesize(GOVCLOUD, outdir=tmp_path, checked=False)
    held = types_in(sandbox_folder) | types_in(everything_folder) | types_in(tmp_path)
    assert held == set(DRAWN) | set(FOLDED) | set(NOT_DRAWN), "tools/diagram/kinds.py says how each type is drawn"


def test_an_unknown_type_is_refused_by_name() -> None:
    with pytest.raises(UndrawableError, match=r"^one: Firewall: is a AWS::WAFv2::WebACL, of which nobody has said"):
        structure_of(assembly({"Firewall": ("AWS::WAFv2::WebACL", {})}), name="one")


def test_a_right_at_an_unknown_service_is_refused_by_name() -> None:
    policy = {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}}
    service = {"Statement": [{"Principal": {"Service": "lambda.amazonaws.com"}}]}
    function = {"Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Handler": "notifier.handler.handler"}
    held: dict[str, tuple[str, Json]] = {
        "Role": ("AWS::IAM::Role", {"Policies": [policy], "AssumeRolePolicyDocument": service}),
        "Function": ("AWS::Lambda::Function", function),
    }
    with pytest.raises(UndrawableError, match="may do something with 's3', of which nobody has said how it is drawn"):
        structure_of(assembly(held), name="one")


def test_a_destination_of_an_unknown_kind_is_refused_by_name() -> None:
    variables = {"DESTINATION_KIND": "pigeon", "DESTINATION_NAME": "loft"}
    function = {"Handler": "notifier.handler.handler", "Environment": {"Variables": variables}}
    with pytest.raises(UndrawableError, match="Function: sends to 'pigeon', of which nobody has said how it is drawn"):
        structure_of(assembly({"Function": ("AWS::Lambda::Function", function)}), name="one")


def test_every_drawn_kind_has_an_icon_and_every_line_a_style_or_a_reason(
    sandbox_folder: Path, everything_folder: Path
) -> None:
    drawn = [structure_of(read_assembly(folder), name="one") for folder in (sandbox_folder, everything_folder)]
    nodes = {node.kind for diagram in drawn for node in diagram.nodes}
    frames = {frame.kind for diagram in drawn for frame in diagram.frames}
    assert set(DRAWN.values()) | nodes | frames == set(ICONS)
    assert {line.kind for diagram in drawn for line in diagram.lines} == set(KINDS)
    assert all((kind.style is None) == bool(kind.why_not) for kind in KINDS.values())


def test_a_folded_or_left_out_type_has_no_node() -> None:
    assert [kind_of(type_, where="") for type_ in (*FOLDED, *NOT_DRAWN)] == [None] * (len(FOLDED) + len(NOT_DRAWN))


def test_the_icons_and_the_layout_are_pinned_with_licences_that_we_know() -> None:
    packages = json.loads((PROJECT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    licences = {name.removeprefix("node_modules/"): one["license"] for name, one in packages.items() if name}
    assert licences == {"aws-cdk": "Apache-2.0", "aws-icons": "MIT", "elkjs": "EPL-2.0 OR GPL-3.0-or-later"}
