"""The documentation names everything that a user can type or set."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import smx_lab
from devtools import pages
from smx_lab.cli import main
from smx_lab.contract.routes import ROUTES
from smx_lab.core.permissions import policies
from smx_lab.local.protocol.registry import OPERATIONS
from smx_lab.local.service import load_operations
from smx_lab.options import SmxLabOptions

DOCS = Path(__file__).resolve().parents[2] / "docs"

PATH = re.compile(r"`((?:smx_lab|src|schema|style|tests|bench|devtools)/[\w./-]*|pyproject.toml)`")
"""A path of the repository, as the developers' pages name one."""


def text(*folders: str) -> str:
    """Return all pages of these folders of docs/ as one text."""
    found = [page for folder in folders for page in sorted((DOCS / folder).glob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in found)


def commands(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, set[str]]]:
    """Yield each command without subcommands, and its long options."""
    nested = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for action in nested:
        for word, subparser in action.choices.items():
            yield from commands(subparser, f"{name} {word}")
    if not nested:
        long = {option for action in parser._actions for option in action.option_strings}
        yield name, {option for option in long if option.startswith("--")} - {"--help"}


def test_each_option_of_the_server_extension_is_documented_for_operators() -> None:
    documented = text("operators")
    names = [f"c.SmxLabApp.{name}" for name in pages.options(SmxLabOptions)]
    assert names != []
    assert [name for name in names if f"`{name}`" not in documented] == []


def test_each_command_and_its_options_are_documented_for_users() -> None:
    documented = text("users")
    found = dict(commands(main._parser(), "smx-lab"))
    assert [name for name in found if name not in documented] == []
    options = set().union(*found.values())
    assert [option for option in sorted(options) if option not in documented] == []


def test_the_policies_are_those_that_the_product_offers() -> None:
    page = (DOCS / "operators" / "permissions.md").read_text(encoding="utf-8")
    offered = [policy.document for policy in policies("aws", None, None)]
    assert [document for document in offered if document not in page] == []


def test_each_route_is_documented_for_developers() -> None:
    documented = text("developers")
    lines = [f"`{route.method} {route.path}`" for route in ROUTES]
    assert [line for line in lines if line not in documented] == []


def test_the_table_of_local_operations_is_what_the_code_offers() -> None:
    page = (DOCS / "users" / "local-operations.md").read_text(encoding="utf-8")
    assert pages.local_operations() in page
    load_operations()
    assert {service for service, _ in OPERATIONS} == set(pages.LOCAL_SERVICES)
    assert [name for _, name in OPERATIONS if f"| `{name}` |" not in page] == []


def test_each_environment_variable_of_ours_is_documented() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in Path(smx_lab.__file__).parent.rglob("*.py")
    )
    documented = text("users", "operators")
    names = {name for name in ("SMX_LAB_DATA_DIR", "SMX_LAB_PYTHON") if name in sources}
    assert [name for name in names if f"`{name}`" not in documented] == []


def test_no_link_of_the_documentation_leads_nowhere() -> None:
    assert pages.broken_links() == []


def test_each_file_that_newcomers_are_led_to_exists() -> None:
    root = DOCS.parent
    named = {
        page.name: set(PATH.findall(page.read_text(encoding="utf-8")))
        for page in (DOCS / "developers").glob("*.md")
    }
    assert len(named["where-to-change.md"]) > 30
    gone = {
        page: sorted(path for path in paths if not (root / path).exists())
        for page, paths in named.items()
    }
    assert {page: paths for page, paths in gone.items() if paths} == {}


def test_there_are_twenty_common_changes_and_each_names_a_file() -> None:
    page = (DOCS / "developers" / "where-to-change.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 20
    assert [row for row in rows if not PATH.search(row.split("|")[2])] == []
