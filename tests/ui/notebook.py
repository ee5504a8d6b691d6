"""Runs the cells of a notebook that is open in JupyterLab."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.ui.harness import main_tab, run_command

KERNEL_MS = 120_000

FIND = """
const panel = () => [...window.jupyterapp.shell.widgets('main')].find(
  widget => widget.context?.path === window.smxNotebookPath
);
"""


class Notebook:
    """One notebook. Its code cells are chosen by their first tag, or one by its id."""

    def __init__(self, page: Page, path: str) -> None:
        self.page = page
        self.path = path

    def open(self) -> None:
        """Open it in the main area, and wait for its kernel."""
        run_command(self.page, "docmanager:open", {"path": self.path, "factory": "Notebook"})
        main_tab(self.page, self.path).wait_for()
        self.page.evaluate("path => { window.smxNotebookPath = path; }", self.path)
        kernel = "panel()?.sessionContext.session?.kernel"
        self.page.wait_for_function(
            f"() => {{ {FIND} return {kernel}?.status === 'idle'; }}", timeout=KERNEL_MS
        )

    def start(self, name: str) -> None:
        """Run the cells with a tag, or the one with an id, without waiting for their end."""
        self.page.evaluate(
            f"""name => {{
              {FIND}
              const notebook = panel().content;
              notebook.deselectAll();
              const app = window.jupyterapp;
              window.smxCells = (async () => {{
                const faults = [];
                for (let index = 0; index < notebook.widgets.length; index++) {{
                  const cell = notebook.widgets[index];
                  const names = [cell.model.id, cell.model.getMetadata('tags')?.[0]];
                  if (cell.model.type === 'code' && names.includes(name)) {{
                    notebook.activeCellIndex = index;
                    await app.commands.execute('notebook:run-cell');
                    const outputs = cell.model.sharedModel.toJSON().outputs;
                    faults.push(...outputs.filter(output => output.output_type === 'error'));
                    if (faults.length) break;
                  }}
                }}
                window.smxFaults = faults.map(fault => `${{fault.ename}}: ${{fault.evalue}}`);
              }})();
              window.smxFaults = null;
            }}""",
            name,
        )

    def wait(self, timeout_ms: int = KERNEL_MS) -> None:
        """Wait until the cells that were started have ended, and raise if one has failed."""
        self.page.wait_for_function("() => window.smxFaults !== null", timeout=timeout_ms)
        self.check()

    def check(self) -> None:
        """Raise if one of the cells that were started has failed."""
        faults = self.page.evaluate("() => window.smxFaults")
        assert not faults, f"cells of {self.path} failed: {faults}"

    def run(self, name: str) -> None:
        """Run the cells with a tag, or the one with an id, to their end."""
        self.start(name)
        self.wait()

    def output(self, cell_id: str) -> str:
        """Return the plain text of what a cell has printed and shown."""
        text: str = self.page.evaluate(
            f"""id => {{
              {FIND}
              const cell = panel().content.widgets.find(cell => cell.model.id === id);
              const lines = [].concat(...cell.model.sharedModel.toJSON().outputs.map(
                output => output.text ?? output.data?.['text/plain'] ?? ''
              ));
              return lines.join('');
            }}""",
            cell_id,
        )
        return text
