"""Which jobs of a workflow run after what became of others: the part we use of GitHub's rules for `needs` and `if`.

(GitHub documentation: evaluate expressions, status check functions, using conditions to control job execution.)
"""

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(r"\s*(?:(?P<mark>&&|\|\||==|!=|[!(),])|'(?P<text>(?:[^']|'')*)'|(?P<name>[A-Za-z_][\w.-]*))")
_STATUS = re.compile(r"\b(success|failure|cancelled|always)\(\)")


class Expression:
    """One expression, read from left to right with GitHub's precedence: `!`, comparison, `&&`, `||`.

    Args:
        text: Without `${{ }}`.
        functions: What functions without arguments give.
        values: What dotted names stand for.
    """

    def __init__(self, text: str, *, functions: Mapping[str, bool], values: Mapping[str, str]) -> None:
        self._tokens = [self._token(match) for match in _TOKEN.finditer(text)]
        self._functions = functions
        self._values = values
        # Nothing may be passed over: an expression half understood would prove nothing.
        assert not _TOKEN.sub("", text).strip(), f"cannot be read: {text}"

    def value(self) -> bool:
        found = self._either()
        assert not self._tokens, f"left over: {self._tokens}"
        return bool(found)

    @staticmethod
    def _token(match: re.Match[str]) -> tuple[str, str]:
        kind = match.lastgroup
        assert kind is not None
        return kind, match[kind]

    def _next_is(self, mark: str) -> bool:
        if self._tokens[:1] != [("mark", mark)]:
            return False
        self._tokens.pop(0)
        return True

    def _either(self) -> str | bool:
        found = self._both()
        while self._next_is("||"):
            other = self._both()
            found = found or other
        return found

    def _both(self) -> str | bool:
        found = self._compared()
        while self._next_is("&&"):
            other = self._compared()
            found = found and other
        return found

    def _compared(self) -> str | bool:
        found = self._one()
        if self._next_is("=="):
            return found == self._one()
        if self._next_is("!="):
            return found != self._one()
        return found

    def _one(self) -> str | bool:
        if self._next_is("!"):
            return not self._one()
        if self._next_is("("):
            found = self._either()
            assert self._next_is(")")
            return found
        kind, text = self._tokens.pop(0)
        if kind == "text":
            return text.replace("''", "'")
        if not self._next_is("("):
            return self._values[text]
        if text == "contains":
            where, _, what = self._either(), self._next_is(","), self._either()
            found = str(what) in str(where)
        else:
            found = self._functions[text]
        assert self._next_is(")")
        return found


def results(jobs: Mapping[str, Any], *, ends: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """What becomes of every job.

    A job that takes too long counts as cancelled, and `cancelled()` is about the whole run: it stays false then.

    Args:
        jobs: As the workflow has them, each after those that it needs.
        ends: What becomes of a job if it runs; success where nothing is said.
        values: What names other than results stand for, such as `needs.synth.outputs.waves`.
    """
    found: dict[str, str] = {}
    ancestors: dict[str, set[str]] = {}
    for name, job in jobs.items():
        needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
        ancestors[name] = {one for need in needs for one in {need, *ancestors[need]}}
        before = [found[one] for one in ancestors[name]]
        functions = {
            "success": all(one == "success" for one in before),
            "failure": "failure" in before,
            "cancelled": False,
            "always": True,
        }
        text = job.get("if", "success()")
        if not _STATUS.search(text):
            text = f"success() && ({text})"
        # GitHub knows nothing of jobs that are not needed.
        known = {key: value for key, value in values.items() if not key.startswith("needs.") or _job(key) in needs}
        known |= {f"needs.{need}.result": found[need] for need in needs}
        runs = Expression(text, functions=functions, values=known).value()
        found[name] = ends.get(name, "success") if runs else "skipped"
    return found


def _job(name: str) -> str:
    return name.split(".")[1]
