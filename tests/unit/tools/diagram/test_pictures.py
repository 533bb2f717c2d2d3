"""The committed pictures show the deployments of `config/` as they are, and come out the same each time."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from infra.project import PROJECT
from tools.diagram.__main__ import DAY, PICTURED, differences, drawn_otherwise, main, picture_of, structure
from tools.diagram.icons import NoIconsError, symbol
from tools.diagram.layout import LayoutError, layout
from tools.diagram.lines import KINDS
from tools.diagram.metadata import Drawn, as_metadata, drawn_in
from tools.diagram.model import Diagram
from tools.diagram.steps import story_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def sandbox_now() -> Diagram:
    """The structure of config/sandbox.yaml."""
    return structure("sandbox", today=DAY)


@pytest.fixture
def committed() -> str:
    """The picture of the sandbox."""
    return picture_of("sandbox").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def organization_now() -> Diagram:
    """The structure of config/organization.yaml."""
    return structure("organization", today=DAY)


@pytest.fixture(params=PICTURED)
def now(request: pytest.FixtureRequest) -> Diagram:
    """The structure of each deployment that is pictured."""
    found: Diagram = request.getfixturevalue(f"{request.param}_now")
    return found


def test_a_picture_shows_its_deployment(now: Diagram) -> None:
    found = differences(now.name, now)
    assert not found, "\n".join(found)


@pytest.mark.skipif(
    not (PROJECT / "node_modules" / "elkjs").is_dir(), reason="needs node_modules: make setup, or npm ci, installs it"
)
def test_the_same_templates_give_the_same_bytes(now: Diagram) -> None:
    assert drawn_otherwise(now.name, now) == ()


@pytest.mark.parametrize("name", PICTURED)
def test_a_picture_stands_by_itself(name: str) -> None:
    text = picture_of(name).read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 (our own file)
    tags = {one.tag.removeprefix(SVG) for one in root.iter()}
    assert tags == {
        "svg", "title", "metadata", "style", "defs", "symbol", "g", "path", "marker", "rect", "use", "text",
        "circle",
    }  # fmt: skip
    links = {one.attrib[key] for one in root.iter() for key in one.attrib if key.endswith("href")}
    assert links
    assert all(link.startswith("#") for link in links)
    assert "url(http" not in text
    assert "@import" not in text


@pytest.mark.parametrize("name", PICTURED)
def test_a_picture_draws_each_node_and_frame_once_and_every_line_with_a_style(name: str) -> None:
    text = picture_of(name).read_text(encoding="utf-8")
    shown = drawn_in(text).structure
    groups = [one.attrib["id"] for one in ET.fromstring(text).iter(f"{SVG}g") if "id" in one.attrib]  # noqa: S314
    assert sorted(groups) == sorted([one.id for one in shown.frames] + [one.id for one in shown.nodes])
    drawn = re.findall(r'<path class="line (\w+)" [^>]*><title>([^<]+)</title>', text)
    styles = {kind: about.style.value for kind, about in KINDS.items() if about.style}
    lines = {
        (styles[one.kind], escape(f"{one.source} {one.kind} {one.target}")) for one in shown.lines if one.kind in styles
    }
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == lines


@pytest.mark.parametrize("name", PICTURED)
def test_no_words_leave_the_picture_and_none_are_smaller_than_eleven_pixels(name: str) -> None:
    text = picture_of(name).read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 (our own file)
    width, height = (float(root.attrib[key]) for key in ("width", "height"))
    for one in root.iter(f"{SVG}text"):
        assert 0 <= float(one.attrib["x"]) < width
        assert 0 <= float(one.attrib["y"]) < height
    sizes = [float(part.partition("px")[0]) for part in text.split("font-size:")[1:]]
    assert min(sizes) >= 11


def test_the_steps_are_told_in_the_order_of_a_finding(committed: str) -> None:
    numbers = story_of(drawn_in(committed).structure).numbers
    in_order = (
        "sandbox-Detection/GuardDuty", "sandbox-Detection/filter", "sandbox-Detection/Forwarder/Rule",
        "sandbox-Response/CatchAll/Rule", "sandbox-Response/To-security-mail/Notifier/Function",
        "mail security@example.com", "sandbox-Response/Investigation/Machine",
        "sandbox-Response/SuppressionReview/Worker/Function", "sandbox-Response/alarms",
    )  # fmt: skip
    assert [numbers[one] for one in in_order] == list(range(1, 10))
    assert "mail platform@example.com" not in numbers


def test_a_stale_picture_is_told_with_what_differs_and_the_command(sandbox_now: Diagram) -> None:
    without = Diagram(
        name=sandbox_now.name, frames=sandbox_now.frames, nodes=sandbox_now.nodes[1:], lines=sandbox_now.lines
    )
    first, *rest, command = differences("sandbox", without)
    assert first == "docs/images/architecture-sandbox.svg shows another structure:"
    assert [one.split(":")[0] for one in rest] == [f"- node {sandbox_now.nodes[0].id}"]
    assert command == "run: python -m tools diagram sandbox --write"


def test_metadata_survives_signs_that_xml_keeps_for_itself() -> None:
    drawn = Drawn(structure=Diagram(name="a<b> & 'c'", frames=(), nodes=(), lines=()), start=3)
    assert drawn_in(f"<svg>{as_metadata(drawn)}</svg>") == drawn


@pytest.mark.parametrize("text", ["<svg/>", "<metadata>{}</metadata>"])
def test_another_picture_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no picture of python -m tools diagram"):
        drawn_in(text)


def test_without_the_packages_it_says_what_to_do(sandbox_now: Diagram, tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match=r"elkjs: is not there; run npm ci$"):
        layout(sandbox_now, project=tmp_path)
    with pytest.raises(NoIconsError, match=r"cannot be read: No such file or directory; run npm ci$"):
        symbol("guardduty", project=tmp_path)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["nowhere"], "no configuration 'nowhere'; known: "),
        (["prod", "--write"], "docs/images shows sandbox and organization; for others use --output"),
        (["--app", "."], "is no cloud assembly"),
    ],
)
def test_wrong_input_is_told_and_gives_two(given: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(given) == 2
    told = capsys.readouterr().err
    assert told.splitlines()[-1].startswith("diagram: ")
    assert said in told


def test_without_an_option_it_tells_what_would_be_drawn(
    sandbox_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--app", str(sandbox_folder)]) == 0
    assert (
        "line sandbox-Response/Bus -matches-> sandbox-Response/CatchAll/Rule, said 3 times" in capsys.readouterr().out
    )
