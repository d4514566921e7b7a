"""One test for each promised asset: `pytest --verify4k`. Without the option nothing happens.

A promise that could not be verified fails its test: it is no pass. The manifest is checked once, when the
first of its tests runs, and only for the assets whose tests were chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verify4k.model import Asset
    from verify4k.report import Report


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--verify4k`` and the setting of the same name."""
    parser.getgroup("verify4k").addoption(
        "--verify4k",
        action="store_true",
        default=None,
        help="test every promise of the manifests (verify4k.yaml) that are collected",
    )
    parser.addini(
        "verify4k", "test every promise of the manifests that are collected", type="bool", default=False
    )


_COLLECTED = pytest.StashKey[bool]()


def _wanted(config: pytest.Config) -> bool:
    return bool(config.getoption("verify4k") or config.getini("verify4k"))


def pytest_configure(config: pytest.Config) -> None:
    """Add the project's manifest where ``testpaths`` leads past it."""
    if not _wanted(config) or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    from verify4k.manifest.discovery import NAMES

    own = (config.rootpath / name for name in NAMES)
    roots = [config.invocation_params.dir / each for each in config.args]
    config.args += [
        str(path) for path in own if path.is_file() and not any(path.is_relative_to(root) for root in roots)
    ][:1]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say that no promise was tested: a green run would look as if all of them held."""
    here = not hasattr(config, "workerinput") and not config.getoption("numprocesses", None)
    if _wanted(config) and here and not config.stash.get(_COLLECTED, False):
        said = "no manifest was collected, so no promise was tested; name it, too: pytest verify4k.yaml"
        terminalreporter.write_line(f"verify4k: {said}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ManifestFile | None:
    """Collect a manifest where somebody asked for it."""
    if not _wanted(parent.config):
        return None
    from verify4k.manifest.discovery import NAMES

    names = {name.rpartition("/")[2] for name in NAMES}
    return ManifestFile.from_parent(parent, path=file_path) if file_path.name in names else None


class ManifestFile(pytest.File):
    """A manifest; its report is made when the first of its tests needs it."""

    _report: Report | None = None

    def collect(self) -> Iterator[PromiseItem]:
        """Yield a test for each asset. A mistake in the manifest fails the collection."""
        from verify4k.errors import Verify4kError
        from verify4k.manifest.load import load_manifest
        from verify4k.text import printable

        self.config.stash[_COLLECTED] = True  # a file that is only looked at on the way is not collected
        try:
            manifest = load_manifest(self.path)
        except Verify4kError as error:
            raise self.CollectError(error.message) from error
        for asset in manifest.assets:
            yield PromiseItem.from_parent(self, name=printable(asset.target), asset=asset)

    def report(self) -> Report:
        """Return what a check of the chosen assets says."""
        if self._report is None:
            from verify4k.api import check
            from verify4k.manifest.load import load_manifest

            items = [
                item for item in self.session.items if isinstance(item, PromiseItem) and item.parent is self
            ]
            wanted = {item.asset.target for item in items}
            manifest = load_manifest(self.path)
            chosen = [asset for asset in manifest.assets if asset.target in wanted]
            self._report = check(manifest, assets=chosen)
        return self._report


class PromiseItem(pytest.Item):
    """The test of one asset."""

    def __init__(self, *, asset: Asset, **given: Any) -> None:
        """Remember the asset; ``given`` is pytest's."""
        super().__init__(**given)
        self.asset = asset

    def runtest(self) -> None:
        """Fail where a promise does not hold, could not be verified or was not asked about."""
        home = self.parent
        assert isinstance(home, ManifestFile)  # noqa: S101 - pytest's way to say whose child this is
        report, target = home.report(), self.asset.target
        told = [one for one in report.findings if one.target == target]
        worst = [one for one in told if one.severity == report.fail_on]
        open_ones = [one for one in report.undecided if one.target == target]
        left = [one for one in report.unasked if one.target == target]
        for one in told:
            if one not in worst:
                self.add_report_section("call", "verify4k", f"{one.severity}[{one.rule}] {one.message}")
        if worst or open_ones or left:
            raise BrokenPromiseError(_text(report, target))
        if not any(asset.target == target for asset in report.assets):
            raise BrokenPromiseError(f"{self.name}: no rule was asked")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what `check` prints, not a traceback of ours."""
        if isinstance(excinfo.value, BrokenPromiseError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, int, str]:
        """Return where the promise stands, in the manifest or what it reads, and the asset's name."""
        return self.asset.place.path, self.asset.place.line - 1, self.name


class BrokenPromiseError(Exception):
    """A promise that does not hold, in the words of the report."""


def _text(report: Report, target: str) -> str:
    from verify4k.report import RenderOptions
    from verify4k.reporters.text import render

    own = report._replace(
        assets=tuple(one for one in report.assets if one.target == target),
        findings=tuple(one for one in report.findings if one.target == target),
        undecided=tuple(one for one in report.undecided if one.target == target),
        suppressed=(),
        unasked=tuple(one for one in report.unasked if one.target == target),
        notes=(),
    )
    return render(own, RenderOptions(verbosity=-1)).rstrip()
