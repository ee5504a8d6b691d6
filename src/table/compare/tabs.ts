/** Opens the tabs of comparisons, and finds those that are open. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import { ReadonlyPartialJSONObject, UUID } from '@lumino/coreutils';

import { CommandIDs, IOpenComparisonArgs } from '../../commands';
import { pollIntervalMs } from '../../ui/poll';
import { showDocument } from '../../ui/shell/documents';
import { ComparisonModel } from './model';
import { ComparePanel } from './panel';
import type { ICompareTabsOptions } from './options';

/** Show the comparison of some rows, in its open tab or in a new one. */
export async function openComparison(
  { app, client, connections, translator }: ICompareTabsOptions,
  tracker: WidgetTracker<ComparePanel>,
  { key: restored, ...args }: IOpenComparisonArgs & { key?: string }
): Promise<ComparePanel> {
  const key = JSON.stringify([args.connectionId, args.rows]);
  const old = tracker.find(
    ({ model }) => JSON.stringify([model.args.connectionId, model.args.rows]) === key
  );
  if (old) {
    // The columns may have changed.
    const { statistic, view, rows } = args;
    old.model.update({ statistic, view, rows });
    show(app, old);
    return old;
  }
  const trans = translator.load('smx_lab');
  const model = new ComparisonModel(client, args, () =>
    pollIntervalMs(connections.find(args.connectionId))
  );
  const panel = new ComparePanel({ model, commands: app.commands, translator });
  // Rows may be removed, so the id does not depend on them. It is the same after a reload.
  panel.id = restored ?? `smx-comparison:${UUID.uuid4()}`;
  panel.title.label = trans.__('Compare');
  panel.title.caption = args.rows.map(row => row.slice(row.indexOf('/') + 1)).join('\n');
  await tracker.add(panel);
  model.argsChanged.connect(() => void tracker.save(panel));
  show(app, panel);
  return panel;
}

function show(app: JupyterFrontEnd, panel: ComparePanel): void {
  showDocument(app, panel, 'Compare', {
    command: CommandIDs.openComparison,
    args: panel.model.args as unknown as ReadonlyPartialJSONObject
  });
}
