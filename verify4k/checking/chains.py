"""Chains that `from:` makes: what rules keep along them, and the rules that compare it."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any

from verify4k.artifacts.guard import guarded
from verify4k.checking.judging import digest_of, finding, lent, unanswered
from verify4k.errors import BehindDamage, BeyondDepth, CannotRead, Damaged, NotAsked, Verify4kError
from verify4k.rule import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verify4k.artifacts.artifact import Artifact
    from verify4k.checking.judging import Judged
    from verify4k.checking.plan import Plan, Planned
    from verify4k.model import Asset, Problem
    from verify4k.rule import Rule


_SIZE, _DIGEST = "", "sha256"  # beside the names of rules


class Chains:
    """The chains of one run; a source that this run does not judge is looked at all the same."""

    def __init__(
        self,
        judged: Sequence[Judged],
        plan: Plan,
        opened: Callable[[Asset], Artifact],
        display: Callable[[Asset], str],
    ) -> None:
        self.judged = judged
        self.plan = plan
        self.opened = opened
        self.display = display
        self.by_target = {each.asset.target: each for each in judged}
        self._lent: dict[str, dict[str, Any]] = {}
        self._wrapped: dict[tuple[str, int], Verify4kError] = {}

    def of(self, asset: Asset) -> tuple[Asset, ...]:
        """Return the chain that leads to an asset, the first source first, the asset itself last."""
        return self.plan.lineage.of(asset)

    def compare(self) -> None:
        """Ask the rules along chains; their problems become findings."""
        for each in self.judged:
            if each.asset.made_from is None:
                continue
            for planned in self.plan.of(each.asset):
                if planned.rule.along is not None and not planned.lends:
                    each.states[planned.rule.id] = self._ask(each, planned)

    def _ask(self, each: Judged, planned: Planned) -> Any:
        asset, path = each.asset, self.display(each.asset)
        try:
            problems = self.problems(planned.rule, asset, self.of(asset))
        except Verify4kError as error:
            return unanswered(each, planned, error, path)
        bound = self._bound(asset) if problems else ""
        each.findings.extend(finding(asset, planned, p, path)._replace(bound=bound) for p in problems)
        return "problem" if problems else "holds"

    def problems(self, rule: Rule, promise: Asset, chain: Sequence[Asset]) -> list[Problem]:
        """Ask a rule along a chain what ``promise`` says about the chain's last artifact."""
        along = rule.along
        assert along is not None  # noqa: S101 - only such rules come here
        links = [Link(asset, partial(self._seen, rule, asset, asset is chain[-1])) for asset in chain]
        return guarded(lambda: list(along(promise, links)))

    def _bound(self, asset: Asset) -> str:
        """Return what an exception is bound to: the content of the artifact and of all that it was made from.

        With another source an accepted deviation is another one. Empty where a content is not known.
        """
        digests = [self._digest(each) for each in self.of(asset)]
        return "" if None in digests else hashlib.sha256("\n".join(map(str, digests)).encode()).hexdigest()

    def _digest(self, asset: Asset) -> str | None:
        judged = self.by_target.get(asset.target)
        found: str | None = self._kept(asset)[_DIGEST] if judged is None else judged.bound or judged.sha256
        return found

    def _seen(self, rule: Rule, asset: Asset, last: bool) -> Any:
        found = self._kept(asset).get(rule.id)
        if isinstance(found, Verify4kError):
            raise found if last else self._of_source(asset, found)
        return found

    def _of_source(self, asset: Asset, error: Verify4kError) -> Verify4kError:
        """Say of whom it is told; the same error is wrapped once, so that it is told once."""
        if isinstance(error, NotAsked | BeyondDepth):
            return error
        key = (asset.target, id(error))
        if key not in self._wrapped:
            said = f"{self.display(asset)}, which it was made from, cannot be compared: {error.message}"
            kind = BehindDamage if isinstance(error, BehindDamage | Damaged) else CannotRead
            self._wrapped[key] = kind(said, error.hint)
        return self._wrapped[key]

    def displayed(self, asset: Asset) -> Sequence[int]:
        """Return the size that is known of an artifact; empty where none is."""
        if asset.target in self.by_target:
            return self.by_target[asset.target].facts.get("displayed") or ()
        found: Sequence[int] = self._kept(asset)[_SIZE]
        return found

    def _kept(self, asset: Asset) -> dict[str, Any]:
        if asset.target in self.by_target:
            return self.by_target[asset.target].kept
        if asset.target not in self._lent:
            self._lent[asset.target] = self._look(asset)
        return self._lent[asset.target]

    def _look(self, asset: Asset) -> dict[str, Any]:
        """Keep of a source that this run does not judge what it would have kept of it, size and digest."""
        along = [planned for planned in self.plan.of(asset) if planned.rule.along is not None]
        with self.opened(asset) as artifact:
            kept = {planned.rule.id: lent(artifact, planned) for planned in along}
            try:
                size: Sequence[int] = guarded(lambda: artifact.displayed)
            except Verify4kError:
                size = ()
            return {**kept, _SIZE: size, _DIGEST: digest_of(artifact)}
