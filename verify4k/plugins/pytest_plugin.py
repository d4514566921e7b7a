"""One test for each promised asset: `pytest --verify4k`. Without the option nothing happens.

A promise that could not be verified fails its test: it is no pass. The manifest is checked once, when the
first of its tests runs, and only for the assets whose tests were chosen. Where promises were asked for and
no manifest was found, the run ends with a usage error (4).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.model import Asset, Manifest
    from verify4k.report import Finding, Report


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
_SHARED = "verify4k_collected"  # how a worker of pytest-xdist tells its controller


def _wanted(config: pytest.Config) -> bool:
    return bool(config.getoption("verify4k") or config.getini("verify4k"))


def _is_narrowed(config: pytest.Config) -> bool:
    """Whether the command line names what to run, and does not ask for promises itself."""
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    return named and "--verify4k" not in config.invocation_params.args


def pytest_configure(config: pytest.Config) -> None:
    """Add the project's manifest where nobody named anything and pytest would not come by it."""
    if not _wanted(config) or config.args_source is pytest.Config.ArgsSource.ARGS:
        return
    from verify4k.manifest.discovery import manifest_in

    here = config.invocation_params.dir
    folders = [here, *(each for each in here.parents if each.is_relative_to(config.rootpath))]
    own = next((Path(found) for each in folders if (found := manifest_in(str(each))) is not None), None)
    roots = [here / each for each in config.args]
    if own is not None and not any(own.is_relative_to(root) for root in roots):
        config.args.append(str(own))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Let pytest come by a manifest in ``.github``, hidden as that is; nothing else there is taken in."""
    if not _wanted(config) or ".github" not in collection_path.parts[-2:]:
        return None
    from verify4k.manifest.discovery import manifest_in

    folder = collection_path.parent
    own = manifest_in(str(folder if collection_path.name == ".github" else folder.parent))
    if own is None or Path(own).parent.name != ".github":
        return None
    if collection_path in (Path(own), Path(own).parent):
        return False
    return None if any(".github" in Path(each).parts for each in config.args) else True


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear from a worker of pytest-xdist whether it has collected a manifest."""
    if getattr(node, "workeroutput", {}).get(_SHARED):
        node.config.stash[_COLLECTED] = True


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End with a usage error where promises were asked for and none was found: that is no pass."""
    config = session.config
    if hasattr(config, "workerinput"):
        config.workeroutput[_SHARED] = config.stash.get(_COLLECTED, False)  # type: ignore[attr-defined]
        return
    silent = _wanted(config) and not config.stash.get(_COLLECTED, False) and not _is_narrowed(config)
    if silent and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.USAGE_ERROR


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say that no promise was tested: a green run would look as if all of them held."""
    if _wanted(config) and not config.stash.get(_COLLECTED, False):
        said = "no manifest was collected, so no promise was tested; name it, too: pytest verify4k.yaml"
        terminalreporter.write_line(f"verify4k: {said}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ManifestFile | None:
    """Collect the manifest of a folder where somebody asked for it, or one that is named."""
    if not _wanted(parent.config):
        return None
    from verify4k.manifest.discovery import NAMES, manifest_in

    names = {name.rpartition("/")[2] for name in NAMES}
    if file_path.name not in names | {"pyproject.toml"}:
        return None
    if parent.session.isinitpath(file_path) or manifest_in(str(file_path.parent)) == str(file_path):
        return ManifestFile.from_parent(parent, path=file_path)
    return None


class ManifestFile(pytest.File):
    """A manifest; its report is made when the first of its tests needs it."""

    _report: Report | None = None

    def collect(self) -> Iterator[_ReportItem]:
        """Yield a test for each asset, and one for images without a promise where the manifest forbids them.

        A manifest with a mistake, or one that promises nothing, fails the collection.
        """
        from verify4k.errors import Verify4kError
        from verify4k.manifest.load import load_manifest
        from verify4k.text import printable

        self.config.stash[_COLLECTED] = True  # a file that is only looked at on the way is not collected
        try:
            manifest = load_manifest(self.path)
        except Verify4kError as error:
            raise self.CollectError(error.message) from error
        if not manifest.assets:
            raise self.CollectError("the manifest promises no file: add files: {PATH: SIZE, ...}")
        for asset in manifest.assets:
            yield PromiseItem.from_parent(self, name=printable(asset.target), asset=asset)
        if _forbids_strangers(manifest):
            yield StrangersItem.from_parent(self, name="unlisted")

    def report(self) -> Report:
        """Return what a check of the chosen assets says; of all where images without a promise are sought."""
        if self._report is None:
            from verify4k.api import check
            from verify4k.manifest.load import load_manifest

            items = [item for item in self.session.items if item.parent is self]
            wanted = {item.asset.target for item in items if isinstance(item, PromiseItem)}
            everything = any(isinstance(item, StrangersItem) for item in items)
            manifest = load_manifest(self.path)
            chosen = [asset for asset in manifest.assets if everything or asset.target in wanted]
            self._report = check(manifest, assets=chosen)
        return self._report


def _forbids_strangers(manifest: Manifest) -> bool:
    said = (manifest.severities, *(asset.severities for asset in manifest.assets))
    return any(each.get("unlisted") is not None for each in said)


class _ReportItem(pytest.Item):
    """A test that reads the report of its manifest."""

    def home(self) -> ManifestFile:
        """Return the manifest whose test this is."""
        parent = self.parent
        assert isinstance(parent, ManifestFile)  # noqa: S101 - pytest's way to say whose child this is
        return parent

    def tell_lesser(self, told: list[Finding], report: Report) -> list[Finding]:
        """Write findings that do not fail a test into its report; return the others."""
        worst = [one for one in told if one.severity == report.fail_on]
        for one in told:
            if one not in worst:
                self.add_report_section("call", "verify4k", f"{one.severity}[{one.rule}] {one.message}")
        return worst

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what `check` prints, not a traceback of ours."""
        if isinstance(excinfo.value, BrokenPromiseError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class PromiseItem(_ReportItem):
    """The test of one asset."""

    def __init__(self, *, asset: Asset, **given: Any) -> None:
        """Remember the asset; ``given`` is pytest's."""
        super().__init__(**given)
        self.asset = asset

    def runtest(self) -> None:
        """Fail where a promise does not hold, could not be verified or was not asked about."""
        report, target = self.home().report(), self.asset.target
        worst = self.tell_lesser([one for one in report.findings if one.target == target], report)
        open_ones = [one for one in report.undecided if one.target == target]
        left = [one for one in report.unasked if one.target == target]
        if worst or open_ones or left:
            raise BrokenPromiseError(_text(report, {target}))
        if not any(asset.target == target for asset in report.assets):
            raise BrokenPromiseError(f"{self.name}: no rule was asked")

    def reportinfo(self) -> tuple[str, int, str]:
        """Return where the promise stands, in the manifest or what it reads, and the asset's name."""
        return self.asset.place.path, self.asset.place.line - 1, self.name


class StrangersItem(_ReportItem):
    """The test that no image lies beside the promised ones which no entry names."""

    def runtest(self) -> None:
        """Fail where such an image is an error."""
        report = self.home().report()
        worst = self.tell_lesser([one for one in report.findings if one.rule == "unlisted"], report)
        if worst:
            raise BrokenPromiseError(_text(report, {one.target for one in worst}))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the manifest and this test's name."""
        return self.path, 0, self.name


class BrokenPromiseError(Exception):
    """A promise that does not hold, in the words of the report."""


def _text(report: Report, targets: set[str]) -> str:
    from verify4k.report import RenderOptions
    from verify4k.reporters.text import render

    own = report._replace(
        assets=tuple(one for one in report.assets if one.target in targets),
        findings=tuple(one for one in report.findings if one.target in targets),
        undecided=tuple(one for one in report.undecided if one.target in targets),
        suppressed=(),
        unasked=tuple(one for one in report.unasked if one.target in targets),
        notes=(),
    )
    return render(own, RenderOptions(verbosity=-1)).rstrip()
