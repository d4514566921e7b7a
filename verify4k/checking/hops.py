"""At which artifact of its chain each promise broke; what a source has wrong already is told once, there.

A finding names the first artifact that deviates in the very same way (rule, message, expected and got).
Where that artifact has this finding itself, those further on inherit it: they have failed, and are told
with it. What deviates otherwise stays a finding of its own. A source that is as it was to be is not the
first: the step after it was to reduce, convert or draw it, and has not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from verify4k.artifacts.guard import guarded
from verify4k.errors import CannotRead, Verify4kError
from verify4k.model import LEDGER
from verify4k.report import SEVERITIES, ChainLink, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verify4k.checking.chains import Chains
    from verify4k.checking.judging import Judged
    from verify4k.checking.plan import Planned
    from verify4k.model import Asset, Problem
    from verify4k.provenance.ledger_history import History, Record
    from verify4k.rule import Rule

    State = Literal["ok", "same", ""]

_SEARCHES = 16  # of the ledger for one file each; then it is read as a whole
_ABOUT = 0.05  # how far measured sizes ("about 512x384") of one picture in two encodings may differ
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
SIZE_RULE = "exact-size"
_MADE_SO = frozenset({"right-format"})  # what no source has to be: exporting makes it so
# rules each of whose options has one value, so that another value speaks about the same thing
_ONE_VALUE = frozenset(
    {SIZE_RULE, "no-stray-alpha", "color", "right-encoding", "right-density", "right-timing", "still"}
)


def trace(chains: Chains, history: Callable[[], History | None]) -> None:
    """Give every finding of an asset with a chain its hop, and take together what is one deviation."""
    tracer = _Tracer(chains, history)
    for each in chains.judged:
        each.suppressed[:] = [tracer.traced(each, found)[0] for found in each.suppressed]
        own, told = list(each.findings), []
        for found in own:
            placed, first = tracer.traced(each, found)
            home = tracer.home(each, found, first)
            if home is None:
                told.append(placed)
            else:
                each.inherited.append(placed)
                _add(home, found, placed.path)
        each.findings[:] = told


def _add(home: Judged, found: Finding, path: str) -> None:
    for index, one in enumerate(home.findings):
        if _alike(one, found):
            home.findings[index] = one._replace(also=(*one.also, path))
            return


class _Tracer:
    def __init__(self, chains: Chains, history: Callable[[], History | None]) -> None:
        self._chains = chains
        self._history = history
        self._searches = 0
        self._records: dict[str, tuple[Record, Record]] | None = None
        self._asked: dict[tuple[str, str, int], list[Problem] | None] = {}

    def traced(self, judged: Judged, found: Finding) -> tuple[Finding, int]:
        """Return the finding with its chain, and the index of the first asset that deviates like it."""
        chain = self._chains.of(judged.asset)
        record = self._record(chain[0]) if found.rule == SIZE_RULE else None
        last = len(chain) - 1
        if record is None and self._chains.plan.lineage.alone(judged.asset):
            return found, 0
        planned = next((p for p in self._chains.plan.of(judged.asset) if p.rule.id == found.rule), None)
        states: list[State] = [self._state(planned, chain, index, found) for index in range(last)]
        first = last
        while first and states[first - 1] == "same":
            first -= 1
        if first == last and record is None and _remark(planned, found):
            return found, last
        links = [
            self._link(asset, "lost" if i == first else "same" if i > first else states[i])
            for i, asset in enumerate(chain)
        ]
        if record is not None:
            links = [_asked_for(record, links[0]), *links]
            if links[0].state == "lost":
                links[1] = links[1]._replace(state="same")
        hop = next(link.path for link in links if link.state == "lost")
        return found._replace(hop=hop, chain=tuple(links)), first

    def home(self, judged: Judged, found: Finding, first: int) -> Judged | None:
        """Return the source that has this finding already, as bad as here or worse; None: it is news."""
        for asset in self._chains.of(judged.asset)[first:-1]:
            other = self._chains.by_target.get(asset.target)
            for one in other.findings if other is not None else ():
                if _alike(one, found) and SEVERITIES.index(one.severity) <= SEVERITIES.index(found.severity):
                    return other
        return None

    # -- one artifact of the chain -------------------------------------------------------

    def _state(self, planned: Planned | None, chain: Sequence[Asset], index: int, found: Finding) -> State:
        """Say whether a source keeps what was promised further on."""
        asset, promise = chain[index], chain[-1]
        if planned is None:
            return ""
        rule = planned.rule
        there = self._chains.by_target.get(asset.target)
        same_promise = rule.options is None or _values(asset, rule.options) == _values(promise, rule.options)
        if there is not None and same_promise and there.states.get(rule.id) in ("holds", "problem"):
            told = (*there.findings, *there.suppressed, *there.inherited)
            if any(_alike(one, found) for one in told):
                return "same"
            return "ok" if there.states[rule.id] == "holds" else ""
        apart = rule.id in _ONE_VALUE and _says_otherwise(rule, asset, promise)
        if apart and self._keeps_its_own(planned, asset):
            return "ok"  # it is as it was to be: the step after it was to change that
        problems = self._again(planned, chain, index)
        if not problems:
            return "" if problems is None else "ok"
        if rule.id in _MADE_SO or (rule.id == SIZE_RULE and self._suffices(asset, promise)):
            return ""
        return "same" if any(_alike(one, found) for one in problems) else ""

    def _keeps_its_own(self, planned: Planned, asset: Asset) -> bool:
        """Whether a source holds what it promises itself, also one that this run does not judge."""
        there = self._chains.by_target.get(asset.target)
        if there is not None:
            return there.states.get(planned.rule.id) == "holds"
        return self._again(planned, (asset,), 0) == []

    def _again(self, planned: Planned, chain: Sequence[Asset], index: int) -> list[Problem] | None:
        """Ask a source what was promised of the artifact that came of it; None: it cannot be asked."""
        asset, promise, rule = chain[index], chain[-1], planned.rule
        key = (asset.target, rule.id, id(promise))
        if key not in self._asked:
            try:
                self._asked[key] = self._problems(planned, chain, index)
            except Verify4kError:
                self._asked[key] = None
        return self._asked[key]

    def _problems(self, planned: Planned, chain: Sequence[Asset], index: int) -> list[Problem] | None:
        asset, promise, rule = chain[index], chain[-1], planned.rule
        if rule.along is not None:
            return self._chains.problems(rule, promise, chain[: index + 1]) if index else None
        check = rule.check
        if check is None or rule.options is None:
            return None
        wished = asset.replaced(options={**asset.options, rule.options: promise[rule.options]})
        if not rule.is_asked(wished):
            return None
        with self._chains.opened(wished) as artifact:
            if artifact.format == "svg":  # a drawing has no pixels that could be wrong: what draws it has
                return None
            return guarded(lambda: list(check(artifact)))

    def _suffices(self, asset: Asset, promise: Asset) -> bool:
        """Whether a source is larger than the size promised further on: then it was to be reduced."""
        from verify4k.formats.facts import Size
        from verify4k.rules.exact_size import SizeOptions

        here = self._chains.displayed(asset)
        wanted = promise[SizeOptions].size or ()
        if len(here) != 2 or any(each.allows(Size(*here)) for each in wanted):
            return False
        return any(here[0] >= each.low.width and here[1] >= each.low.height for each in wanted)

    def _link(self, asset: Asset, state: Literal["ok", "lost", "same", ""]) -> ChainLink:
        there = self._chains.by_target.get(asset.target)
        facts: Any = {} if there is None else there.facts
        server = (facts.get("delivery") or {}).get("server")
        note = f"served by {server}" if server and state == "lost" else ""
        said = "x".join(map(str, self._chains.displayed(asset)))
        return ChainLink(self._chains.display(asset), asset.target, said, state, note)

    def _record(self, asset: Asset) -> tuple[Record, Record] | None:
        """Return the last accepted request for a file, and what came of it; None: none is known."""
        if asset.url is not None:
            return None
        try:
            history = self._history()
        except CannotRead:  # rule provenance says so where it matters
            return None
        if history is None:
            return None
        self._searches += 1
        if self._searches <= _SEARCHES:
            return _accepted(history.about(asset.target)).get(asset.target)
        if self._records is None:
            self._records = _accepted(history)
        return self._records.get(asset.target)


def _accepted(history: History) -> dict[str, tuple[Record, Record]]:
    """Return by target the last accepted request and its outcome."""
    found = {}
    for identity, outcome in history.outcomes.items():
        request = history.requests.get(identity)
        if request is not None and outcome.get("verdict") == "accepted" and outcome.get("size"):
            found[str(outcome.get("target", ""))] = (request, outcome)
    return found


def _asked_for(record: tuple[Record, Record], file: ChainLink) -> ChainLink:
    """Return the link before the first file: what a request asked for, and what came."""
    request, outcome = record
    asked, came = str(request.get("size", "")), str(outcome["size"])
    state: Literal["ok", "lost", ""] = "ok" if came == asked else ""
    if came == file.said and file.state == "lost":
        state = "lost"
    return ChainLink(LEDGER, None, f"asked {asked}, the answer was {came}", state)


def _remark(planned: Planned | None, found: Finding) -> bool:
    """Whether the rule itself calls it a note, such as what it cannot tell: then nothing was lost."""
    return planned is not None and found.severity == "note" != planned.severity


def _values(asset: Asset, kind: type) -> object:
    found = asset.options.get(kind)
    return None if found is None else vars(found)


def _says_otherwise(rule: Rule, source: Asset, promise: Asset) -> bool:
    """Whether a source promises something of its own wherever this promise says something else."""
    if rule.options is None:
        return False
    own, here = (vars(each[rule.options]) for each in (source, promise))
    differ = [key for key, value in here.items() if value is not None and value != own.get(key)]
    return all(own.get(key) is not None for key in differ)


def _alike(one: Finding | Problem, other: Finding | Problem) -> bool:
    """Whether two artifacts deviate from equal promises in the same way."""
    if isinstance(one, Finding) and isinstance(other, Finding) and one.rule != other.rule:
        return False
    if one.expected != other.expected:
        return False
    if one.message == other.message and one.actual == other.actual:
        return True
    if "about " not in one.actual:
        return False
    said = [each.message.partition(";")[0] + each.actual for each in (one, other)]
    return _close(*said)  # what stands behind the semicolon is how it was seen in that encoding


def _close(one: str, other: str) -> bool:
    """Whether two sentences say the same with about the same numbers."""
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(abs(float(a) - float(b)) <= _ABOUT * max(float(a), float(b)) for a, b in pairs)
