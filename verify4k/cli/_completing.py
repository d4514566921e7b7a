"""What a shell may complete an argument to: files, formats, rules, models, by what its help calls it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Word(click.types.StringParamType):
    """A text that is taken as it is, of which a shell knows what it may be."""

    def __init__(self, complete: Callable[[str], list[CompletionItem]]) -> None:
        self._complete = complete

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return what begins like this."""
        return self._complete(incomplete)


def completed(parameter: click.Parameter) -> click.Parameter:
    """Let a shell complete a parameter that is a plain text; return it."""
    words = re.findall(r"[A-Z]+", parameter.metavar or "")
    found = next((_KINDS[word] for word in words if word in _KINDS), None)
    if found is not None and parameter.type is click.STRING:
        parameter.type = Word(found)
    return parameter


def _files(incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def _folders(incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="dir")]


def _rules(incomplete: str) -> list[CompletionItem]:
    from verify4k.rules import all_rules

    return _beginning(incomplete, all_rules())


def _models(incomplete: str) -> list[CompletionItem]:
    from verify4k.contract.data import MODELS

    return _beginning(incomplete, MODELS)


def _formats(incomplete: str) -> list[CompletionItem]:
    from verify4k.reporters import names

    return _beginning(incomplete, names())


def _beginning(incomplete: str, names: Iterable[str]) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


_KINDS: dict[str, Callable[[str], list[Any]]] = {
    "FILE": _files,
    "PATH": _files,
    "TARGET": _files,
    "REPORT": _files,
    "DIR": _folders,
    "FOLDER": _folders,
    "FORMAT": _formats,
    "RULE": _rules,
    "MODEL": _models,
}
