"""What mutmut found out, read from the files that it keeps."""

import ast
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from tools.mutation.equivalent import Equivalent
from tools.mutation.workspace import MUTANTS

_KILLED, _SURVIVED, _TIMEOUT = "killed", "survived", "timeout"
_BY_EXIT_CODE = {1: _KILLED, 3: _KILLED, 0: _SURVIVED, 5: _SURVIVED, 33: _SURVIVED, 36: _TIMEOUT}
_BY_EXIT_CODE |= {-24: _TIMEOUT, 24: _TIMEOUT, 152: _TIMEOUT, 255: _TIMEOUT}
"""mutmut's exit codes (3.8.1, stats). What no test reaches (5, 33) has survived; nothing at all is not yet checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A mutant that no test saw.

    Attributes:
        file: Below the root of its module.
        line: Of the first line that was changed, in the original.
        was: The lines that were changed.
        became: What stands there instead.
    """

    file: str
    line: int
    was: str
    became: str

    def shown(self) -> str:
        """As a person reads it."""
        lines = [*(f"  - {one}" for one in self.was.split("\n")), *(f"  + {one}" for one in self.became.split("\n"))]
        return "\n".join([f"{self.file}:{self.line}", *lines])


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a module's mutants.

    Attributes:
        timeout: Ended at the limit: a test would wait for ever, which nobody overlooks; counted as killed.
        equivalent: Survivors that change nothing, each with its reason; not counted at all.
        survived: The others.
        strange: Mutants that ended in another way; counted as survivors.
    """

    killed: int
    timeout: int
    equivalent: int
    survived: tuple[Survivor, ...]
    strange: int

    @property
    def mutants(self) -> int:
        """All that could be killed."""
        return self.killed + self.timeout + len(self.survived) + self.strange

    @property
    def score(self) -> float:
        """Those that were, in per cent."""
        return 100.0 * (self.killed + self.timeout) / self.mutants if self.mutants else 0.0


class UnfinishedError(Exception):
    """Mutants are left that were not checked."""


def result_in(place: Path, *, equivalent: Sequence[Equivalent]) -> Result:
    """The result that lies in a module's copy.

    Raises:
        UnfinishedError: The run did not come to its end.
    """
    codes = {
        (meta.with_suffix(""), name): code
        for meta in sorted(_metas(place))
        for name, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items()
    }
    if not codes or None in codes.values():
        raise UnfinishedError(f"{place.name}: the run did not come to its end; see {place / 'mutmut.log'}")
    ends = [_BY_EXIT_CODE.get(code, "strange") for code in codes.values()]
    survivors = [_survivor(file, name, place) for (file, name), code in codes.items() if _is(code, _SURVIVED)]
    known = {(one.file, one.was, one.became) for one in equivalent}
    left = tuple(one for one in survivors if (one.file, one.was, one.became) not in known)
    return Result(
        killed=ends.count(_KILLED),
        timeout=ends.count(_TIMEOUT),
        equivalent=len(survivors) - len(left),
        survived=left,
        strange=ends.count("strange"),
    )


def ask_survivors_again(place: Path) -> None:
    """Forget who survived: a test may have come that sees it. Who was killed stays so until its code changes."""
    for meta in _metas(place):
        kept = json.loads(meta.read_text(encoding="utf-8"))
        codes = kept["exit_code_by_key"]
        kept["exit_code_by_key"] = {name: code if _is(code, _KILLED) else None for name, code in codes.items()}
        meta.write_text(json.dumps(kept), encoding="utf-8")


def _is(code: int | None, end: str) -> bool:
    return code is not None and _BY_EXIT_CODE.get(code) == end


def _metas(place: Path) -> Iterator[Path]:
    for top in (place / MUTANTS).iterdir() if (place / MUTANTS).exists() else ():
        if not top.is_symlink():
            yield from top.rglob("*.meta")


def _survivor(file: Path, name: str, place: Path) -> Survivor:
    spans = json.loads(file.with_name(f"{file.name}.spans").read_text(encoding="utf-8"))["spans"]
    lines = file.read_text(encoding="utf-8").splitlines()
    mutant = name.rpartition(".")[2]
    original = f"{mutant.rpartition('__mutmut_')[0]}__mutmut_orig"
    before, after = (_function(lines, spans[one], named=one) for one in (original, mutant))
    (first, *_), changed = _difference(before, after)
    below = file.relative_to(place / MUTANTS)
    return Survivor(
        file=below.as_posix(),
        line=_begins(place / below, original) + first,
        was="\n".join(line[1:].strip() for line in changed if line.startswith("-")),
        became="\n".join(line[1:].strip() for line in changed if line.startswith("+")),
    )


def _function(lines: Sequence[str], span: tuple[int, int], *, named: str) -> list[str]:
    """From its `def` on, under a name that is the same for all."""
    found = [line.replace(named, "function") for line in lines[span[0] - 1 : span[1]]]
    return found[next(number for number, line in enumerate(found) if line.lstrip().startswith("def ")) :]


def _difference(before: Sequence[str], after: Sequence[str]) -> tuple[list[int], list[str]]:
    """Numbers of the lines where the two part, and what has changed."""
    parted = [number for number, (one, other) in enumerate(zip(before, after, strict=False)) if one != other]
    diff = [line for line in unified_diff(before, after, n=0, lineterm="") if not line.startswith(("---", "+++", "@@"))]
    return parted or [min(len(before), len(after))], diff


def _begins(source: Path, original: str) -> int:
    """The line of the function's `def`; mutmut 3 names it `x_function`, or `xǁClassǁmethod`."""
    path = original.removesuffix("__mutmut_orig").removeprefix("x")
    names = path.split("ǁ")[1:] if path.startswith("ǁ") else [path.removeprefix("_")]
    inside: ast.Module | ast.ClassDef | ast.FunctionDef = ast.parse(source.read_text(encoding="utf-8"))
    line = 1
    for name in names:
        inside = next(
            node for node in inside.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name
        )
        line = inside.lineno
    return line
