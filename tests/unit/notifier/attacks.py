"""What somebody could write into the fields of a finding that a caller or a tenant can choose."""

from tests.findings import Event, leaked_lambda_credentials

ATTACKS = [
    "<!channel>", "<!here>", "<@U123>", "<https://evil.example|AWS console>", "&lt;!channel&gt;", "`*_~code~_*`",
    "> quote", ":fire:", "https://evil.example/", "@channel", "#general", "<!subteam^S1|x>", "\u202ecte.live\u202c",
    "[AWS console](https://evil.example/)", "![x](https://evil.example/x.png)", "<at>everyone</at>", "<AT id=0>x</at>",
    "${subject}", "{{DATE(2017-02-14T06:00:00Z)}}", "@{triggerBody()}", "<script>alert(1)</script>", "**bold** __x__",
    "<img src=x onerror=y>", "[x]: https://evil.example/", "=HYPERLINK(\"https://evil.example\")", "\x1b[31mred",
    "nul\x00 \r\n{\"level\": \"ERROR\"}", "z\u0301\u0302\u0303\u0304\u0305", "&am", "\ud83d", "www.evil.example",
    "%s {} {0} {self}", "# heading", "1. list\n2. list", "| a | b |", "\\", "```\nout\n```",
]  # fmt: skip


def attacked(attack: str) -> Event:
    """A finding with `attack` in every field that a caller or a tenant can choose."""
    event = leaked_lambda_credentials(function=attack, title=attack, description=attack)
    action = event["detail"]["service"]["action"]["awsApiCallAction"]
    action["userAgent"] = action["errorCode"] = action["api"] = attack
    action["affectedResources"] = {attack: attack}
    action["remoteIpDetails"]["organization"] = {"asnOrg": attack, "org": attack, "asn": attack}
    event["detail"]["resource"]["accessKeyDetails"]["userName"] = attack
    event["detail"]["resource"]["s3BucketDetails"] = [{"name": attack, "tags": [{"key": attack, "value": attack}]}]
    event["detail"]["type"] = attack
    return event
