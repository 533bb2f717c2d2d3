"""What the fields of a model are for: the text below each, read from the source when somebody asks.

Pydantic reads it while it makes the classes (`use_attribute_docstrings`), which costs every synthesis as much as making
all models does; only the schema, the reference and some refusals ever show it.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from types import MappingProxyType

from pydantic import BaseModel


@cache
def descriptions(model: type[BaseModel]) -> Mapping[str, str]:
    """The description of each field, those that are inherited too.

    Raises:
        OSError: The source is not there to be read.
    """
    found: dict[str, str] = {}
    for owner in reversed(model.__mro__):
        if issubclass(owner, BaseModel) and owner is not BaseModel:
            found.update(_own(owner))
    return MappingProxyType({name: text for name, text in found.items() if name in model.model_fields})


def _own(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    source = ast.parse(textwrap.dedent(inspect.getsource(model)))
    for lines in (node.body for node in source.body if isinstance(node, ast.ClassDef)):
        for field, below in pairwise(lines):
            match field, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    yield name, inspect.cleandoc(text)
