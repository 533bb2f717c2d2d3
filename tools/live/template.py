"""The template of a deployed stack, in whichever language it was written."""

from collections.abc import Mapping
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms (`!Ref x`), whose values nobody here needs."""


_Loader.add_multi_constructor("!", lambda _loader, suffix, _node: {f"Fn::{suffix}": None})


def template_of(client: Any, stack: str) -> Mapping[str, Any]:  # noqa: ANN401 (a boto3 client)
    """The template that was deployed last; an empty one where it is none.

    boto3 reads JSON by itself and leaves YAML as text; `cdk import` sends YAML (CDK CLI 2.1148.1).
    """
    body = client.get_template(StackName=stack, TemplateStage="Processed").get("TemplateBody")
    if isinstance(body, str):
        body = yaml.load(body, Loader=_Loader)  # noqa: S506  a SafeLoader
    return body if isinstance(body, Mapping) else {}
