"""An entry over its filters in several Regions, which may be as an older deployment left them."""

from datetime import UTC, date, datetime, timedelta

from suppression_review.entry import Entry
from suppression_review.filters import EgressFilter

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def entry(*filters: tuple[str, date, datetime]) -> Entry:
    return Entry(
        name="dc",
        filters=tuple(
            EgressFilter(
                name="dc-01", region=region, entry="dc", owner="network-ops", expires=expires, notify=(), hides=True,
                criterion={}, created=created,
            )
            for region, expires, created in filters
        ),
    )  # fmt: skip


def test_where_regions_differ_an_entry_ends_with_the_first_and_is_as_old_as_the_youngest() -> None:
    one = entry(("eu-west-1", date(2027, 6, 30), NOW - timedelta(days=100)), ("us-east-1", date(2026, 11, 1), NOW))
    assert one.expires == date(2026, 11, 1)
    assert not one.made_before(NOW - timedelta(days=90))
