"""A run in several parts: `check --shard I/N` writes down what it found, `merge` makes one report of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.cli._network_options import NetworkOptions
from verify4k.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from verify4k.checking.plan import Settings
    from verify4k.checking.scope import Scope
    from verify4k.checking.shard_reports import MergedShards
    from verify4k.cli._run import Request
    from verify4k.model import Asset
    from verify4k.report import Report

# what a report depends on; a merge is asked with the same
_RECORDED = (
    "targets", "config", "outside", "fail_on", "select", "ignore", "depth",
    "baseline", "limits", "no_ignores", "allow_empty",
)  # fmt: skip


def refuse(request: Request) -> None:
    """Raise `UsageError` for what cannot be asked in parts."""
    given = {
        "--all": request.every,
        **{f"--{key}": True for key in request.scope},
        "--write-baseline": request.write_baseline,
        "several manifests": len(request.config) > 1,
    }
    wrong = [name for name, there in given.items() if there]
    if request.shard is not None and wrong:
        raise UsageError(f"--shard does not go with {' and '.join(wrong)}", "it is a part of one manifest")


def check_part(
    scope: Scope,
    settings: Settings,
    request: Request,
    progress: Callable[[int, int], None] | None,
    executor: Executor | None,
) -> Report:
    """Check one shard of a scope; its report holds what the merge needs."""
    from verify4k.checking.engine import Outcomes, check
    from verify4k.checking.shard_reports import ShardRecorder, written
    from verify4k.checking.shards import divide, parse_shard

    shard = parse_shard(request.shard or "")
    division = divide(scope.assets, shard.of)
    own = [number for number, index in enumerate(division.shards) if index == shard.number]
    said = f"shard {shard}: {len(own)} of {len(scope.assets)} assets; verify4k merge makes one report of all"
    empty = scope.may_be_empty or bool(scope.assets)  # others are promised
    chosen_by = (*scope.chosen_by, f"--shard {shard}")
    part = scope._replace(
        assets=_those(scope.assets, own), may_be_empty=empty, notes=(*scope.notes, said), chosen_by=chosen_by
    )
    asked = {name: getattr(request, name) for name in _RECORDED}
    asked["base_url"] = request.urls.base_url
    recorder = ShardRecorder(len(own))
    report = check(part, settings, progress, executor, Outcomes(record=recorder.record))
    return report._replace(shard=written(shard, division, scope.manifest, asked, recorder))


def _those(assets: Sequence[Asset], numbers: Sequence[int]) -> Sequence[Asset]:
    """Return the assets of these numbers; of very many, as they are, made when somebody asks for one."""
    from verify4k.manifest.promised_files import PromisedFiles

    if isinstance(assets, PromisedFiles):
        return assets.among(numbers)
    return tuple(assets[number] for number in numbers)


def check_merged(scope: Scope, settings: Settings, merged: MergedShards) -> Report:
    """Report what all shards have found, as one run. Raises `UsageError` where they saw something else."""
    from verify4k.checking.engine import Outcomes, check
    from verify4k.checking.shard_reports import digest_of
    from verify4k.checking.shards import divide

    if digest_of(scope.manifest) != merged.manifest:
        raise UsageError(
            "the manifest is not the one that the shards have checked, or a file that it goes by is not",
            "check out what they had",
        )
    division = divide(scope.assets, merged.of)
    if division.digest != merged.division:
        raise UsageError(
            "the files are not those that the shards have checked, or what is promised of them is not",
            "check out what they had",
        )
    return check(scope, settings, outcomes=Outcomes(given=merged.in_order(division.shards)))


def asked_by(merged: MergedShards) -> tuple[dict[str, Any], NetworkOptions]:
    """Return the options of `check` that the shards were run with. Raises `UsageError`."""
    asked = dict(merged.request)
    base = asked.pop("base_url", None)
    if set(asked) != set(_RECORDED):
        raise UsageError("the shards were run with options that are not known here", "run them again")
    return asked, NetworkOptions.without_asking(base)
