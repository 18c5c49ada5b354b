"""What a sequence of admin rules can make of a connection, doubts included.

An outcome is masks of connections: those that some rule may allow, may deny, may pass on, and those that may
match no rule. Of these, `settled` are left to the stage that the policies are in, as one of them is for the pods
(Calico's tiers), and `unmatched` are not. Under doubt a connection is in several of them. Outcomes of rules compose
to those of policies and those to a tier's: one after the other, or side by side where nothing says which goes first.
"""

from __future__ import annotations

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.admin_policy import Action


class Outcome(NamedTuple):
    """Shapes: every connection is in at least one of them; in more than one where rules may match or not."""

    allow: int
    deny: int
    passed: int
    unmatched: int
    settled: int = 0

    @staticmethod
    def untouched(full: int) -> Outcome:
        """Of no rules at all."""
        return Outcome(0, 0, 0, full)

    @staticmethod
    def of_rule(action: Action, surely: int, maybe: int, full: int) -> Outcome:
        """Of one rule that surely matches some connections and may match some more."""
        return Outcome(
            maybe if action is Action.ALLOW else 0,
            maybe if action is Action.DENY else 0,
            maybe if action is Action.PASS else 0,
            full & ~surely,
        )

    def then(self, other: Outcome) -> Outcome:
        """One first, then the other for what matched nothing."""
        unmatched, settled = self.unmatched, self.settled
        reached = unmatched | settled
        if not reached:
            return self
        return Outcome(
            self.allow | reached & other.allow,
            self.deny | reached & other.deny,
            self.passed | reached & other.passed,
            unmatched & other.unmatched,
            settled & other.unmatched | reached & other.settled,
        )

    def beside(self, other: Outcome) -> Outcome:
        """Either of the two first, nobody knows which."""
        return Outcome(
            self.allow | other.allow,
            self.deny | other.deny,
            self.passed | other.passed,
            self.unmatched & other.unmatched,
            self.settled & (other.settled | other.unmatched) | self.unmatched & other.settled,
        )

    def selected(self, full: int, *, certain: bool, settles: bool) -> Outcome:
        """Of a policy with that outcome for its own pods, for pods that may be among them, and for all that it is for.

        One that settles leaves what no rule of it matches to its stage.
        """
        if settles:
            return self._replace(unmatched=0 if certain else full, settled=self.unmatched)
        return self if certain else self._replace(unmatched=full)

    def ended(self, *, passes: bool) -> Outcome:
        """At the end of a stage."""
        if passes:
            return self._replace(passed=self.passed | self.settled, settled=0)
        return self._replace(deny=self.deny | self.settled, settled=0)

    @property
    def onward(self) -> int:
        """What may reach the next tier."""
        return self.passed | self.unmatched
