"""Two files with one name are the same stacks, and each of them says so."""

from pathlib import Path

import pytest

from tests.unit.config.examples import GOOD, ConfigFile

WARNING = (
    "stack.yaml:1: name: copy.yaml has the name 'sandbox' too: in one account they are the same stacks, and "
    "deploying one undoes the other; give one of them another name"
)


@pytest.mark.parametrize(
    ("copy", "said"),
    [
        pytest.param(GOOD, True, id="a-copy-whose-name-was-forgotten"),
        pytest.param(GOOD + 'account: "123456789012"\n', True, id="the-other-is-for-whoever-deploys"),
        pytest.param(GOOD.replace("name: sandbox", "name: prod", 1), False, id="another-name"),
        pytest.param(GOOD + "name_prefix: other\n", True, id="the-same-name-with-another-prefix"),
        pytest.param("name: [", False, id="a-file-that-cannot-be-read"),
        pytest.param("", False, id="an-empty-file"),
    ],
)
def test_a_file_of_the_same_name_is_announced(config_file: ConfigFile, copy: str, *, said: bool) -> None:
    Path("copy.yaml").write_text(copy, encoding="utf-8")
    assert config_file.load().warnings == ((WARNING,) if said else ())


@pytest.mark.parametrize(
    ("copy", "said"),
    [
        pytest.param(GOOD.replace("name: sandbox", "name: Sandbox", 1), True, id="the-same-name-in-other-letters"),
        pytest.param(GOOD.replace("name: sandbox", "name: prod\nname_prefix: sandbox", 1), True, id="the-same-prefix"),
        pytest.param(GOOD.replace("name: sandbox", "name: Sandbox\nname_prefix: other", 1), False, id="another-prefix"),
    ],
)
def test_a_file_of_the_same_prefix_is_announced(config_file: ConfigFile, copy: str, *, said: bool) -> None:
    """The stacks have two names, and the bus, the filters and the roles in them one."""
    Path("copy.yaml").write_text(copy, encoding="utf-8")
    warning = (
        "stack.yaml:1: name: copy.yaml has the name_prefix 'sandbox' too: in one account bus, filters and roles of the "
        "two have the same names, so only one of them can be deployed; give one of them another name_prefix"
    )
    assert config_file.load().warnings == ((warning,) if said else ())


@pytest.mark.parametrize(("account", "said"), [("123456789012", True), ("210987654321", False)])
def test_files_for_two_accounts_may_have_one_name(config_file: ConfigFile, account: str, *, said: bool) -> None:
    Path("copy.yaml").write_text(GOOD + f'account: "{account}"\n', encoding="utf-8")
    assert bool(config_file.load(more='account: "123456789012"\n').warnings) is said
