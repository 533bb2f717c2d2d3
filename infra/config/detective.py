"""What Detective does in each Region that has it."""

from typing import Annotated

from pydantic import Field

from infra.config.fields.ownership import Ownership
from infra.config.model import Model


class Detective(Model):
    """The behavior graph of every Region that has Detective."""

    ownership: Ownership = "create"
    """`create`: the Detection stack makes the graph. `existing`: somebody else switches Detective on; it is used in the
    Regions for which `config/found/<configuration>.json` names a graph, of those that have Detective by the table of
    Regions or `region_overrides`."""

    enabled: Annotated[bool, Field(strict=True)] = True
    """Whether a Detective graph is made in each Region that offers Detective. Billed by volume; messages link to it.
    false ends none that was made: it is kept, and billed, until you delete it (docs/teardown.md)."""
