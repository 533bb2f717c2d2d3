"""The ledger fails open: whatever the table does, the destination hears of every finding."""

import logging
from collections.abc import Callable
from itertools import count

import pytest
from botocore.stub import Stubber

from notifier.ledger.fuse import Fuse
from notifier.ledger.ledger import CLAIM_SECONDS
from notifier.ledger.table import EMPTY, SECONDS, Changed, DynamoTable, Entry, TableFailed
from tests.findings import low_finding
from tests.unit.notifier.fake_sqs import Clock
from tests.unit.notifier.fake_table import FakeTable
from tests.unit.notifier.memory import Memory, leak

FAULTS = [
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "AccessDeniedException",
    "ResourceNotFoundException",
    "ValidationException",
    "InternalServerError",
]


def faults_logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [str(vars(record)["ledger_fault"]) for record in caplog.records if "ledger_fault" in vars(record)]


@pytest.mark.parametrize("fault", FAULTS)
def test_q10_without_the_ledger_everything_is_sent_and_the_log_says_why(
    caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    memory = Memory()
    memory.table.fails = lambda _call, _key: fault
    assert len(memory.hear(leak(), leak(), low_finding())) == 3
    assert set(faults_logged(caplog)) == {fault, "LeftAlone"}
    faults = [vars(record) for record in caplog.records if "ledger_fault" in vars(record)]
    assert {(one["outcome"], one["destination"]) for one in faults} == {("ledger-failed", "security-slack")}
    memory.table.fails = lambda _call, _key: None
    assert len(memory.hear(leak(), leak())) == 1, "and remembers again as soon as it can"


@pytest.mark.parametrize("fault", FAULTS)
def test_q10_dynamodb_that_refuses_is_a_table_that_fails_and_the_error_is_one_word(fault: str) -> None:
    table = DynamoTable("ledger")
    with Stubber(table._client) as stub:
        for operation in ("get_item", "put_item"):
            stub.add_client_error(operation, service_error_code=fault, service_message="a long text with names in it")
        with pytest.raises(TableFailed, match=f"^{fault}$"):
            table.read("mail/case/x")
        with pytest.raises(TableFailed, match=f"^{fault}$"):
            table.write("mail/case/x", "{}", after=EMPTY, expires=1.0)


@pytest.mark.parametrize("item", [{}, {"State": {"S": "{}"}}, {"State": {"N": "1"}, "Version": {"N": "1"}}])
def test_q10_an_item_of_another_form_is_a_table_that_fails(item: dict[str, dict[str, str]]) -> None:
    table = DynamoTable("ledger")
    with Stubber(table._client) as stub:
        stub.add_response("get_item", {"Item": {"Key": {"S": "k"}, **item}})
        with pytest.raises(TableFailed, match=r"^UnreadableItem$"):
            table.read("k")


@pytest.mark.parametrize("call", ["read", "write"])
def test_q10_a_table_that_fails_in_the_middle_costs_a_duplicate_at_most(call: str) -> None:
    """Each call fails in turn: before the claim, after the destination accepted, at the minute's count."""
    for number in range(8):
        memory = Memory()
        memory.table.fails = the_nth(number, call)
        assert len(memory.hear(leak())) == 1
        memory.table.fails = lambda _call, _key: None
        memory.clock.sleep(CLAIM_SECONDS)
        assert len(memory.hear(leak())) <= 1


@pytest.mark.parametrize(
    ("lost", "again"),
    [
        pytest.param(0, 1, id="the-claim-and-the-table-is-left-alone-then"),
        pytest.param(1, 0, id="what-was-told"),
        pytest.param(2, 0, id="the-count-of-the-minute"),
    ],
)
def test_q10_a_write_whose_answer_never_comes_costs_no_time_and_a_duplicate_at_most(lost: int, again: int) -> None:
    memory = Memory()
    numbers = count()
    memory.table.loses = lambda _key: next(numbers) == lost
    memory.queue(leak())
    assert memory.function().handle({"Records": memory.sqs.receive()}) == {"batchItemFailures": []}
    assert len(memory.sender.sent) == 1
    memory.clock.sleep(CLAIM_SECONDS)
    assert len(memory.hear(leak())) == again


def the_nth(number: int, name: str) -> Callable[[str, str], str | None]:
    """A fault at one call only."""
    seen = 0

    def fails(call: str, _key: str) -> str | None:
        nonlocal seen
        if call != name:
            return None
        seen += 1
        return "ThrottlingException" if seen == number + 1 else None

    return fails


def test_q10_writers_that_never_stop_do_not_keep_a_finding_from_being_sent() -> None:
    memory = Memory()

    def somebody_writes(key: str) -> None:
        entry = memory.table.items.get(key, EMPTY)
        memory.table.items[key] = Entry('{"version": 0}', entry.version + 1)

    memory.table.before_write = somebody_writes
    assert len(memory.hear(leak())) == 1


def test_q10_a_table_that_failed_is_left_alone_until_the_next_invocation() -> None:
    memory = Memory()
    memory.table.fails = lambda _call, _key: "ThrottlingException"
    function = memory.function()
    memory.queue(*(low_finding(id=f"f{number}") for number in range(4)))
    assert function.handle({"Records": memory.sqs.receive()}) == {"batchItemFailures": []}
    assert len(memory.sender.sent) == 4
    assert len(memory.table.calls) == 1
    memory.queue(low_finding(id="later"))
    function.handle({"Records": memory.sqs.receive()})
    assert len(memory.table.calls) == 2


def test_q10_a_table_that_is_slow_is_left_alone_too() -> None:
    clock = Clock()
    table = FakeTable(fails=lambda _call, _key: clock.sleep(2.5))
    fuse = Fuse(table, clock=clock)
    assert fuse.read("k") == EMPTY, "what it said counts"
    with pytest.raises(TableFailed, match="LeftAlone"):
        fuse.read("k")
    fuse.begin(lambda: 60.0)
    assert fuse.read("k") == EMPTY


def test_q10_nothing_is_asked_when_lambda_could_end_the_function_meanwhile() -> None:
    table = FakeTable()
    fuse = Fuse(table)
    fuse.begin(lambda: SECONDS + 0.5)
    with pytest.raises(TableFailed, match="NoTimeLeft"):
        fuse.read("k")
    assert table.calls == []


def test_q10_an_error_of_the_ledger_names_no_finding_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    memory = Memory()
    memory.table.fails = lambda _call, _key: "AccessDeniedException"
    memory.hear(leak())
    logged = " ".join(repr(vars(record)) for record in caplog.records)
    assert "ASIA" not in logged
    assert "payments" not in logged


def test_the_fake_keeps_the_rule_of_conditional_writes() -> None:
    table = FakeTable()
    first = table.write("k", "a", after=EMPTY, expires=1.0)
    with pytest.raises(Changed):
        table.write("k", "b", after=EMPTY, expires=1.0)
    assert table.write("k", "b", after=first, expires=1.0).version == 2
