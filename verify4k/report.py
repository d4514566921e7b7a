"""What a run found: all that reporters and the exit code ever see. Frozen, plain data.

Foreign text (targets, metadata) is held raw here; each reporter escapes it for its format.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from verify4k.documents.nodes import Place

Severity = Literal["error", "warning", "note"]
Verdict = Literal["passed", "failed", "undecided"]
RuleState = Literal["holds", "problem", "undecided", "not-asked"]

INTERRUPTED = 130  # the exit code of a run that was stopped with Ctrl-C

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")  # worst first


class Suppression(NamedTuple):
    """Why a finding does not count: an ignore with its reason, or a baseline."""

    kind: Literal["ignore", "comment", "baseline"]
    reason: str
    place: Place | None = None


class ChainLink(NamedTuple):
    """One artifact on the way from the first source to the one that a finding is about.

    ``state``: "ok" the promise held here; "lost" here it broke; "same" it was broken already in the same
    way; "" nobody can say, or the question makes no sense here.
    """

    path: str  # of the artifact; for what a request brought, the ledger's name
    target: str | None  # as the manifest names it; None: no asset
    said: str  # what it is, in a word: "3840x2160"
    state: Literal["ok", "lost", "same", ""]
    note: str = ""  # "served by nginx"


class Finding(NamedTuple):
    """A promise that does not hold. ``place`` is where the manifest promised it."""

    target: str
    rule: str
    severity: Severity
    message: str
    expected: str
    actual: str
    fix: str  # what to do; never "rename it" or "patch the metadata"
    origin: (
        str  # where the expectation came from: "size in verify4k.yaml:4", "preset 4k-portrait (2026-11-22)"
    )
    place: Place
    path: str  # the artifact's path as a person in this directory would write it
    evidence: Mapping[str, Any] | None = None  # numbers behind the finding, JSON-able
    url: str | None = None
    hop: str | None = None  # path of the first artifact of the chain that is so; None: it has no chain
    suppressed: Suppression | None = None
    key: str = ""  # the option that promised otherwise
    chain: tuple[ChainLink, ...] = ()  # the first source first
    also: tuple[str, ...] = ()  # paths of artifacts further on that are so because this one is
    bound: str | None = None  # what exceptions are bound to; None: the file's content; "": nobody knows


class Undecided(NamedTuple):
    """A promise that could not be checked: not a pass, not a problem of the image."""

    target: str
    rule: str
    reason: str
    hint: str
    place: Place
    path: str


class Unasked(NamedTuple):
    """A promise that no rule was asked about: neither kept nor broken, and never a pass."""

    target: str
    rule: str
    promise: str  # as the manifest writes it: "size: 3840x2160"
    reason: str  # what left the rule out: "--ignore", "rules: {exact-size: off}"
    place: Place
    path: str


class RuleLeftOut(NamedTuple):
    """A rule that assets are asked unless somebody says otherwise, and that this run did not ask.

    Nobody promised anything that it is about (else see `Unasked`), so nothing is broken by it; but nothing
    was looked at either.
    """

    rule: str
    reason: str  # what left it out: "--ignore", "rules: {still: off}"
    assets: int  # how many would have been asked

    @property
    def by_option(self) -> bool:
        """Whether the run left it out, as opposed to the manifest, which says what is promised."""
        return self.reason.startswith("--")


class CloseUp(NamedTuple):
    """A piece of a picture beside itself after a round trip through a smaller size: two WebP files."""

    before: bytes
    after: bytes
    box: tuple[int, int, int, int]  # x, y, width, height in the stored picture
    through: tuple[int, int]  # width and height that the whole picture was reduced to
    psnr: float  # dB between the two; 99: equal


class AssetResult(NamedTuple):
    """One promised asset: its verdict, the facts that were asked for, and every rule's answer."""

    target: str
    path: str
    place: Place
    verdict: Verdict
    depth: Literal["header", "full"]
    sha256: str | None  # of the very bytes the rules saw; None at header depth
    size: int | None  # bytes
    facts: Mapping[str, Any]  # as ``inspect --format json`` prints them
    rules: Mapping[str, RuleState]
    promised: Mapping[str, str]  # manifest options as written, for people
    thumbnail: bytes | None = None  # small WebP, only when a report wants pictures
    remembered: tuple[str, ...] = ()  # facts that an earlier run has measured; a statement takes none
    close_up: CloseUp | None = None  # likewise, and only where a finding says where to look


