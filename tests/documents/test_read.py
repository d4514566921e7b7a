"""Which reader a manifest gets, and what no reader is given."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from node_trees import mistakes, plain, read
from steps import steps

from verify4k.documents.read import MAX_BYTES, read_document
from verify4k.errors import ManifestError

if TYPE_CHECKING:
    from verify4k.documents.nodes import Mistake

PATHS = ["m.yaml", "m.json", "pyproject.toml", "manifest", "m.yml"]


def test_one_byte_over_the_limit_is_refused_with_the_limit_named() -> None:
    (said,) = mistakes(b"#" * (MAX_BYTES + 1))
    assert "1,048,577 bytes; the limit is 1,048,576 (1 MiB)" in said


def test_a_manifest_of_exactly_the_limit_is_read() -> None:
    assert plain(read(b"a: b\n" + b"#" * (MAX_BYTES - 5))) == {"a": "b"}


@pytest.mark.parametrize("path", ["m.json", "M.JSON"])
def test_a_json_name_takes_json_only(path: str) -> None:
    assert plain(read('{"a": 1}', path)) == {"a": "1"}
    mistakes("a: 1", path)


@pytest.mark.parametrize("path", ["m.yaml", "m.yml", ".verify4k.yaml", "m", "m.txt", "json"])
def test_any_other_name_takes_yaml(path: str) -> None:
    assert plain(read("a: 1", path)) == {"a": "1"}


def found(data: bytes, path: str) -> list[Mistake]:
    try:
        read_document(data, path)
    except ManifestError as error:
        return list(error.mistakes)
    return []


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode), st.sampled_from(PATHS))
@example(b'a: "\\UFFFFFFFF"', "m.yaml")
@example(b"\xef\xbb\xbf", "m.json")
def test_arbitrary_bytes_raise_nothing_but_a_manifest_error(data: bytes, path: str) -> None:
    for mistake in found(data, path):
        assert mistake.place.line >= 1
        assert mistake.place.column >= 1


SIGNS = st.sampled_from(
    [*"[]{}:,-?*&!|>'\"%@`#=. \n\t\\", "  ", "a", "1", "key: ", "<<", "---\n", "\n ", '"""', "[["]
)


@given(st.lists(SIGNS, max_size=24).map("".join), st.sampled_from(PATHS))
def test_arbitrary_signs_raise_nothing_but_a_manifest_error(text: str, path: str) -> None:
    for whole in (text, f"[tool.verify4k]\n{text}"):
        mistakes = found(whole.encode(), path)
        assert mistakes == sorted(mistakes, key=lambda mistake: mistake.place)


@pytest.mark.parametrize("path", ["m.yaml", "m.json", "m.toml"])
@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "{",
        "- ",
        "a: ",
        "a:\n",
        "? ",
        "*",
        "&a ",
        "[a,",
        '{"a":',
        "'",
        '"',
        "<<: ",
        "a.",
        "[[a]]\n",
        "x = [",
        "aa",
        '"a',
        "'.'",
        "\\",
    ],
)
def test_twice_as_much_of_one_sign_takes_at_most_twice_the_steps(unit: str, path: str) -> None:
    def read(length: int) -> None:
        with suppress(ManifestError):
            read_document((unit * length)[:length].encode(), path)

    read(40_000)  # what is imported once is counted by nobody
    assert steps(lambda: read(40_000)) <= 2.1 * steps(lambda: read(20_000)) + 100
    read(200_000)  # and it ends


def test_the_module_itself_imports_no_parser() -> None:
    code = "import sys, verify4k.documents.read, verify4k.suggest; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"yaml", "json", "tomllib", "difflib"} & set(run.stdout.split())
