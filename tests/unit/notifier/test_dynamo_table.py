"""The table as DynamoDB keeps it, conditional writes included."""

import json
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber
from moto import mock_aws

from notifier.ledger.ledger import Ledger, Verdict
from notifier.ledger.sight import Sight
from notifier.ledger.table import EMPTY, Changed, DynamoTable, TableFailed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(name="dynamodb")
def fixture_dynamodb() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="ledger",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "Key", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "Key", "KeyType": "HASH"}],
        )
        yield client


def test_what_was_written_is_read_with_its_version(dynamodb: "DynamoDBClient") -> None:
    table = DynamoTable("ledger")
    assert table.read("mail/case/x") == EMPTY
    first = table.write("mail/case/x", "one", after=EMPTY, expires=1_800_000_000.9)
    second = table.write("mail/case/x", "two", after=first, expires=1_800_000_000.0)
    assert table.read("mail/case/x") == second
    assert (second.text, second.version) == ("two", 2)
    item = dynamodb.get_item(TableName="ledger", Key={"Key": {"S": "mail/case/x"}})["Item"]
    assert len(item.pop("Write")["S"]) == 16
    assert item == {
        "Key": {"S": "mail/case/x"},
        "Version": {"N": "2"},
        "State": {"S": "two"},
        "ExpiresAt": {"N": "1800000000"},
    }


def test_a_second_writer_is_told_and_writes_nothing(dynamodb: "DynamoDBClient") -> None:
    one, other = DynamoTable("ledger"), DynamoTable("ledger")
    first = one.write("k", "one", after=EMPTY, expires=1.0)
    with pytest.raises(Changed):
        other.write("k", "other", after=EMPTY, expires=1.0)
    one.write("k", "two", after=first, expires=1.0)
    with pytest.raises(Changed):
        other.write("k", "other", after=first, expires=1.0)
    assert other.read("k").text == "two"


def losing_answers(table: DynamoTable, dynamodb: "DynamoDBClient") -> DynamoTable:
    """The same table; DynamoDB does what the first call to write asks for, and its answer is lost on the way."""
    numbers = count()

    def lose(request: AWSPreparedRequest, **_: object) -> None:
        if next(numbers) == 0:
            assert isinstance(request.body, bytes)
            dynamodb.put_item(**json.loads(request.body))
            raise ReadTimeoutError(endpoint_url=request.url)

    table._client.meta.events.register_first("before-send.dynamodb.PutItem", lose)
    return table


def test_q10_a_write_whose_answer_was_lost_is_our_own(dynamodb: "DynamoDBClient") -> None:
    """The client tries again, and meets its own version: nobody else wrote."""
    table = DynamoTable("ledger")
    first = losing_answers(table, dynamodb).write("k", "one", after=EMPTY, expires=1.0)
    assert first == table.read("k") == ("one", 1)
    second = losing_answers(table, dynamodb).write("k", "two", after=first, expires=1.0)
    assert second == table.read("k") == ("two", 2)


def test_the_same_text_of_another_writer_is_not_our_own(dynamodb: "DynamoDBClient") -> None:
    """Two functions that count a message of the same minute write the same number: each counts one."""
    first = DynamoTable("ledger").write("k", "1", after=EMPTY, expires=1.0)
    assert DynamoTable("ledger").write("k", "2", after=first, expires=1.0) == ("2", 2)
    with pytest.raises(Changed):
        DynamoTable("ledger").write("k", "2", after=first, expires=1.0)


@pytest.mark.parametrize("there", [None, {}, {"Write": {"S": "0123456789abcdef"}}])
def test_a_refusal_that_does_not_say_that_it_is_ours_is_somebody_elses(there: Any) -> None:
    """An older version of this project marks no write."""
    table = DynamoTable("ledger")
    with Stubber(table._client) as stub:
        stub.add_client_error(
            "put_item",
            service_error_code="ConditionalCheckFailedException",
            modeled_fields=None if there is None else {"Item": there},
        )
        with pytest.raises(Changed):
            table.write("k", "1", after=EMPTY, expires=1.0)


def test_q10_nobody_waits_for_a_claim_of_its_own(dynamodb: "DynamoDBClient") -> None:
    ledger = Ledger(losing_answers(DynamoTable("ledger"), dynamodb), destination="mail", quiet_hours=24)
    answer = ledger.ask(Sight(case="c", finding="f", updated=1_795_400_000.0))
    assert (answer.verdict, answer.after) == (Verdict.TELL, 0.0)
    ledger.record(answer)
    assert ledger.ask(answer.sight).verdict is Verdict.KNOWN


def test_q10_a_table_that_is_not_there_is_one_word(dynamodb: "DynamoDBClient") -> None:
    with pytest.raises(TableFailed, match=r"^ResourceNotFoundException$"):
        DynamoTable("other").read("k")
    with pytest.raises(TableFailed, match=r"^ResourceNotFoundException$"):
        DynamoTable("other").write("k", "x", after=EMPTY, expires=1.0)


def test_the_client_is_made_on_first_use_and_gives_up_soon() -> None:
    table = DynamoTable("ledger")
    assert "_client" not in vars(table)
    config = vars(table._client.meta.config)["_user_provided_options"]
    assert (config["connect_timeout"], config["read_timeout"]) == (1.0, 1.5)
    assert config["retries"]["total_max_attempts"] == 2