class Summary(NamedTuple):
    """Counts. ``findings`` does not count suppressed ones."""

    assets: int
    passed: int
    failed: int
    undecided: int
    findings: int
    suppressed: int
    not_asked: int = 0  # promises


class RuleInfo(NamedTuple):
    """A rule as reporters need it: SARIF lists all that ran, HTML links their pages."""

    id: str
    title: str
    page: str  # Markdown
    severity: Severity
    url: str | None = None  # where its page is published; None: nowhere yet
    keys: tuple[str, ...] = ()  # the options that it reads
    enabled: bool = True  # False: asked only where somebody turns it on


class ManifestRef(NamedTuple):
    """A manifest, a page or another list of promises that was read, bound by its hash."""

    path: str
    sha256: str


class Part(NamedTuple):
    """A run that leaves promises out: how many it checks, of how many, and what chose them."""

    checked: int
    promised: int
    chosen_by: tuple[str, ...]  # as the command line says it: "--since main"


class ShardPart(NamedTuple):
    """What a part of a run has written down for the merge.

    Args:
        said: which part of which run.
        outcomes: what came of each artifact, a line of JSON each.
    """

    said: Mapping[str, Any]
    outcomes: Iterable[str]


class Report(NamedTuple):
    """Everything one run has to say, sorted by target (manifest order), then rule."""

    version: str
    manifest_path: str
    manifest_sha256: str
    assets: Sequence[AssetResult]
    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    suppressed: tuple[Finding, ...]  # findings that an ignore or a baseline covers
    notes: tuple[str, ...]  # sentences about the run itself: unused ignores, header depth
    rules: tuple[RuleInfo, ...]
    fail_on: Severity
    exit_code: int
    more_manifests: tuple[ManifestRef, ...] = ()  # included, or checked in the same run
    unasked: tuple[Unasked, ...] = ()  # promises that this run left out
    shard: ShardPart | None = None
    inherited: tuple[Finding, ...] = ()  # told already of what the artifact was made from, at ``hop``
    uncompared: int = 0  # assets that a rule compares with others which this run left out
    part: Part | None = None  # None: everything that was promised
    rules_left_out: tuple[RuleLeftOut, ...] = ()  # that nobody promised anything about

    @property
    def manifests(self) -> tuple[ManifestRef, ...]:
        """Return everything that promises were read from, the first one first."""
        return (ManifestRef(self.manifest_path, self.manifest_sha256), *self.more_manifests)

    @property
    def summary(self) -> Summary:
        """Count the verdicts."""
        told: Callable[[], Iterable[Verdict]] | None = getattr(self.assets, "verdicts", None)
        verdicts = Counter((asset.verdict for asset in self.assets) if told is None else told())
        return Summary(
            verdicts.total(),
            verdicts["passed"],
            verdicts["failed"],
            verdicts["undecided"],
            len(self.findings),
            len(self.suppressed),
            len(self.unasked),
        )


class RenderOptions(NamedTuple):
    """What a reporter may know besides the report.

    Args:
        epoch: SOURCE_DATE_EPOCH, seconds.
        repository: the root of the repository that verify4k was started in; "" outside of one.
        folder: the folder it was started in, seen from there; "" for the root itself.
    """

    color: bool = False
    verbosity: int = 0  # -1 quiet, 0, 1, 2
    width: int = 100
    epoch: int | None = None
    repository: str = ""
    folder: str = ""


def exit_code(
    findings: tuple[Finding, ...],
    undecided: tuple[Undecided, ...],
    *,
    assets: int,
    fail_on: Severity,
    allow_empty: bool,
) -> int:
    """Return 2 for nothing to check, 1 for findings that gate, 3 for undecided, else 0."""
    if not assets and not allow_empty:
        return 2
    gate = SEVERITIES.index(fail_on)
    if any(SEVERITIES.index(finding.severity) <= gate for finding in findings):
        return 1
    return 3 if undecided else 0
