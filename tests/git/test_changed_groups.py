"""A file that comes or goes changes what is promised of the others of its group, in a manifest that stays."""

from __future__ import annotations

from typing import Any

import pytest
from pictures import gradient, save
from repositories import Repo, checked

SCOPES = ("--staged", "--since=HEAD")
SHOTS = [f"shots/{locale}/{name}.png" for locale in ("de", "en") for name in "12"]
GROUP = (
    'version: 1\ndefaults: {{same-as-others: allowed}}\ngroups: {{g: {{files: "shots/{{l}}/*.png", {}}}}}\n'
)


@pytest.fixture(params=[False, True], ids=["own", "included"])
def grouped(repo: Repo, request: pytest.FixtureRequest) -> Any:
    """Commit two screenshots of each of two languages, and a manifest that groups them."""

    def commit(said: str) -> Repo:
        for name in SHOTS:
            repo.write(name, save(gradient(64, 36), name))
        repo.write("more.yaml" if request.param else "verify4k.yaml", GROUP.format(said))
        if request.param:
            repo.write("verify4k.yaml", "version: 1\ninclude: [more.yaml]\n")
        repo.commit()
        return repo

    return commit


def asked(repo: Repo, check: Any, scope: str) -> tuple[int, list[str]]:
    repo.git("add", "-A")
    outcome = check(scope, "--format", "json")
    return outcome.code, checked(outcome)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("said", ["each: l, count: 2..3", "each: l, same-set: true", "each: l, same: size"])
def test_a_group_that_stays_is_not_asked(scope: str, said: str, grouped: Any, check: Any) -> None:
    repo = grouped(said)
    repo.write("readme.txt", "x")
    assert asked(repo, check, scope) == (0, [])


@pytest.mark.parametrize("scope", SCOPES)
def test_a_group_that_loses_a_file_is_counted(scope: str, grouped: Any, check: Any) -> None:
    repo = grouped("each: l, count: 2..3")
    (repo.path / SHOTS[1]).unlink()
    assert asked(repo, check, scope) == (1, [SHOTS[0]])


@pytest.mark.parametrize("scope", SCOPES)
def test_a_name_that_one_set_gets_is_missed_in_the_other(scope: str, grouped: Any, check: Any) -> None:
    repo = grouped("each: l, same-set: true")
    repo.write("shots/de/9.png", save(gradient(64, 36), "9.png"))
    assert asked(repo, check, scope) == (1, ["shots/de/9.png", "shots/en/9.png"])


def test_what_was_promised_and_missing_before_waits_for_its_own_change(grouped: Any, check: Any) -> None:
    repo = grouped("each: l, same-set: true")
    repo.git("rm", "-q", SHOTS[1])
    repo.git("commit", "-qm", "x", "--no-verify")
    repo.write(SHOTS[0], save(gradient(64, 36, 9), "1.png"))
    assert asked(repo, check, "--staged") == (0, [SHOTS[0]])
