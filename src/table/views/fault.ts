/** Opens the table of a `.smxview` file, or a message why it cannot be opened. */
import { Notification } from '@jupyterlab/apputils';
import type { DocumentRegistry, DocumentWidget } from '@jupyterlab/docregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Panel } from '@lumino/widgets';
import * as React from 'react';

import '../../../style/views.css';
import { CommandIDs } from '../../commands';
import { EmptyState } from '../../ui/pieces/states';
import { IViewFile, parseViewFile } from './saved';
import type { IViewFactoryOptions } from './options';
import { faultText } from './files';

/** Open the table of a view instead of the document of its file. The file is only read. */
export async function openViewFile(
  document: DocumentWidget<Panel, DocumentRegistry.IModel>,
  options: IViewFactoryOptions
): Promise<void> {
  const { app, trans } = options;
  const { path, model } = document.context;
  const found = parseViewFile(model.toString());
  if ('is' in found) {
    const openAsText = (): void => {
      void app.commands.execute('docmanager:open', { path, factory: 'Editor' });
      document.dispose();
    };
    document.content.addWidget(new FaultView(faultText(path, found, trans), trans, openAsText));
  } else {
    await openTable(path, found, options);
    document.dispose();
  }
}

async function openTable(
  path: string,
  file: IViewFile,
  { app, connections, trans }: IViewFactoryOptions
): Promise<void> {
  await connections.ready;
  const { connectionId } = file;
  // Every region of a listed connection can be used.
  const isHere = [connectionId, connectionId.replace(/@[^@]*$/, '')].some(id =>
    connections.find(id)
  );
  const { current } = connections;
  if (!isHere && current) {
    Notification.warning(
      trans.__(
        '%1 was made on the connection %2, which is not here. It is shown on %3.',
        path,
        connectionId,
        current.label
      ),
      { autoClose: 20_000 }
    );
  }
  await app.commands.execute(CommandIDs.openTable, {
    connectionId: isHere || !current ? connectionId : current.id,
    ...file.origin,
    view: file.view as ReadonlyPartialJSONObject,
    viewFile: path
  });
}

/** The message why a file cannot be opened. */
class FaultView extends ReactWidget {
  constructor(
    private readonly _message: string,
    private readonly _trans: TranslationBundle,
    private readonly _openAsText: () => void
  ) {
    super();
    this.addClass('smx-ViewFault');
  }

  protected render(): JSX.Element {
    const state = React.createElement(EmptyState, {
      message: this._message,
      hint: this._trans.__('The file is left as it is.'),
      actions: [{ label: this._trans.__('Open as text'), accept: true, onClick: this._openAsText }],
      trans: this._trans
    });
    return React.createElement('div', { role: 'alert' }, state);
  }
}
