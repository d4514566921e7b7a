"""What would be passed over in silence is refused: an option given twice, an argument beside "all"."""

from __future__ import annotations

from typing import Any

import click
import pytest

from verify4k.cli import Command, Commands

TWICE = [
    (["check", "--depth", "header", "--depth", "full"], "--depth is given 2 times"),
    (["check", "--fail-on", "error", "--fail-on", "note"], "--fail-on is given 2 times"),
    (["check", "--baseline", "a", "--baseline", "b"], "--baseline is given 2 times"),
    (["inspect", "--depth", "header", "x.png", "--depth", "header"], "--depth is given 2 times"),
    (["init", "-o", "a", "-o", "b"], "--output is given 2 times"),
    (["generate", "-c", "a", "-c", "b"], "--config is given 2 times"),
    (["merge", "x", "--format", "text", "--format", "json"], "--format is given 2 times"),
    (["check", "--limit", "pixels=1", "--limit", "pixels = 500M"], "the limit 'pixels' is given twice"),
    (["inspect", "x.png", "--limit", "memory=1GiB", "--limit", "memory=1GiB"], "'memory' is given twice"),
]


def test_every_command_counts_its_options() -> None:
    commands = Commands()
    context = click.Context(commands)
    for name in commands.list_commands(context):
        found = commands.get_command(context, name)
        assert isinstance(found, Command | click.Group), name
        for each in found.commands.values() if isinstance(found, click.Group) else ():
            assert isinstance(each, Command), each.name


@pytest.mark.parametrize(("argv", "words"), TWICE)
def test_it_is_a_usage_mistake(argv: list[str], words: str, run: Any) -> None:
    outcome = run(*argv)
    assert (outcome.code, words in outcome.err) == (2, True), outcome.err


@pytest.mark.parametrize(
    "argv",
    [["check", "--select", "still", "--select", "color"], ["check", "-q", "-q"], ["check", "-v", "-v"]],
)
def test_what_may_be_repeated_is_not_refused(argv: list[str], run: Any) -> None:
    assert "is given" not in run(*argv).err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["explain", "--all", "upright"], "leave RULE out"),
        (["size", "--list", "3840x2160"], "leave SIZE out"),
        (["size", "--for", "play-store"], "use it with --list"),
    ],
)
def test_an_argument_that_would_not_be_heard_is_refused(argv: list[str], words: str, run: Any) -> None:
    outcome = run(*argv)
    assert (outcome.code, outcome.out, words in outcome.err) == (2, "", True), outcome.err
