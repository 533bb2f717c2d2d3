"""The one list of a Region: exactly the addresses, and who wanted them, as much as a tag holds."""

from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network

from infra.suppression import collapsed, compile_list
from infra.suppression.trusted_list import TAG_LENGTH


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of a trusted list."""

    name: str
    cidrs: tuple[IPv4Network, ...] = (IPv4Network("198.51.100.0/28"),)
    owner: str = "network-ops"
    reason: str = "Frankfurt data centre"
    expires: date = date(2027, 6, 30)


def networks(*texts: str) -> tuple[IPv4Network, ...]:
    return tuple(map(IPv4Network, texts))


def test_nothing_to_trust_is_no_list() -> None:
    assert compile_list([]) is None


def test_a_list_holds_each_address_once_in_the_fewest_lines_and_a_single_one_without_its_length() -> None:
    entries = [
        Entry(name="b", cidrs=networks("198.51.100.8/29", "203.0.113.9/32")),
        Entry(name="a", cidrs=networks("198.51.100.0/29", "198.51.100.1/32")),
    ]
    compiled = compile_list(entries)
    assert compiled is not None
    assert compiled.text == "198.51.100.0/28\n203.0.113.9\n"
    assert collapsed(entries) == networks("198.51.100.0/28", "203.0.113.9/32")


def test_what_ends_first_comes_first_in_every_tag_and_then_the_names_decide() -> None:
    compiled = compile_list(
        [
            Entry(name="late", owner="one", expires=date(2027, 12, 31)),
            Entry(name="soon-b", owner="two", expires=date(2027, 1, 31)),
            Entry(name="soon-a", owner="three", expires=date(2027, 1, 31)),
        ]
    )
    assert compiled is not None
    assert compiled.tags == {
        "trusted-entries": "soon-a / soon-b / late",
        "owner": "three / two / one",
        "expires": "2027-01-31 / 2027-01-31 / 2027-12-31",
    }


def test_a_tag_is_filled_to_its_last_character() -> None:
    names = ["a" * 126, "b" * (TAG_LENGTH - 126 - len(" / "))]
    compiled = compile_list([Entry(name=name) for name in names])
    assert compiled is not None
    assert compiled.tags["trusted-entries"] == " / ".join(names)
    assert len(compiled.tags["trusted-entries"]) == TAG_LENGTH == 256


def test_what_does_not_fit_a_tag_is_counted() -> None:
    compiled = compile_list([Entry(name=f"{number:02}-{'x' * 20}") for number in range(40)])
    assert compiled is not None
    listed = compiled.tags["trusted-entries"].split(" / ")
    assert listed[-1] == "and 31 more"
    assert listed[:-1] == [f"{number:02}-{'x' * 20}" for number in range(9)]


def test_as_many_names_as_leave_room_for_the_count_are_kept() -> None:
    # 241 characters, and 15 for " / and 100 more".
    exact = ["a" * 119, "b" * 119, "c" * 119]
    compiled = compile_list([Entry(name=name) for name in exact])
    assert compiled is not None
    assert compiled.tags["trusted-entries"] == f"{exact[0]} / {exact[1]} / and 1 more"
    longer = compile_list([Entry(name=name) for name in ["a" * 119, "b" * 120, "c" * 119]])
    assert longer is not None
    assert longer.tags["trusted-entries"] == f"{exact[0]} / and 2 more"
