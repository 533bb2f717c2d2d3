"""The modules that are mutated, and the tests that judge each."""

from collections.abc import Sequence
from dataclasses import dataclass

FLOOR = 85.0
"""Score in per cent that each module has to reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One named part of the project.

    Attributes:
        about: What it is, in words.
        root: Folder from which its packages are imported.
        packages: What is put in place of the original, so that all of it is mutated code or a copy.
        files: The files that are mutated, below `root`; a pattern of fnmatch each.
        spared: Files among them that are only data.
        tests: Files and folders of tests; what takes long and sees nothing that others do not is left out.
        left_out: Tests in them that are not asked: each takes seconds for what a faster neighbour sees, too.
    """

    about: str
    root: str
    packages: Sequence[str]
    files: Sequence[str]
    tests: Sequence[str]
    spared: Sequence[str] = ()
    left_out: Sequence[str] = ()


MODULES = {
    "compiler": Module(
        about="egress addresses to filters: infra/suppression",
        root=".",
        packages=("infra",),
        files=("infra/suppression/*.py",),
        spared=("infra/suppression/finding_types.py",),
        tests=("tests/unit/suppression",),
        left_out=(
            "test_address_plan.py::test_over_a_whole_16_not_one_address_is_wrong",
            "test_address_plan.py::test_whatever_shape_the_wanted_addresses_have_none_is_wrong",
            "test_address_plan.py::test_every_value_is_within_the_limits_of_the_service",
            "test_compiler.py::test_every_filter_is_within_the_limits_of_the_service",
            "test_compiler.py::test_the_longest_names_fit",
            "test_narrowing.py::test_what_is_hidden_fits_every_key_of_the_scope",
            "test_narrowing.py::test_adding_a_key_to_a_scope_never_hides_a_finding_that_was_not_hidden",
            "test_narrowing.py::test_adding_a_scope_never_hides_a_finding_that_was_not_hidden",
            "test_narrowing.py::test_the_order_of_a_scope_does_not_matter",
            "test_sharing.py::test_one_more_scattered_address_changes_a_filter_or_two",
        ),
    ),
    "routing": Module(
        about="routes to event patterns and rules",
        root=".",
        packages=("infra",),
        files=(
            "infra/constructs/finding_pattern.py",
            "infra/constructs/watch_patterns.py",
            "infra/config/bus_rules.py",
        ),
        tests=(
            "tests/unit/stacks/test_finding_pattern.py",
            "tests/unit/stacks/test_watch_patterns.py",
            "tests/unit/config/test_bus_rules.py",
        ),
    ),
    "ledger": Module(
        about="told once, and roll-ups: lambda_src/notifier/ledger",
        root="lambda_src",
        packages=("notifier",),
        files=("notifier/ledger/*.py",),
        tests=(
            "tests/unit/notifier/test_changes.py",
            "tests/unit/notifier/test_sight.py",
            "tests/unit/notifier/test_rollup.py",
            "tests/unit/notifier/test_rollup_words.py",
            "tests/unit/notifier/test_case_state.py",
            "tests/unit/notifier/test_fuse.py",
            "tests/unit/notifier/test_flood_parts.py",
            "tests/unit/notifier/test_told.py",
            "tests/unit/notifier/test_flood.py",
            "tests/unit/notifier/test_dynamo_table.py",
            "tests/unit/notifier/test_ledger_down.py",
        ),
        left_out=(
            "test_flood.py::test_a_burst_of_ten_thousand_loses_none_tells_each_once_and_stays_readable",
            "test_flood.py::test_t18_what_came_while_the_destination_was_down_is_told_or_counted_when_it_is_back",
            "test_flood.py::test_a_case_that_comes_three_thousand_times_is_one_message",
        ),
    ),
    "escaping": Module(
        about="others' text made harmless, and each destination's form of it",
        root="lambda_src",
        packages=("notifier",),
        files=(
            "notifier/inert.py",
            "notifier/destinations/text.py",
            "notifier/destinations/chat_notification.py",
            "notifier/destinations/form.py",
            "notifier/destinations/pagerduty_event.py",
            "notifier/destinations/slack_card.py",
            "notifier/destinations/teams_card.py",
            "notifier/destinations/webhook_document.py",
        ),
        tests=(
            "tests/unit/notifier/test_inert.py",
            "tests/unit/notifier/test_whole_messages.py",
            "tests/unit/notifier/test_text.py",
            "tests/unit/notifier/test_chat_notification.py",
            "tests/unit/notifier/test_pagerduty_event.py",
            "tests/unit/notifier/test_slack_card.py",
            "tests/unit/notifier/test_teams_card.py",
            "tests/unit/notifier/test_webhook_document.py",
        ),
    ),
}
