"""The documents that are drawn from the program: what it keeps, why, and what that may do to people."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from jinja2 import Environment

from portal.cases.inventory import KeptTable, kept
from portal.columns import Until
from portal.letters.details import DETAILS
from portal.web.words import TABLES, UNTIL

_FOLDER = "docs"


def written(templates: Environment) -> Iterator[tuple[str, str]]:
    """Each document's name in `docs/`, and its text as it should be now; in English."""
    tables = kept()
    columns = [column for table in tables for column in table.columns]
    words = {
        "tables": tables,
        "named": TABLES,
        "until": UNTIL,
        "used": _used(tables),
        "limited": Until.LIMIT in _used(tables),
        "details": ", ".join(name.replace("_", " ") for name in DETAILS),
        "sealed": sum(column.sealed for column in columns),
        "columns": len(columns),
    }
    for name in templates.list_templates(filter_func=lambda one: one.startswith(f"{_FOLDER}/")):
        yield Path(name).name.removesuffix(".j2"), templates.get_template(name).render(words).rstrip() + "\n"


def _used(tables: tuple[KeptTable, ...]) -> Mapping[Until, list[str]]:
    """The tables that each period covers, in part or whole; only periods that cover one."""
    found: dict[Until, list[str]] = {}
    for table in tables:
        for period in table.periods:
            found.setdefault(period, []).append(f"`{table.name}`")
    return found
