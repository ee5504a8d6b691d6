"""Generate the parts of docs/ that are made from the code, and check the links of all pages.

Runs in the virtual environment. With ``--check`` nothing is written. Then a page that differs
from the code is a fault. A broken link always is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from devtools.base import ROOT

DOCS = ROOT / "docs"
BEGIN = "<!-- Made from the code by: python3 dev.py docs -->\n"
END = "<!-- End of what is made from the code -->\n"
LOCAL_SERVICES = {
    "sagemaker": "SageMaker",
    "sagemaker-metrics": "SageMaker Metrics",
    "sagemaker-runtime": "SageMaker Runtime",
    "logs": "CloudWatch Logs",
    "sts": "STS",
    "iam": "IAM",
}
"""botocore's name and the title of each service that the local service implements."""

PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "RELEASE.md")


def main(arguments: list[str]) -> int:
    """Write or check the generated parts, then check the links."""
    faults = []
    for page, parts in {
        DOCS / "developers" / "rest-api.md": [routes(), errors()],
        DOCS / "operators" / "configuration.md": [configuration()],
        DOCS / "users" / "local-operations.md": [local_operations()],
    }.items():
        old = page.read_text(encoding="utf-8")
        new = replaced(old, parts)
        if old != new and "--check" in arguments:
            faults.append(f"{page.relative_to(ROOT)} is stale: run python3 dev.py docs.")
        elif old != new:
            page.write_text(new, encoding="utf-8")
            print(f"{page.relative_to(ROOT)} was written anew.")
    faults += broken_links()
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def routes() -> str:
    """Return a table of all routes, and their query arguments."""
    from smx_lab.contract.arguments import arguments
    from smx_lab.contract.routes import ROUTES

    lines = ["| Method and path | Answers | What for |", "| --- | --- | --- |"]
    for route in ROUTES:
        summary = route.summary
        if route.request is not None:
            summary += f" Body: `{_name(route.request)}`."
        for argument in arguments(route.query) if route.query else ():
            summary += f"<br>`{argument.name}`: {argument.meta.description}"
        answer = f"{route.status} `{_name(route.response)}`"
        if route.response is bytes:
            answer = f"{route.status} a file"
        lines.append(f"| `{route.method} {route.path}` | {answer} | {summary} |")
    return "\n".join(lines) + "\n"


def errors() -> str:
    """Return a table of all errors that routes return, by status."""
    from smx_lab.core import errors as module

    kinds = [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, module.SmxError)
        and kind is not module.SmxError
    ]
    lines = ["| Status | `code` | When |", "| --- | --- | --- |"]
    for kind in sorted(kinds, key=lambda kind: kind.status):
        when = " ".join((kind.__doc__ or "").split()).replace("``", "`")
        lines.append(f"| {kind.status} | `{kind.code}` | {when} |")
    return "\n".join(lines) + "\n"


def configuration() -> str:
    """Return a table of every option of the server extension."""
    from smx_lab.options import SmxLabOptions

    lines = ["| Option | Default | Meaning |", "| --- | --- | --- |"]
    for name, trait in options(SmxLabOptions).items():
        lines.append(
            f"| `c.SmxLabApp.{name}` | `{trait.default()!r}` | {' '.join(trait.help.split())} |"
        )
    return "\n".join(lines) + "\n"


def local_operations() -> str:
    """Return tables of the API actions of the local service, by AWS service."""
    from smx_lab.local.protocol.registry import OPERATIONS
    from smx_lab.local.service import load_operations

    load_operations()
    lines: list[str] = []
    for service, title in LOCAL_SERVICES.items():
        lines += [f"### {title}", "", "| Operation | Does |", "| --- | --- |"]
        for (of, name), operation in sorted(OPERATIONS.items()):
            if of == service:
                said = (operation.function.__doc__ or "").strip().partition("\n")[0]
                lines.append(f"| `{name}` | {said} |")
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def options(app: Any) -> dict[str, Any]:
    """Return the configurable traits that a class itself defines, by name."""
    return {
        name: trait
        for name, trait in app.class_own_traits(config=True).items()
        if name in vars(app)
    }


def _name(body: Any) -> str:
    return str(getattr(body, "__name__", body))


def replaced(page: str, parts: Sequence[str]) -> str:
    """Return a page with its generated parts replaced, in their order.

    Raises
    ------
    ValueError
        If the number of pairs of marks differs from the number of parts.
    """
    outside = re.split(f"{re.escape(BEGIN)}.*?{re.escape(END)}", page, flags=re.DOTALL)
    made = [f"{BEGIN}\n{part}\n{END}" for part in parts]
    return "".join(text + part for text, part in zip(outside, [*made, ""], strict=True))


def broken_links() -> list[str]:
    """Return the broken links to our own pages and files."""
    pages = [ROOT / name for name in PAGES] + sorted(DOCS.rglob("*.md"))
    return [
        f"{page.relative_to(ROOT)}: {target} leads nowhere"
        for page in pages
        for target in _targets(page)
        if not _leads_somewhere(page, target)
    ]


def _targets(page: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for match in re.finditer(r"\]\(([^)\s]+)[^)]*\)", text):
        if not re.match(r"[a-z]+:", match[1]):
            yield match[1]


def _leads_somewhere(page: Path, target: str) -> bool:
    path, _, anchor = unquote(target).partition("#")
    file = (page.parent / path).resolve() if path else page
    if not file.exists():
        return False
    return not anchor or file.suffix != ".md" or anchor in _anchors(file)


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.strip().replace(" ", "-") for heading in plain}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
