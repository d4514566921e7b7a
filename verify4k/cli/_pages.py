"""TARGETs of `check` that are URLs of pages: what no manifest promises and a server answers with HTML."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verify4k.checking.plan import Settings
    from verify4k.checking.remote import Network
    from verify4k.cli._run import Request
    from verify4k.model import Manifest
    from verify4k.report import AssetResult, Finding, Report, RuleState, Undecided, Verdict


def pages_of(request: Request) -> tuple[tuple[str, ...], Request]:
    """Return the TARGETs that are pages, and the request without them. Raises `UsageError`."""
    from verify4k.errors import UsageError
    from verify4k.files.urls import is_url
    from verify4k.scopes import asked_scope

    given = asked_scope(request.scope) == "given"  # every TARGET is a picture, and its promise is said
    urls = [] if given else [target for target in request.targets if is_url(target)]
    promised = _promised(request, urls) if urls else frozenset()
    pages = tuple(url for url in urls if url not in promised)
    if request.crawl is not None and not pages:
        raise UsageError("--crawl follows the links of a page", "give the URL of a page as TARGET")
    whole = request.scope or request.every or request.baseline or request.write_baseline
    if pages and (whole or request.shard):
        said = "a page given by URL has no git, no other manifests, no baseline and no shards"
        raise UsageError(said, "leave out --staged, --changed, --all, --baseline and --shard")
    rest = tuple(target for target in request.targets if target not in pages)
    return pages, request._replace(targets=rest)


def _promised(request: Request, urls: Sequence[str]) -> frozenset[str]:
    """Return the URLs that the manifest has entries for; where there is no manifest, none."""
    from verify4k.errors import UsageError
    from verify4k.files.paths import shown_path
    from verify4k.importers import load_promises
    from verify4k.manifest.discovery import discover

    here = os.getcwd()
    paths = request.config
    if not paths:
        try:
            paths = (discover(here),)
        except UsageError:
            return frozenset()
    known: set[str] = set()
    for path in paths:
        for asset in load_promises(path, shown_path(path, here=here)).assets:
            known |= {asset.target, asset.url or ""}
    return frozenset(url for url in urls if url in known)


def check_page(
    request: Request,
    url: str,
    settings: Settings,
    formats: Sequence[str],
    progress: Callable[[int, int], None] | None,
    *,
    alone: bool,
) -> Report:
    """Check what a page promises; one that does not answer is undecided.

    Raises:
        UsageError: the page was to be all of the run (``alone``), and is not there or is none; among others
            that is a finding.
    """
    from verify4k.checking.engine import check
    from verify4k.checking.scope import Scope
    from verify4k.documents.nodes import Place
    from verify4k.errors import CannotRead, NoPage
    from verify4k.model import Asset, Manifest
    from verify4k.net.addresses import quoted, rebased
    from verify4k.sites.unread import no_page, unread

    here, place = os.getcwd(), Place(url, 1, 1)
    asset = Asset(url, url, place, url=url)
    network = request.urls.network(Manifest(url, "", here, (asset,)), os.environ, formats)
    try:
        if network.offline:
            raise CannotRead("it was not asked: --offline", "run without --offline where there is a network")
        if network.base_url:
            url, network = rebased(quoted(url), network.base_url), network._replace(base_url="")
        return _answered(url, network, request.crawl or 1, settings, progress)
    except CannotRead as error:  # the other pages, and what they hold, are told all the same
        said = f"the page could not be read: {error.message}"
        told: Undecided | Finding = unread(url, said, error.hint, place)
    except NoPage as error:
        if alone:
            raise
        told = no_page(url, error)
    return _with(check(Scope(_asked_for(url, here), ()), settings), [told], settings)


def _answered(
    url: str, network: Network, pages: int, settings: Settings, progress: Callable[[int, int], None] | None
) -> Report:
    """Check what a page promises, and up to so many that it leads to. Raises `CannotRead` and `NoPage`."""
    from verify4k.checking.engine import check
    from verify4k.checking.remote import Remote
    from verify4k.checking.scope import Scope
    from verify4k.sites.pages import read_site

    with Remote(network) as remote:
        site = read_site(remote.fetcher, url, os.getcwd(), pages)
        scope = Scope(site.manifest, site.manifest.assets, notes=site.notes)
        report = check(remote.over(scope), settings, progress)
    return _with(report._replace(more_manifests=site.read[1:]), site.unread, settings)


def _asked_for(url: str, here: str) -> Manifest:
    """Return the promises of a page that did not answer: nothing is known but that it was asked for."""
    import hashlib

    from verify4k.documents.nodes import COMMAND_LINE
    from verify4k.model import Manifest

    return Manifest(
        COMMAND_LINE, hashlib.sha256(url.encode("utf-8", "surrogateescape")).hexdigest(), here, ()
    )


def _with(report: Report, told: Sequence[Undecided | Finding], settings: Settings) -> Report:
    """Add what could not be read of the site, which is no pass, or what is no page, which fails."""
    from verify4k.report import Finding, Undecided, exit_code

    findings = tuple(one for one in told if isinstance(one, Finding))
    undecided = tuple(one for one in told if isinstance(one, Undecided))
    report = report._replace(
        assets=[*report.assets, *(_result(one, settings) for one in told)],
        findings=(*report.findings, *findings),
        undecided=(*report.undecided, *undecided),
    )
    if report.exit_code not in (0, 2):
        return report
    count, empty = len(report.assets), settings.allow_empty
    code = exit_code(
        report.findings, report.undecided, assets=count, fail_on=report.fail_on, allow_empty=empty
    )
    return report._replace(exit_code=code)


def _result(told: Undecided | Finding, settings: Settings) -> AssetResult:
    from verify4k.report import AssetResult, Undecided

    open_ = isinstance(told, Undecided)
    verdict: Verdict = "undecided" if open_ else "failed"
    rules: dict[str, RuleState] = {told.rule: "undecided" if open_ else "problem"}
    return AssetResult(told.target, told.path, told.place, verdict, settings.depth, None, None, {}, rules, {})
