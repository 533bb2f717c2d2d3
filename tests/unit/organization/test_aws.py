"""Calls of AWS: pages to the end, errors in words, attempts with a bound."""

from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from organization.aws import FRESH_ROLE, Aws, AwsRefused
from organization.patience import ATTEMPTS, Patience
from organization.refused import MOST_NAMED, TooLate, named


class Clock:
    """Seconds that only waiting moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def patience(self, seconds: float) -> Patience:
        return Patience(seconds, clock=lambda: self.now, sleep=self.sleep, chance=lambda: 0.5)


class Service:
    """A client whose one operation does what a test says."""

    def __init__(self, *answers: Any) -> None:
        self.answers = iter(answers)
        self.given: list[dict[str, Any]] = []

    def list_things(self, **given: Any) -> Any:
        self.given.append(given)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


def error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "ListThings")


def aws(service: object, *, seconds: float = 840) -> Aws:
    return Aws(account="111122223333", home="eu-west-1", client=lambda *_: service, patience=Clock().patience(seconds))


def test_only_the_token_says_whether_there_is_more() -> None:
    service = Service(
        {"Things": [], "NextToken": "a"}, {"NextToken": "b"}, {"Things": [1], "NextToken": "c"}, {"Things": [2, 3]}
    )
    assert list(aws(service).pages("things", "list_things", "Things", {"Of": "us"})) == [1, 2, 3]
    assert service.given == [{"Of": "us"}, *({"Of": "us", "NextToken": token} for token in "abc")]


def test_fails_for_a_list_that_would_never_end() -> None:
    service = Service(*({"Things": [], "NextToken": "again"} for _ in range(5)))
    with pytest.raises(AwsRefused, match=r"the same page was announced twice, so the list would never end"):
        list(aws(service).pages("things", "list_things", "Things"))


def test_an_error_that_passes_is_left_behind() -> None:
    """A loop that does not leave after the attempt that worked was somebody's defect."""
    service = Service(error("ThrottlingException"), {"Things": []})
    assert aws(service).call("things", "list_things") == {"Things": []}
    assert len(service.given) == 2


@pytest.mark.parametrize(
    "code",
    [
        "ConcurrentModification",
        "ConcurrentModificationException",
        "InternalServerErrorException",
        "InternalServerException",
        "RequestLimitExceeded",
        "ServiceException",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    ],
)
def test_whatever_a_service_calls_it_an_error_that_passes_is_waited_for(code: str) -> None:
    """Services have names of their own for the same two things: too much at once, and a fault of theirs."""
    service = Service(error(code), error(code), {"Things": [1]})
    assert aws(service).call("things", "list_things") == {"Things": [1]}


def test_attempts_are_bounded_in_number() -> None:
    service = Service(*(error("ThrottlingException") for _ in range(50)))
    with pytest.raises(AwsRefused, match=r"ThrottlingException: no; tried 10 times, deploy again"):
        aws(service).call("things", "list_things")
    assert len(service.given) == ATTEMPTS


def test_attempts_are_bounded_in_time() -> None:
    service = Service(*(error("ThrottlingException") for _ in range(50)))
    with pytest.raises(AwsRefused, match="ThrottlingException"):
        aws(service, seconds=4).call("things", "list_things")
    assert len(service.given) < ATTEMPTS


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("UnrecognizedClientException", "if eu-south-2 is an opt-in Region, enable it in account 111122223333"),
        ("ValidationException", "things list_things in eu-south-2, account 111122223333: ValidationException: no"),
    ],
)
def test_fails_at_once_and_in_words_for_an_error_that_stays(code: str, says: str) -> None:
    service = Service(error(code))
    with pytest.raises(AwsRefused) as refused:
        aws(service).call("things", "list_things", region="eu-south-2")
    assert says in str(refused.value)
    assert refused.value.code == code


def test_a_role_that_is_not_known_everywhere_yet_is_given_a_moment() -> None:
    service = Service(error("AccessDeniedException"), error("AccessDenied"), {"Things": []})
    assert aws(service).call("things", "list_things") == {"Things": []}


def test_fails_for_a_permission_that_does_not_come() -> None:
    service = Service(*(error("AccessDeniedException") for _ in range(20)))
    with pytest.raises(AwsRefused, match="a service control policy does not allow it"):
        aws(service).call("things", "list_things")
    assert len(service.given) == FRESH_ROLE


def test_an_endpoint_that_cannot_be_reached_is_tried_again_and_then_said() -> None:
    gone = EndpointConnectionError(endpoint_url="https://things.eu-south-2.amazonaws.com")
    service = Service(*(gone for _ in range(20)))
    with pytest.raises(AwsRefused, match=r"does the Region have it\? deploy again, or take the Region out of regions"):
        aws(service).call("things", "list_things", region="eu-south-2")
    assert len(service.given) == ATTEMPTS


def test_a_client_is_made_for_each_service_and_region_once() -> None:
    made: list[tuple[str, str]] = []

    def client(service: str, region: str) -> Service:
        made.append((service, region))
        return Service(*({} for _ in range(9)))

    calls = Aws(account="1", home="eu-west-1", client=client, patience=Clock().patience(60))
    for region in ("eu-west-1", "us-east-1", "eu-west-1", ""):
        calls.call("things", "list_things", region=region)
    assert made == [("things", "eu-west-1"), ("things", "us-east-1")]


def test_a_condition_is_looked_at_until_it_is_true() -> None:
    clock = Clock()
    looks = count()
    assert clock.patience(60).until(lambda: next(looks) == 3, says=lambda: "never")
    assert clock.now == 15


def test_fails_when_a_condition_does_not_come_true_in_time() -> None:
    clock = Clock()
    with pytest.raises(TooLate, match=r"^the moon is still down; waited for as long as one invocation lasts \(60 s\)"):
        clock.patience(60).until(lambda: None, says=lambda: "the moon is still down")
    assert clock.now < 60


@pytest.mark.parametrize(
    ("chance", "expected"),
    [(0.0, [0.5, 1, 2, 4, 8, 10, 10, 10]), (1.0, [1, 2, 4, 8, 16, 20, 20, 20])],
    ids=["at-least", "at-most"],
)
def test_pauses_grow_and_no_two_callers_wait_alike(chance: float, expected: list[float]) -> None:
    waits: list[float] = []
    patience = Patience(600, clock=lambda: 0.0, sleep=waits.append, chance=lambda: chance)
    assert all(patience.pause(attempt) for attempt in range(1, 9))
    assert waits == expected


def test_a_long_list_of_accounts_is_cut_and_says_where_the_rest_is() -> None:
    text = named({f"{n:012}": "closed" for n in range(MOST_NAMED + 3)})
    assert text.count("closed") == MOST_NAMED
    assert text.endswith(" and 3 more, all of them in the function's log")
