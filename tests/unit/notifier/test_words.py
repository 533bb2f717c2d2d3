"""Names of members are written as people write them."""

import pytest

from notifier.items.words import spaced


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sourceIPs", "source IPs"), ("hostIPC", "host IPC"), ("hostPID", "host PID"), ("vpcId", "vpc ID"),
        ("rdsDbInstance", "RDS DB instance"), ("s3Bucket", "S3 bucket"), ("eTag", "e tag"), ("CALLER", "CALLER"),
        ("ipAddressV4", "IP address V4"), ("requestUri", "request URI"), ("Account Profile", "account profile"),
        ("asnOrg", "ASN org"), ("A", "a"), ("", ""),
    ],
)  # fmt: skip
def test_names_of_members_are_split_into_words_and_abbreviations_stay_whole(name: str, words: str) -> None:
    assert spaced(name, first=False) == words
    assert spaced(name) == words[:1].upper() + words[1:]
