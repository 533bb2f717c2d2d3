"""Runs a definition in the Amazon States Language: the part of it that we use, and refuses every other part.

The rules are those of the specification (states-language.net) for JSONPath: what a state may hold, how input,
parameters and results are put together, which error is retried and which is caught.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

LIMIT = 256 * 1024
"""Bytes of a state's input or output (Step Functions quotas)."""

_FIELDS: Mapping[str, set[str]] = {
    "Task": {"Type", "Resource", "Parameters", "ResultPath", "TimeoutSeconds", "Retry", "Catch", "Next", "End"},
    "Choice": {"Type", "Choices", "Default"},
    "Wait": {"Type", "Seconds", "Next"},
    "Pass": {"Type", "Parameters", "Result", "ResultPath", "OutputPath", "Next", "End"},
    "Parallel": {"Type", "Branches", "ResultPath", "Catch", "Next", "End"},
    "Fail": {"Type", "Error", "Cause"},
}
_RETRIER = {"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy"}
_CATCHER = {"ErrorEquals", "ResultPath", "Next"}
_RULE = {"Variable", "StringEquals", "Next"}
_MACHINE = {"Comment", "StartAt", "TimeoutSeconds", "States"}
_PATH = re.compile(r"\$(?:\.[A-Za-z_]\w*)*")


class UnknownLanguage(Exception):
    """The definition holds something that this interpreter does not know."""


class ExecutionFailed(Exception):
    """The execution ended in an error.

    Attributes:
        error: Its name.
    """

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Machine:
    """One state machine.

    Attributes:
        trail: The states that were entered, in order; of branches that run at once, one after the other.
        waited: Seconds in Wait states and before retries.
    """

    def __init__(
        self,
        definition: Mapping[str, Any],
        *,
        invoke: Callable[[str, Any], object],
        wait: Callable[[float], None],
        at_once: Callable[[list[Callable[[], Any]]], list[Any]] | None = None,
    ) -> None:
        _only(definition, _MACHINE, "a state machine")
        self._definition = definition
        self._invoke = invoke
        self._wait = wait
        self._at_once = at_once or (lambda branches: [branch() for branch in branches])
        self.trail: list[str] = []
        self.waited = 0.0

    def run(self, given: object, *, name: str) -> Any:
        """Run an execution to its end.

        Raises:
            ExecutionFailed: It ended in an error.
            UnknownLanguage: The definition is not understood.
        """
        context = {"Execution": {"Name": name}}
        return self._from(self._definition, _copied(given), context)

    def _from(self, machine: Mapping[str, Any], data: Any, context: Mapping[str, Any]) -> Any:
        at: str | None = machine["StartAt"]
        while at is not None:
            state = machine["States"][at]
            self.trail.append(at)
            kind = state["Type"]
            if kind not in _FIELDS:
                raise UnknownLanguage(f"{at}: a state of type {kind}")
            _only(state, _FIELDS[kind], at)
            try:
                data, at = self._step(state, _copied(data), context)
            except ExecutionFailed as failure:
                at, data = self._caught(state, data, failure)
        return data

    def _step(self, state: Mapping[str, Any], data: Any, context: Mapping[str, Any]) -> tuple[Any, str | None]:
        match state["Type"]:
            case "Task":
                parameters = _filled(state["Parameters"], data, context)
                result = self._attempted(state, parameters)
                return _placed(state.get("ResultPath", "$"), data, result), _next(state)
            case "Choice":
                for rule in state["Choices"]:
                    _only(rule, _RULE, "a rule")
                    if _found(rule["Variable"], data, context) == rule["StringEquals"]:
                        return data, rule["Next"]
                return data, state["Default"]
            case "Wait":
                self._pause(state["Seconds"])
                return data, _next(state)
            case "Pass":
                result = _filled(state["Parameters"], data, context) if "Parameters" in state else data
                placed = _placed(state.get("ResultPath", "$"), data, state.get("Result", result))
                return _found(state.get("OutputPath", "$"), placed, context), _next(state)
            case "Parallel":
                results = self._at_once([partial(self._from, one, _copied(data), context) for one in state["Branches"]])
                return _placed(state.get("ResultPath", "$"), data, results), _next(state)
        raise ExecutionFailed(state["Error"])

    def _attempted(self, state: Mapping[str, Any], parameters: Any) -> Any:
        used: dict[int, int] = {}
        while True:
            try:
                return _copied(self._invoke(state["Resource"], _copied(parameters)))
            except Exception as error:
                name = type(error).__name__
                number, retrier = next(
                    ((n, one) for n, one in enumerate(state.get("Retry", [])) if name in one["ErrorEquals"]),
                    (-1, None),
                )
                if retrier is None:
                    raise ExecutionFailed(name) from error
                _only(retrier, _RETRIER, "a retrier")
                tried = used.get(number, 0)
                if tried >= retrier["MaxAttempts"]:
                    raise ExecutionFailed(name) from error
                used[number] = tried + 1
                delay = retrier["IntervalSeconds"] * retrier["BackoffRate"] ** tried
                self._pause(min(delay, retrier["MaxDelaySeconds"]))

    def _caught(self, state: Mapping[str, Any], data: Any, failure: ExecutionFailed) -> tuple[str, Any]:
        for catcher in state.get("Catch", []):
            _only(catcher, _CATCHER, "a catcher")
            if catcher["ErrorEquals"] == ["States.ALL"] or failure.error in catcher["ErrorEquals"]:
                output = {"Error": failure.error, "Cause": "a traceback"}
                return catcher["Next"], _placed(catcher.get("ResultPath", "$"), data, output)
        raise failure

    def _pause(self, seconds: float) -> None:
        self.waited += seconds
        self._wait(seconds)


def _only(given: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := set(given) - known:
        raise UnknownLanguage(f"{where}: {', '.join(sorted(unknown))}")


def _copied(value: object) -> Any:
    text = json.dumps(value)
    assert len(text.encode()) <= LIMIT, "States.DataLimitExceeded"
    return json.loads(text)


def _next(state: Mapping[str, Any]) -> str | None:
    assert ("Next" in state) != bool(state.get("End")), "a state has one of Next and End"
    return state.get("Next")


def _filled(template: Any, data: Any, context: Mapping[str, Any]) -> Any:
    assert isinstance(template, dict), "a payload template is an object"
    filled: dict[str, Any] = {}
    for key, value in template.items():
        if key.endswith(".$"):
            filled[key[:-2]] = _found(value, data, context)
        else:
            assert not isinstance(value, dict), "no payload template of ours is nested"
            filled[key] = value
    return filled


def _found(path: str, data: Any, context: Mapping[str, Any]) -> Any:
    if path.startswith("$$"):
        data, path = context, path[1:]
    if not _PATH.fullmatch(path):
        raise UnknownLanguage(f"the path {path}")
    for name in path.split(".")[1:]:
        if not isinstance(data, Mapping) or name not in data:
            raise ExecutionFailed("States.ParameterPathFailure")
        data = data[name]
    return data


def _placed(path: str, data: Any, result: Any) -> Any:
    if path == "$":
        return result
    if not _PATH.fullmatch(path) or path.count(".") != 1:
        raise UnknownLanguage(f"the result path {path}")
    return {**data, path[2:]: result}
