"""Statements about artifacts, read back: which file had which hash, and what the verdict was."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from verify4k.documents.strict_json import NotStrict, parse_json
from verify4k.errors import UsageError
from verify4k.named_tuple import NamedTuple

STATEMENT = "https://in-toto.io/Statement/v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
_RESULTS = ("PASSED", "WARNED", "FAILED")
_CONTRADICTING = {
    "PASSED": ("failedTests", "warnedTests", "reasons", "part"),
    "WARNED": ("failedTests",),
    "FAILED": (),
}
_HINT = "verify4k check --report in-toto=FILE, or --report sha256sums=FILE, writes one"
_HASHES_ONLY = "--hashes-only compares the hashes, whatever the file says of a verdict"
_SUM = re.compile(r"(\\?)([0-9a-fA-F]{64}) [ *](.+)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_LETTERS = {"\\": "\\", "n": "\n", "r": "\r"}


class Subject(NamedTuple):
    """One file that a statement speaks of."""

    name: str
    sha256: str


class Statement(NamedTuple):
    """What a statement says. ``result`` is empty where only the hashes were asked for.

    ``reasons``: why it is not PASSED, foreign text.
    """

    subjects: tuple[Subject, ...]
    result: str
    manifests: tuple[Subject, ...]
    reasons: tuple[str, ...] = ()


def read_statement(data: bytes, path: str, *, hashes_only: bool = False) -> Statement:
    """Read an in-toto statement with a test result, or a checksum file that says one.

    ``hashes_only``: read the names and hashes of any statement or checksum file, and no result.

    Raises:
        UsageError: it is anything else, or can be read in two ways.
    """
    text = data.decode("utf-8", "surrogateescape")
    if text.lstrip().startswith("{"):
        found = _in_toto(text, path, hashes_only=hashes_only)
    else:
        found = _checksums(text, path)
    if not found.subjects:
        said = f" (its result is {found.result})" if found.result else ""
        raise UsageError(f"{path} names no file{said}: there is nothing to verify", _HINT)
    for group in (found.subjects, found.manifests):
        _once(group, path)
    if hashes_only:
        return found._replace(result="", reasons=())
    if not found.result:
        raise UsageError(f"{path} gives hashes and no result of a check", _HASHES_ONLY)
    return found


def _once(subjects: tuple[Subject, ...], path: str) -> None:
    """Refuse a file that is named twice, however it is written: nobody knows which line was meant."""
    seen: dict[str, Subject] = {}
    for subject in subjects:
        first = seen.setdefault(posixpath.normpath(subject.name), subject)
        if first is not subject:
            what = "names" if first.sha256 == subject.sha256 else "gives two hashes for"
            raise UsageError(f"{path} {what} {subject.name!a}{' twice' if what == 'names' else ''}", _HINT)


def _in_toto(text: str, path: str, *, hashes_only: bool) -> Statement:
    try:
        document = parse_json(text)
    except NotStrict as error:
        raise UsageError(f"{path} is neither a statement nor a checksum file: {error}", _HINT) from error
    kind = document.get("_type")
    if kind != STATEMENT:
        signed = "dsseEnvelope" in document or "payload" in document
        hint = "it is signed: verify it with gh attestation verify, or give the statement itself"
        what = f" of {STATEMENT}: its _type is {kind[:120]!a}" if isinstance(kind, str) else ""
        raise UsageError(f"{path} is no in-toto statement{what}", hint if signed else _HINT)
    subjects = _subjects(document.get("subject"), path)
    kind = document.get("predicateType")
    if hashes_only:
        return Statement(subjects, "", ())
    if kind != TEST_RESULT:
        what = f"its predicateType is {kind[:120]!a}" if isinstance(kind, str) else "it has no predicateType"
        raise UsageError(f"{path} is no test result of {TEST_RESULT}: {what}", _HASHES_ONLY)
    predicate = document.get("predicate")
    result = predicate.get("result") if isinstance(predicate, dict) else None
    if not isinstance(predicate, dict) or result not in _RESULTS:
        raise UsageError(f"{path} gives no result that verify4k knows", _HINT)
    for tests in _CONTRADICTING[result]:
        if predicate.get(tests, []) != []:
            raise UsageError(f"{path} contradicts itself: it says {result} and lists {tests}", _HINT)
    manifests = _subjects(predicate.get("configuration", []), path)
    return Statement(subjects, result, manifests, _reasons(predicate.get("reasons", []), path))


def _reasons(given: Any, path: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise UsageError(f"{path} gives reasons that are no list of texts", _HINT)
    return tuple(given)


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
    found, results, reasons = [], [], []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#"):
            said = re.match(r"# verify4k [^:]*: ([A-Z]+)", line)
            results += [said[1]] if said and said[1] in _RESULTS else []
            why = line[said.end() :].strip().removeprefix(": ") if said else ""
            if said and said[1] == "PASSED" and why:
                raise UsageError(f"{path}:{number} contradicts itself: PASSED gives no reasons", _HINT)
            reasons += [why] if why else []
            continue
        match = _SUM.fullmatch(line.removesuffix("\r"))
        if match is not None:
            found.append(Subject(_name(match[3]) if match[1] else match[3], match[2].lower()))
        elif line.strip():
            raise UsageError(f"{path}:{number} is no line of a checksum file", _HINT)
    if len(results) > 1:
        raise UsageError(f"{path} gives {len(results)} results, not one", _HINT)
    return Statement(tuple(found), "".join(results), (), tuple(reasons))


def _name(escaped: str) -> str:
    return _ESCAPED.sub(lambda match: _LETTERS.get(match[1], match[0]), escaped)
