"""Wanted addresses as blocks of rows, and the wildcard patterns that fit inside them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from ipaddress import IPv4Network
from operator import or_

from infra.suppression.octets import (
    EVERY_NUMBER,
    NUMBERS,
    OctetPattern,
    largest_within,
    literal,
    members,
    patterns_of_several,
    tightest_around,
)

MAX_WILDCARDS = 5
"""Wildcard characters in one value of `Matches` (GuardDuty user guide, create suppression rules)."""

WIDEST_PREFIX = 16
"""Shortest prefix that is compiled; 65,536 addresses, and more than any egress needs."""

_ROW_BYTES = NUMBERS // 8


@dataclass(frozen=True, eq=False)
class Block:
    """Wanted addresses that agree in the first octets: a table of one octet by the next.

    A pattern always has all three dots, so no wildcard reaches beyond its octet: `198.51.1*` would also match
    198.51.100.7, `198.51.1.*` does not.

    Attributes:
        prefix: Octets in front, with their dots.
        suffix: What follows the two octets of the table: nothing, or a whole octet.
        rows: Number of the first octet to the wanted numbers of the second, as bits; in order, none empty.
    """

    prefix: str
    suffix: str
    rows: Mapping[int, int]

    @cached_property
    def whole(self) -> bool:
        """Whether every row is wanted whole, so that only rows need to be told apart."""
        return all(row == EVERY_NUMBER for row in self.rows.values())

    @cached_property
    def scale(self) -> int:
        """Addresses for which one bit of `bits` stands."""
        return (NUMBERS if self.whole else 1) * (NUMBERS if self.suffix else 1)

    @cached_property
    def present(self) -> int:
        """The numbers of the rows, as bits."""
        return sum(1 << number for number in self.rows)

    @cached_property
    def _whole_rows(self) -> int:
        return sum(1 << number for number, row in self.rows.items() if row == EVERY_NUMBER)

    @cached_property
    def bits(self) -> int:
        """Everything wanted: a bit for each row if they are whole, otherwise one for each address."""
        if self.whole:
            return self.present
        return int.from_bytes(b"".join(row.to_bytes(_ROW_BYTES, "little") for row in self.rows.values()), "little")

    @cached_property
    def size(self) -> int:
        """How many addresses are wanted."""
        return self.bits.bit_count() * self.scale

    @cached_property
    def shifts(self) -> Mapping[int, int]:
        """Where the bits of a row begin, unless rows are whole."""
        return {number: NUMBERS * place for place, number in enumerate(self.rows)}

    def areas(self) -> Iterator["Area"]:
        """Where patterns may lie: one row, or rows that one pattern picks, with the columns all of them want."""
        if self.whole:
            rows_only = MAX_WILDCARDS - f"*{self.suffix}".count("*")
            yield from (Area(self, rows, EVERY_NUMBER) for rows in largest_within(self.present, wildcards=rows_only))
            return
        whole = [
            rows
            for rows in largest_within(self._whole_rows, wildcards=MAX_WILDCARDS - 1)
            if rows.numbers.bit_count() > 1
        ]
        yield from (Area(self, rows, EVERY_NUMBER) for rows in whole)
        in_whole = reduce(or_, (rows.numbers for rows in whole), 0)
        yield from (Area(self, literal(number), row) for number, row in self.rows.items() if not in_whole >> number & 1)
        absent = EVERY_NUMBER & ~self.present
        for rows in patterns_of_several(len(self.rows)):
            if rows.numbers & absent or any(not rows.numbers & ~other.numbers for other in whole):
                continue
            common = EVERY_NUMBER
            for number in members(rows.numbers):
                common &= self.rows[number]
            if common:
                yield Area(self, rows, common)

    def bits_of(self, rows: int) -> int:
        """The first bit of each of these rows; times columns, they are the columns in all of these rows."""
        if self.whole:
            return rows
        firsts = bytearray(_ROW_BYTES * len(self.rows))
        for number in members(rows):
            firsts[self.shifts[number] // 8] = 1
        return int.from_bytes(firsts, "little")

    def addresses(self, bits: int) -> Iterator[str]:
        """The addresses that these bits stand for, in the order of their numbers."""
        for number, shift in self.shifts.items():
            row = (EVERY_NUMBER if bits >> number & 1 else 0) if self.whole else bits >> shift & EVERY_NUMBER
            for column in members(row):
                stem = f"{self.prefix}{number}.{column}"
                yield from (f"{stem}.{last}" for last in range(NUMBERS)) if self.suffix else (stem,)


@dataclass(frozen=True, eq=False)
class Area:
    """Rows of a block and columns that all of them want.

    Attributes:
        rows: The pattern that picks the rows.
        columns: Wanted in every one of them, as bits.
    """

    block: Block
    rows: OctetPattern
    columns: int

    @property
    def most(self) -> int:
        """How many addresses one pattern inside can match at most."""
        width = 1 if self.block.whole else self.columns.bit_count()
        return self.rows.numbers.bit_count() * width * self.block.scale

    @cached_property
    def patterns(self) -> tuple["AddressPattern", ...]:
        """The patterns inside that no larger one makes superfluous; none that matches a single address."""
        left = MAX_WILDCARDS - self.rows.wildcards - self.block.suffix.count("*")
        return tuple(
            AddressPattern(self.block, self.rows, columns)
            for columns in largest_within(self.columns, wildcards=left)
            if self.rows.wildcards or columns.wildcards
        )


@dataclass(frozen=True, eq=False)
class AddressPattern:
    """A pattern that matches wanted addresses of one block and nothing else."""

    block: Block
    rows: OctetPattern
    columns: OctetPattern

    @property
    def text(self) -> str:
        """The pattern as GuardDuty takes it."""
        return f"{self.block.prefix}{self.rows.text}.{self.columns.text}{self.block.suffix}"

    @cached_property
    def bits(self) -> int:
        """What it matches, as bits of the block."""
        columns = 1 if self.block.whole else self.columns.numbers
        return self.block.bits_of(self.rows.numbers) * columns

    @property
    def size(self) -> int:
        """How many addresses it matches."""
        width = 1 if self.block.whole else self.columns.numbers.bit_count()
        return self.rows.numbers.bit_count() * width * self.block.scale

    def around(self, bits: int) -> "AddressPattern":
        """The tightest pattern that still matches these of its bits: `10?` rather than `10*` where 10 is not missed."""
        if bits == self.bits:
            return self
        block, rows, columns = self.block, 0, 0
        if block.whole:
            rows, columns = bits, EVERY_NUMBER
        else:
            for number in members(self.rows.numbers):
                if row := bits >> block.shifts[number] & EVERY_NUMBER:
                    rows |= 1 << number
                    columns |= row
        tight = AddressPattern(
            block,
            tightest_around(rows, within=self.rows.numbers),
            tightest_around(columns, within=self.columns.numbers),
        )
        few = tight.rows.wildcards + tight.columns.wildcards + block.suffix.count("*") <= MAX_WILDCARDS
        return tight if few and tight.rows.wildcards + tight.columns.wildcards else self


def blocks_of(networks: Iterable[IPv4Network]) -> tuple[Block, ...]:
    """The addresses of the networks, each once, as blocks in the order of their numbers."""
    # No need to collapse: the same bit set twice is one bit.
    rows: dict[int, dict[int, int]] = {}
    for network in networks:
        start, size = int(network.network_address), 1 << network.max_prefixlen - network.prefixlen
        row = rows.setdefault(start >> 16, {})
        third = start >> 8 & 0xFF
        if size < NUMBERS:
            row[third] = row.get(third, 0) | ((1 << size) - 1) << (start & 0xFF)
        else:
            row.update(dict.fromkeys(range(third, third + size // NUMBERS), EVERY_NUMBER))
    whole: dict[int, dict[int, int]] = {}
    partial: list[Block] = []
    for start, thirds in sorted(rows.items()):
        first, second = divmod(start, NUMBERS)
        if len(thirds) == NUMBERS and set(thirds.values()) == {EVERY_NUMBER}:
            whole.setdefault(first, {})[second] = EVERY_NUMBER
        else:
            partial.append(Block(f"{first}.{second}.", "", dict(sorted(thirds.items()))))
    return (*(Block(f"{first}.", ".*", seconds) for first, seconds in whole.items()), *partial)
