"""Worlds whose filters are not those of their configuration."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tools.journey.world import World
from tools.matching.guardduty_filters import DeployedFilter


def with_filters(world: World, *more: DeployedFilter) -> World:
    """The world with more filters in every Region."""
    return _changed(world, lambda filters: (*filters, *more))


def with_criterion(world: World, entry: str, change: Callable[[dict[str, Any]], object]) -> World:
    """The world with the criterion of all filters of an entry changed."""

    def changed(one: DeployedFilter) -> DeployedFilter:
        criterion = {name: dict(condition) for name, condition in one.criterion.items()}
        if one.tags["egress-entry"] == entry:
            change(criterion)
        return replace(one, criterion=criterion)

    return _changed(world, lambda filters: tuple(map(changed, filters)))


def _changed(world: World, change: Callable[[tuple[DeployedFilter, ...]], tuple[DeployedFilter, ...]]) -> World:
    places = {
        region: tuple(replace(place, filters=change(place.filters)) for place in places)
        for region, places in world.places.items()
    }
    return replace(world, places=places)
