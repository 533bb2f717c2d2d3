"""The way of an event from bus to bus, and who takes it there."""

from infra.config import INVESTIGATION_RULE
from tools.journey.answers import Answers
from tools.journey.destination import Destination
from tools.journey.rules import Bus, Rule
from tools.journey.world import World
from tools.templates.plain_values import UnjudgedError


class Carried:
    """Follows an event from bus to bus, and notes who takes it.

    Attributes:
        forwarders: The rules that brought it from one bus to another.
        destinations: Whom it reached, by the bus from which, and by name.
        routes: The rules by which.
        also: Sentences about whatever else took it.
        passed: The buses on which it was, the default bus first.

    Args:
        world: The deployment.
        event: The event's position among those that the answers are about.
        answers: What the pattern engine said.
        sample: GuardDuty made it to be looked at.
    """

    def __init__(self, world: World, event: int, answers: Answers, *, sample: bool) -> None:
        self._world, self._event, self._answers = world, event, answers
        self._sample = sample
        self.forwarders: list[str] = []
        self.destinations: dict[tuple[Bus, str], Destination] = {}
        self.routes: dict[tuple[Bus, str], list[str]] = {}
        self.also: list[str] = []
        self.passed: list[Bus] = []

    def follow(self, bus: Bus) -> None:
        """Let every rule of a bus that takes the event do so.

        Raises:
            UnjudgedError: One leads on in a way that cannot be told; names it.
        """
        self.passed.append(bus)
        for rule in self._world.rules.get(bus, ()):
            if self._answers.match(rule.pattern, self._event):
                if rule.on and rule.computed:
                    fields = ", ".join(rule.computed)
                    raise UnjudgedError(f"whether the rule {rule.name} takes it cannot be told: {fields} is computed")
                if rule.on:
                    self._take(rule)
                else:
                    self.also.append(f"the rule {rule.name} would take it, but is switched off")

    def _take(self, rule: Rule) -> None:
        for target in rule.targets:
            if target.altered:
                raise UnjudgedError(f"what arrives at {target.id} cannot be told: the rule {rule.name} changes it")
            match target.leads:
                case Bus() as bus:
                    self._forward(rule, bus)
                case tuple() as destinations:
                    for one in destinations:
                        self.destinations[rule.bus, one.name] = one
                        self.routes.setdefault((rule.bus, one.name), []).append(rule.name)
                case elsewhere if rule.name == INVESTIGATION_RULE and self._sample:
                    self.also.append(f"{elsewhere.what} leaves it at that: a sample is not investigated")
                case elsewhere if rule.name == INVESTIGATION_RULE:
                    self.also.append(
                        f"it is investigated, by reading only, and a second message follows (rule {rule.name}, "
                        f"{elsewhere.what})"
                    )
                case elsewhere:
                    self.also.append(f"the rule {rule.name} gives it to {elsewhere.what}")

    def _forward(self, rule: Rule, bus: Bus) -> None:
        if rule.bus != self.passed[0]:
            # Events that came from elsewhere are not sent on to a third place (EventBridge user guide, cross-Region).
            raise UnjudgedError(f"the rule {rule.name} sends it on from bus to bus, to {bus.name}; one hop is followed")
        self.forwarders.append(rule.name)
        if bus not in self._world.rules:
            self.also.append(f"no rule of these templates listens on the bus {bus.name} of {bus.region}")
        self.follow(bus)
