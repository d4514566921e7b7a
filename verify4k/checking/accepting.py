"""Findings that somebody accepts: ignores and a baseline, each bound to one file's content.

An accepted finding is kept and counted, it only does not fail the run. An exception that names
no content, or another, accepts nothing: the file that was looked at is not the file that is there.
One of a rule that compares a file with what it was made from is bound to that as well.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from verify4k.checking.baseline import KnownFinding
from verify4k.named_tuple import NamedTuple
from verify4k.report import Suppression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verify4k.checking.baseline import Baseline
    from verify4k.checking.judging import Judged
    from verify4k.checking.plan import Settings
    from verify4k.model import Asset, Ignore, Lineage, Manifest
    from verify4k.report import Finding

_ASKED = ("holds", "problem")
_ENOUGH = 32  # hexadecimal digits that bind: two files that share fewer can be made in minutes (48 bits)


class _Miss(NamedTuple):
    """A finding that an ignore would accept if it were bound to this content."""

    target: str
    sha256: str


class Acceptance:
    """Sorts the findings of one run; knows afterwards which exceptions were of no use."""

    def __init__(
        self, manifest: Manifest, settings: Settings, baseline: Baseline | None, lineage: Lineage
    ) -> None:
        self._manifest = manifest
        self._lineage = lineage
        self._settings = settings
        self._baseline = baseline
        self._targets = {known.target for known in baseline.known} if baseline else set()
        self._used: set[Ignore | KnownFinding] = set()
        self._misses: dict[Ignore, list[_Miss]] = {}

    def binds(self, asset: Asset) -> bool:
        """Whether an exception names this asset, or what comes of it: its hash is needed at any depth."""
        if not self._settings.ignores:
            return False
        return self._named(asset) or (not self._lineage.alone(asset) and asset.target in self._sources)

    def _named(self, asset: Asset) -> bool:
        return bool(asset.ignores) or asset.target in self._targets

    @cached_property
    def _sources(self) -> set[str]:
        """What named assets were made from: exceptions of rules that compare them are bound to it, too."""
        named = filter(self._named, self._manifest.assets)
        return {source.target for asset in named for source in self._lineage.of(asset)}

    def sort(self, judged: Judged) -> None:
        """Move what is accepted from ``findings`` to ``suppressed``."""
        if not self.binds(judged.asset):
            return
        kept = []
        for finding in judged.findings:
            why = self._why(judged, finding)
            if why is None:
                kept.append(finding)
            else:
                judged.suppressed.append(finding._replace(suppressed=why))
        judged.findings[:] = kept

    def _why(self, judged: Judged, finding: Finding) -> Suppression | None:
        sha256 = judged.bound if finding.bound is None else finding.bound
        if not sha256:  # nothing is there, or it cannot be read: no content to accept
            return None
        for ignore in judged.asset.ignores:
            if ignore.rule != finding.rule:
                continue
            if _binds(ignore) and sha256.startswith(ignore.sha256 or ""):
                self._used.add(ignore)
                return Suppression("comment" if ignore.comment else "ignore", ignore.reason, ignore.place)
            self._misses.setdefault(ignore, []).append(_Miss(finding.target, sha256))
        known = KnownFinding(finding.target, finding.rule, finding.expected, sha256)
        if self._baseline is not None and known in self._baseline.known:
            self._used.add(known)
            return Suppression("baseline", f"known in {self._baseline.path}")
        return None

    def notes(self, judged: Iterable[Judged]) -> tuple[str, ...]:
        """Tell what was left out or of no use, in the order of the manifest."""
        run = {each.asset.target: each for each in judged}
        carriers: dict[Ignore, list[Asset]] = {}
        for asset in self._manifest.assets:
            for ignore in asset.ignores:
                carriers.setdefault(ignore, []).append(asset)
        if not self._settings.ignores:
            return ("--no-ignores: no exception was applied",) if carriers or self._baseline else ()
        notes = []
        for ignore, assets in sorted(carriers.items(), key=lambda item: item[0].place):
            note = self._note(ignore, [run[a.target] for a in assets if a.target in run], len(assets))
            if note:
                notes.append(f"{ignore.place}: {note}")
        return (*notes, *self._unneeded(run))

    def _note(self, ignore: Ignore, seen: list[Judged], carriers: int) -> str:
        if ignore in self._used:
            return ""
        misses = self._misses.get(ignore)
        if misses:
            more = f" (and {len(misses) - 1} more)" if len(misses) > 1 else ""
            if not _binds(ignore):
                few = f"gives {len(ignore.sha256)} digits of at least {_ENOUGH}" if ignore.sha256 else ""
                return (
                    f"this ignore of {ignore.rule} {few or 'names no content'}, so it accepts nothing; "
                    f"to accept {misses[0].target}{more} as it is now, {_how(ignore, misses[0])}"
                )
            if len(seen) == carriers:
                return (
                    f"this ignore of {ignore.rule} is bound to other content than {misses[0].target}{more} "
                    f"has; look at the file again, then {_how(ignore, misses[0])}"
                )
            return ""
        unused = len(seen) == carriers and all(self._asked(each, ignore.rule) for each in seen)
        return f"unused ignore: {ignore.rule} finds nothing to accept here; remove it" if unused else ""

    def _asked(self, judged: Judged, rule: str) -> bool:
        if judged.states.get(rule) in _ASKED:
            return True
        settings = self._settings
        whole = settings.depth == "full" and not settings.select and rule not in settings.ignore
        return whole and judged.states.get(rule, "not-asked") == "not-asked"

    def _unneeded(self, run: dict[str, Judged]) -> Iterator[str]:
        if self._baseline is None:
            return
        promised = {asset.target for asset in self._manifest.assets}
        left = [
            known
            for known in sorted(self._baseline.known)
            if known not in self._used
            and (
                known.target not in promised
                or (known.target in run and self._asked(run[known.target], known.rule))
            )
        ]
        if left:
            number = "1 finding is" if len(left) == 1 else f"{len(left)} findings are"
            yield (
                f"{self._baseline.path}: {number} not there any more (the first: {left[0].rule} of "
                f"{left[0].target}); write it again with --write-baseline"
            )


def _binds(ignore: Ignore) -> bool:
    return ignore.sha256 is not None and len(ignore.sha256) >= _ENOUGH


def _how(ignore: Ignore, miss: _Miss) -> str:
    if ignore.comment:
        return f"write ignore[{ignore.rule}@{miss.sha256[:_ENOUGH]}]"
    return f"give it sha256: {miss.sha256}"
