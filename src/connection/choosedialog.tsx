/** **Connection…** from launcher, menu and palette: the allowed connections as a dialog. */
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { CommandIDs } from '../commands';
import type { IConnections } from '../tokens';
import { connectionText } from '../ui/chip';
import { cloudIcon, localIcon } from '../ui/icons';

class ChoiceWidget extends ReactWidget implements Dialog.IBodyWidget<string> {
  constructor(
    private readonly _connections: IConnections,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this._chosen = this._connections.current?.id ?? '';
    this.addClass('smx-ChooseConnection');
  }

  getValue(): string {
    return this._chosen;
  }

  protected render(): JSX.Element {
    const { connections, error } = this._connections;
    return (
      <fieldset>
        <legend>{this._trans.__('The SageMaker panels look at')}</legend>
        {connections.map(connection => {
          const Icon = connection.kind === 'local' ? localIcon : cloudIcon;
          return (
            <label key={connection.id}>
              <input
                type="radio"
                name="smx-connection"
                value={connection.id}
                defaultChecked={connection.id === this._chosen}
                onChange={() => (this._chosen = connection.id)}
              />
              <Icon.react tag="span" className="smx-Icon" />
              {connectionText(connection)}
            </label>
          );
        })}
        {connections.length === 0 && (
          <p>{error?.message ?? this._trans.__('The server allows no connection.')}</p>
        )}
      </fieldset>
    );
  }

  private _chosen: string;
}

/** Ask which connection to look at; **Test connection** tests the marked one. */
export async function chooseConnection(
  connections: IConnections,
  commands: CommandRegistry,
  trans: TranslationBundle
): Promise<void> {
  await connections.refresh();
  const result = await new Dialog<string>({
    title: trans.__('Connection'),
    body: new ChoiceWidget(connections, trans),
    focusNodeSelector: 'input:checked',
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.createButton({ label: trans.__('Test connection'), actions: ['test'] }),
      Dialog.okButton({ label: trans.__('Connect') })
    ]
  }).launch();
  if (!result.button.accept || !result.value) {
    return;
  }
  if (result.button.actions.includes('test')) {
    await commands.execute(CommandIDs.testConnection, { connectionId: result.value });
    await chooseConnection(connections, commands, trans);
  } else {
    connections.select(result.value);
  }
}
