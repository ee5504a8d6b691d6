"""The example notebook over HTTP."""

import json

from smx_lab.tutorial.files import HERE


async def test_the_example_comes_with_the_files_it_needs(ask):
    answer = await ask("GET", "/example")
    assert (answer.status, answer.body["notebook"]) == (200, "handwritten-digits.ipynb")
    files = {file["name"]: file["text"] for file in answer.body["files"]}
    assert files == {
        name: (HERE / name).read_text(encoding="utf-8")
        for name in ("handwritten-digits.ipynb", "digits.py")
    }
    assert json.loads(files["handwritten-digits.ipynb"])["nbformat"] == 4
