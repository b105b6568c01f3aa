"""Who may know whom, and how a module begins."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import ROOT

PORTAL = ROOT / "portal"
MODULES = sorted(PORTAL.rglob("*.py"))
#: Where the parts meet: what stands here may know the web.
EDGE = (
    "web",
    "worker.py",
    "documents.py",
    "lawbook.py",
    "cli.py",
    "staff_cli.py",
    "staff_application.py",
    "application.py",
    "__init__.py",
)
LEFT = [path for path in MODULES if path.relative_to(PORTAL).parts[0] not in EDGE]
#: What belongs to the web alone.
WEB = {"flask", "flask_babel", "flask_wtf", "wtforms", "werkzeug", "click", "authlib"}
#: Clocks, and what else is not an argument.
GLOBALS = {
    "date.today", "datetime.now", "datetime.utcnow", "datetime.today", "time.time", "time.localtime", "os.environ",
    "os.getenv", "os.getcwd", "Path.cwd", "Path.home",
}  # fmt: skip
#: Who may all the same, and why.
ALLOWED = {
    "config.py": {"os.environ"},  # the one place that reads settings
    "letters/pdf.py": {"os.environ"},  # writes FONTCONFIG_FILE before WeasyPrint is imported
}
LONGEST_FUNCTION = 50


def name_of(path: Path) -> str:
    return path.relative_to(PORTAL).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def looked_up(tree: ast.Module) -> Iterator[str]:
    """Each `name.attribute`, by the last two names: `datetime.datetime.now` is `datetime.now`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            if isinstance(owner, ast.Name):
                yield f"{owner.id}.{node.attr}"
            elif isinstance(owner, ast.Attribute):
                yield f"{owner.attr}.{node.attr}"


@pytest.mark.parametrize("path", LEFT, ids=name_of)
def test_nothing_left_of_the_web_knows_it(path: Path) -> None:
    names = set(imported(tree_of(path)))
    assert not {name for name in names if name.partition(".")[0] in WEB}
    assert not {name for name in names if re.match(r"portal\.(web|cli|application)\b", name)}


@pytest.mark.parametrize("path", LEFT, ids=name_of)
def test_nothing_left_of_the_web_reads_a_clock_or_the_environment(path: Path) -> None:
    tree = tree_of(path)
    read = GLOBALS & {*looked_up(tree), *imported(tree)}
    assert read <= ALLOWED.get(name_of(path), set())


@pytest.mark.parametrize("name", ALLOWED)
def test_who_is_allowed_more_uses_it(name: str) -> None:
    assert ALLOWED[name] <= set(looked_up(tree_of(PORTAL / name)))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_opens_with_one_sentence(path: Path) -> None:
    said = ast.get_docstring(tree_of(path)) or ""
    first = said.partition("\n\n")[0]
    assert first.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", first), "a module that needs two sentences is two modules"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_is_named_after_a_kind_of_code(path: Path) -> None:
    assert not {"utils", "util", "helpers", "common", "misc", "base", "core"} & {*path.relative_to(PORTAL).parts}
    assert path.stem not in {"utils", "util", "helpers", "common", "misc", "manager", "service"}


def test_there_are_modules_on_both_sides() -> None:
    names = {name_of(path) for path in LEFT}
    assert {"law/routing.py", "letters/compose.py", "vault.py", "cases/drafts.py", "database.py"} <= names
    assert not {name for name in names if name.startswith("web/")}
