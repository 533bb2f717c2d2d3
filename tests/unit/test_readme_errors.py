"""The mistakes that the README shows are told as it shows them."""

import re
from datetime import date
from pathlib import Path

import pytest

from infra.config import ConfigurationError, load
from tests.pages import fences

MISTAKES = (("192.0.2.0/28", "10.0.0.0/24"), ("minimum_severity:", "min_severity:"))


def test_the_readme_quotes_what_a_copy_of_the_sandbox_with_two_mistakes_is_told(tmp_path: Path, project: Path) -> None:
    (shown,) = (code for _, code in fences((project / "README.md").read_text()) if code.startswith("config/prod.yaml:"))
    text = (project / "config" / "sandbox.yaml").read_text().replace("name: sandbox", "name: prod")
    for right, wrong in MISTAKES:
        assert right in text
        text = text.replace(right, wrong)
    file = tmp_path / "prod.yaml"
    file.write_text(text)
    with pytest.raises(ConfigurationError) as refusal:
        load(file, today=date(2026, 11, 23), with_found=False)
    told = [line.replace(str(file), "config/prod.yaml") for line in str(refusal.value).splitlines()]
    quoted = [re.sub(r" …$", "", line) for line in shown.splitlines()]
    assert len(told) == len(quoted)
    assert all(line.startswith(quotation) for line, quotation in zip(told, quoted, strict=True))
