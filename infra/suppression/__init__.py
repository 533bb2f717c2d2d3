"""Suppression rules compiled from our own egress addresses; pure, knows neither CDK nor configuration files."""

from infra.suppression.address_plan import AddressPlan, UnsupportedNetworkError, plan_for
from infra.suppression.budget import (
    DEFAULT_BUDGET,
    MAX_FILTERS,
    TooManyFiltersError,
    check_budget,
    entry_costs,
)
from infra.suppression.compiler import CompiledFilter, compile_filters
from infra.suppression.entry import EgressSource
from infra.suppression.finding_types import CATALOGUE, SUPPRESSED_FINDING_TYPES
from infra.suppression.narrowing import UnsupportedScopeError
from infra.suppression.plan import plan_filters
from infra.suppression.trusted_list import (
    MAX_TRUSTED_ENTITIES,
    MAX_TRUSTED_IP_ADDRESSES,
    CompiledList,
    collapsed,
    compile_list,
)

__all__ = [
    "CATALOGUE",
    "DEFAULT_BUDGET",
    "MAX_FILTERS",
    "MAX_TRUSTED_ENTITIES",
    "MAX_TRUSTED_IP_ADDRESSES",
    "SUPPRESSED_FINDING_TYPES",
    "AddressPlan",
    "CompiledFilter",
    "CompiledList",
    "EgressSource",
    "TooManyFiltersError",
    "UnsupportedNetworkError",
    "UnsupportedScopeError",
    "check_budget",
    "collapsed",
    "compile_filters",
    "compile_list",
    "entry_costs",
    "plan_filters",
    "plan_for",
]
