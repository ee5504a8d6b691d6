"""The documents tell all that the magics take, and what they tell works."""

import re
from pathlib import Path

import pytest

from smx_lab.notebook.commands import COMMANDS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_subcommand_and_option_is_in_the_users_documents(name):
    page = (ROOT / "docs" / "users" / "magics.md").read_text(encoding="utf-8")
    options = re.findall(r"--[a-z-]+", COMMANDS[name].parser().format_help())
    assert f"%smx {name}" in page
    assert [option for option in options if option not in page] == []


def test_the_first_table_of_the_readme_is_made_as_it_says(shell, smx):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^ *```python\n( *%load_ext.*?)^ *```", readme, re.DOTALL | re.MULTILINE)
    assert found is not None
    lines = found[1].splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    shell.run_cell("\n".join(line[indent:] for line in lines)).raise_error()
    table = smx("table first-table --sort learning_rate")
    assert table["learning_rate"].tolist() == [0.1, 0.01, 0.001]
