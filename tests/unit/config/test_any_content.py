"""Whatever a file holds: a deployment, or lines that begin with the file's name. Never a traceback."""

import re
from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from infra.config import ConfigurationError, LoadedDeployment
from infra.config.reading.translate import said
from tests.unit.config.examples import GOOD, ConfigFile

LINES = GOOD.splitlines()
KEYS = sorted(set(re.findall(r"[a-z_]+(?=:)", GOOD)) | {"account", "tags", "region_overrides", "guardduty", "features"})

PYDANTIC_SPEAKS = re.compile(
    r"Input should|Extra inputs|Field required|validation|Value error|valid (string|number|list)"
)

# Each call rewrites the one file; the folder of the test is enough.
several = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

odd = st.sampled_from(
    [
        *("[", "]", "{", "}", "&a b", "*a", "!!python/object:os.system x", "<<: {a: b}", "yes", "NO", "null", "~", "="),
        *(
            "012345670123",
            "123456789012",
            "0x" + "f" * 5000,
            "1" * 400,
            "1" * 5000,
            ".inf",
            ".nan",
            "1e999",
            "-1",
            "1.5",
        ),
        *('"\\ud800"', '"\\UFFFFFFFF"', '"\\x00"', "2027-13-45", "2027-06-30 10:00:00", "0001-01-01T00:00:00+23:59"),
        *(
            "12:30:45",
            "- " * 20,
            "[" * 30,
            "? a",
            "%YAML 99999",
            "---",
            "...",
            "|",
            ">",
            "\ufeff",
            "\u2028",
            "\x07",
            "é",
        ),
        *("{kind: [a]}", "{kind: {}}", "{kind: sns, sns: {sns: sns}}", "{detective: {detective: {}}}", "arn:aws:kms::"),
    ]
)


def outcome(config_file: ConfigFile, content: str | bytes) -> None:
    """Load it; the promise of this file."""
    try:
        loaded = config_file.load_text(content)
    except ConfigurationError as error:
        lines = str(error).splitlines()
        assert lines
        for line in lines:
            assert line.startswith(("stack.yaml: ", "stack.yaml:"))
            assert line.isprintable()
            assert not PYDANTIC_SPEAKS.search(line)
            assert "is not accepted here" not in line, "an error that has no sentence of its own"
    else:
        assert isinstance(loaded, LoadedDeployment)


@several
@given(content=st.binary(max_size=200))
def test_any_bytes_are_understood_or_refused(config_file: ConfigFile, content: bytes) -> None:
    outcome(config_file, content)


@several
@given(content=st.text(max_size=200))
def test_any_text_is_understood_or_refused(config_file: ConfigFile, content: str) -> None:
    outcome(config_file, content.encode("utf-8", "surrogatepass"))


@several
@given(spoiling=st.lists(st.tuples(st.sampled_from(range(len(LINES))), odd, st.booleans()), min_size=1, max_size=3))
def test_any_spoiled_line_is_understood_or_refused(
    config_file: ConfigFile, spoiling: list[tuple[int, str, bool]]
) -> None:
    lines = list(LINES)
    for number, text, whole in spoiling:
        key = lines[number].partition(":")[0]
        lines[number] = f"{key}: {text}" if whole else f"{lines[number]}{text}"
    outcome(config_file, "\n".join(lines))


values = st.recursive(
    odd | st.sampled_from(["eu-west-1", "sns", "slack", "security-mail", "7", "[]", "{}", "198.51.100.0/24"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4).map(
            lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
        )
    ),
    max_leaves=8,
)


@several
@given(items=st.dictionaries(st.sampled_from(KEYS), values, max_size=8))
def test_any_structure_is_understood_or_refused(config_file: ConfigFile, items: dict[str, str]) -> None:
    outcome(config_file, "".join(f"{key}: {value}\n" for key, value in items.items()))


def test_no_error_of_pydantic_is_shown_in_its_own_words() -> None:
    context = {"ge": 1, "le": 2, "min_length": 1, "max_length": 2, "expected": "'a' or 'b'", "expected_tags": "'a'"}
    for kind in get_args(ErrorType):
        detail = ErrorDetails(type=kind, loc=("x",), msg="Input should be valid", input={"kind": "c"}, ctx=context)
        assert "Input" not in said(detail)
