"""Exceptions to rules are few, reasoned, and none outlives its cause."""

import json
import re
from pathlib import Path

from tests.deployments import EVERYTHING, GOVCLOUD, SANDBOX
from tests.synthesis import synthesize

RULE = re.compile(r'"((?:AwsSolutions|NIST\.800\.53\.R5|Serverless)-[^"]+)"')


def test_every_acknowledgement_still_covers_something(project: Path, tmp_path: Path) -> None:
    needed: set[str] = set()
    for deployment in (SANDBOX, EVERYTHING, GOVCLOUD):
        outdir = tmp_path / deployment.name
        synthesize(deployment, outdir=outdir)
        report = json.loads((outdir / "validation-report.json").read_text(encoding="utf-8"))
        needed |= {one["ruleName"] for pack in report["pluginReports"] for one in pack["suppressedViolations"]}
    sources = sorted((project / "infra").rglob("*.py"))
    written = {rule for source in sources for rule in RULE.findall(source.read_text(encoding="utf-8"))}
    # A rule with a name of the deployment in it covers what it is filled in with.
    filled_in = {rule for rule in written if "{" in rule}
    # The one that says most first: it must not be covered by another that says less.
    for rule in sorted(filled_in, key=len, reverse=True):
        begin, end = rule.partition("{")[0], rule.rpartition("}")[2]
        begin = begin if "arn:" in begin else f"{begin}arn:"
        covered = {one for one in needed - written if one.startswith(begin) and one.endswith(end)}
        assert covered, rule
        needed -= covered
    assert written - filled_in == needed
