"""Properties and cached functions, written so that the mutation tester does not pass them by."""

import ast
from collections.abc import Iterator

_PLAIN = {"cache", "cached_property", "property"}
_CALLED = {"lru_cache"}


def undecorated(source: str) -> str:
    """The same module: `@property def size(self)` becomes `def size(self)` and `size = property(size)` below it.

    mutmut leaves every decorated function alone (3.8.1, file_mutation), and in the compiler a third of the logic is
    in properties. No line moves, so that a mutant is found at its line of the original.
    """
    lines = source.splitlines()
    for function in _wrapped(ast.parse(source)):
        (decorator,) = function.decorator_list
        wrapper = ast.get_source_segment(source, decorator)
        for number in range(decorator.lineno, function.lineno):
            lines[number - 1] = ""
        after = function.end_lineno or function.lineno
        if after < len(lines) and lines[after]:
            raise ValueError(f"line {after + 1}: must be blank, as it is below every function that ruff has formatted")
        lines[after : after + 1] = [f"{' ' * function.col_offset}{function.name} = {wrapper}({function.name})"]
    return "\n".join(lines) + "\n"


def _wrapped(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    for body in bodies:
        for node in body:
            if isinstance(node, ast.FunctionDef) and len(node.decorator_list) == 1:
                match node.decorator_list[0]:
                    case ast.Name(id=name) if name in _PLAIN:
                        yield node
                    case ast.Call(func=ast.Name(id=name)) if name in _CALLED:
                        yield node
