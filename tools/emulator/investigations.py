"""Investigations of an in-memory Detective, the same for every role; what Detective would find is for unit tests."""

from collections.abc import Mapping

_NEW_NETWORK = {
    "IndicatorType": "NEW_ASO",
    "IndicatorDetail": {"NewAsoDetail": {"Aso": "ExampleNet", "IsNewForEntireAccount": True}},
}


class Investigations:
    """Each is over when it is asked about for the second time, and has found that the role came from a new network."""

    def __init__(self) -> None:
        self._asked: list[int] = []

    def answer(self, path: str, body: Mapping[str, object]) -> Mapping[str, object] | None:
        """Answer a request about investigations; None for what is not offered."""
        match path:
            case "/investigations/startInvestigation":
                self._asked.append(0)
                return {"InvestigationId": f"{len(self._asked):021}"}
            case "/investigations/getInvestigation":
                number = int(str(body["InvestigationId"])) - 1
                self._asked[number] += 1
                return (
                    {"Status": "SUCCESSFUL", "Severity": "HIGH"} if self._asked[number] > 1 else {"Status": "RUNNING"}
                )
            case "/investigations/listIndicators":
                return {"Indicators": [_NEW_NETWORK]}
        return None
