"""Pieces of SARIF: rules, artifacts with hashes, locations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.reporters._places import in_repository
from verify4k.reporters._plain import shown
from verify4k.reporters._uris import is_relative, uri

if TYPE_CHECKING:
    from verify4k.documents.nodes import Place
    from verify4k.report import RenderOptions, Report, RuleInfo


def rule_object(rule: RuleInfo) -> dict[str, Any]:
    """Return a rule with its page."""
    title = rule.title.rstrip(".")
    page = {} if rule.url is None else {"helpUri": rule.url}
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": rule.page, "markdown": rule.page},
        **page,
        "defaultConfiguration": {"level": rule.severity},
        "properties": {
            "tags": ["image"],
            "precision": "very-high",
            "problem.severity": _problem(rule.severity),
        },
    }


def _problem(severity: str) -> str:
    return "recommendation" if severity == "note" else severity


class Artifacts:
    """The run's files: the manifests and every asset that a hash or a result is about."""

    def __init__(self, report: Report, options: RenderOptions) -> None:
        self._options = options
        self.objects: list[dict[str, Any]] = []
        self._indexes: dict[str, int] = {}
        for ref in report.manifests:
            self._add(ref.path, {"hashes": {"sha-256": ref.sha256}, "roles": ["analysisTarget"]})
        for asset in report.assets:
            extra: dict[str, Any] = {"roles": ["analysisTarget"]}
            if asset.sha256 is not None:
                extra["hashes"] = {"sha-256": asset.sha256}
            if asset.size is not None:
                extra["length"] = asset.size
            self._add(asset.path, extra)

    def _add(self, path: str, extra: dict[str, Any]) -> int:
        index = self._indexes[path] = len(self.objects)
        self.objects.append({"location": self._where(path), **extra})
        return index

    def index(self, path: str) -> int:
        """Return where ``path`` stands in the list; it is added when it does not."""
        return self._indexes[path] if path in self._indexes else self._add(path, {})

    def location(self, path: str, message: str = "") -> dict[str, Any]:
        """Return a location without a region."""
        where: dict[str, Any] = {
            "physicalLocation": {"artifactLocation": {**self._where(path), "index": self.index(path)}}
        }
        if message:
            where["message"] = {"text": shown(message)}
        return where

    def promise(self, place: Place) -> dict[str, Any]:
        """Return the location of a manifest line."""
        where = self.location(place.path)
        where["physicalLocation"]["region"] = {"startLine": place.line, "startColumn": place.column}
        return where

    def _where(self, path: str) -> dict[str, Any]:
        """Return where a file is, relative to the root when it is below that."""
        path = in_repository(path, self._options)
        return {"uri": uri(path), "uriBaseId": "SRCROOT"} if is_relative(path) else {"uri": uri(path)}
