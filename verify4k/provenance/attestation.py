"""Statements about artifacts, read back: which file had which hash, and what the verdict was."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from verify4k.errors import UsageError

STATEMENTS = ("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
_RESULTS = ("PASSED", "WARNED", "FAILED")
_HINT = "verify4k check --report in-toto=FILE, or --report sha256sums=FILE, writes one"
_SUM = re.compile(r"(\\?)([0-9a-fA-F]{64}) [ *](.+)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_LETTERS = {"\\": "\\", "n": "\n", "r": "\r"}


class Subject(NamedTuple):
    """One file that a statement speaks of."""

    name: str
    sha256: str


class Statement(NamedTuple):
    """What a statement says. ``result`` is empty where it does not say."""

    subjects: tuple[Subject, ...]
    result: str
    manifests: tuple[Subject, ...]


def read_statement(data: bytes, path: str) -> Statement:
    """Read an in-toto statement or a checksum file. Raises `UsageError` for anything else."""
    text = data.decode("utf-8", "surrogateescape")
    found = _in_toto(text, path) if text.lstrip().startswith("{") else _checksums(text, path)
    if not found.subjects:
        said = f" (its result is {found.result})" if found.result else ""
        raise UsageError(f"{path} names no file{said}: there is nothing to verify", _HINT)
    seen: dict[str, str] = {}
    for subject in (*found.subjects, *found.manifests):
        if seen.setdefault(subject.name, subject.sha256) != subject.sha256:
            raise UsageError(f"{path} gives two hashes for {subject.name!a}", _HINT)
    return found


def _in_toto(text: str, path: str) -> Statement:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is neither JSON nor a checksum file", _HINT) from error
    if document.get("_type") not in STATEMENTS:
        signed = "dsseEnvelope" in document or "payload" in document
        hint = "it is signed: verify it with gh attestation verify, or give the statement itself"
        raise UsageError(f"{path} is no in-toto statement", hint if signed else _HINT)
    subjects = _subjects(document.get("subject"), path)
    if document.get("predicateType") != TEST_RESULT:
        return Statement(subjects, "", ())
    predicate = document.get("predicate")
    result = predicate.get("result") if isinstance(predicate, dict) else None
    if not isinstance(predicate, dict) or result not in _RESULTS:
        raise UsageError(f"{path} gives no result that verify4k knows", _HINT)
    return Statement(subjects, result, _subjects(predicate.get("configuration", []), path))


def _subjects(given: Any, path: str) -> tuple[Subject, ...]:
    if not isinstance(given, list):
        raise UsageError(f"{path} has no list of subjects", _HINT)
    return tuple(_subject(each, path) for each in given)


def _subject(given: Any, path: str) -> Subject:
    name = given.get("name") if isinstance(given, dict) else None
    digest = given.get("digest") if isinstance(given, dict) else None
    sha256 = digest.get("sha256") if isinstance(digest, dict) else None
    if not isinstance(name, str) or not name or not isinstance(sha256, str):
        raise UsageError(f"{path} has a subject without a name or without a SHA-256", _HINT)
    if re.fullmatch("[0-9a-fA-F]{64}", sha256) is None:
        raise UsageError(f"{path}: {sha256[:80]!a} is no SHA-256", _HINT)
    return Subject(name, sha256.lower())


def _checksums(text: str, path: str) -> Statement:
    """Read what ``sha256sum`` writes; the comment of verify4k's own files says the result."""
    found, result = [], ""
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#"):
            said = re.match(r"# verify4k [^:]*: ([A-Z]+)", line)
            result = said[1] if said and said[1] in _RESULTS else result
            continue
        match = _SUM.fullmatch(line.removesuffix("\r"))
        if match is not None:
            found.append(Subject(_name(match[3]) if match[1] else match[3], match[2].lower()))
        elif line.strip():
            raise UsageError(f"{path}:{number} is no line of a checksum file", _HINT)
    return Statement(tuple(found), result, ())


def _name(escaped: str) -> str:
    return _ESCAPED.sub(lambda match: _LETTERS.get(match[1], match[0]), escaped)
