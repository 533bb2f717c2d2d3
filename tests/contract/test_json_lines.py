"""Every function that a template makes writes its log as JSON, also where Lambda does not."""

import ast
from pathlib import Path

from tests.synthesis import Templates, properties


def entry_points(templates: Templates) -> set[str]:
    """The modules that Lambda starts with, such as `notifier.handler`."""
    return {
        str(function["Handler"]).removesuffix(".handler")
        for template in templates.values()
        for function in properties(template, "AWS::Lambda::Function")
    }


def test_every_entry_point_asks_for_json_lines_before_anything_else(everything: Templates, project: Path) -> None:
    """A function that does not would silence the alarms that are made of its log."""
    modules = entry_points(everything)
    assert len(modules) >= 5
    for module in modules:
        tree = ast.parse((project / "lambda_src" / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
        calls = [
            ast.unparse(one)
            for one in tree.body
            if not isinstance(one, ast.Import | ast.ImportFrom) and any(isinstance(n, ast.Call) for n in ast.walk(one))
        ]
        made = [call for call in calls if call != "logger = logging.getLogger()"]
        assert made[0] == "write_json_lines(os.environ)", module
