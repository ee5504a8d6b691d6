/** **Connection…** from launcher, menu and palette: the allowed connections as a dialog. */
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import { CommandIDs } from '../commands';
import type { IConnection } from '../api/types';
import type { IConnections } from '../tokens';
import { connectionText } from '../ui/pieces/chip';
import { cloudIcon, localIcon } from '../ui/pieces/icons';
import { inRegion, withoutRegion } from './ids';

import '../../style/connection.css';

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
    return this._chosenRegion
      ? inRegion(withoutRegion(this._chosen), this._chosenRegion)
      : this._chosen;
  }

  protected render(): JSX.Element {
    const { connections, error } = this._connections;
    return (
      <>
        <fieldset>
          <legend>{this._trans.__('The SageMaker panels look at')}</legend>
          {connections.map(connection => this._choice(connection))}
          {connections.length === 0 && (
            <p>{error?.message ?? this._trans.__('The server allows no connection.')}</p>
          )}
        </fieldset>
        {this._region()}
      </>
    );
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    void this._loadRegions();
  }

  private _choice(connection: IConnection): JSX.Element {
    const Icon = connection.kind === 'local' ? localIcon : cloudIcon;
    return (
      <label key={connection.id}>
        <input
          type="radio"
          name="smx-connection"
          value={connection.id}
          defaultChecked={connection.id === this._chosen}
          onChange={() => {
            this._chosen = connection.id;
            void this._loadRegions();
          }}
        />
        <Icon.react tag="span" className="smx-Icon" />
        {connectionText(connection)}
      </label>
    );
  }

  /** The region of the marked connection: the one of the profile unless another is chosen. */
  private _region(): JSX.Element {
    const marked = this._connections.find(this._chosen);
    const isAws = marked?.kind === 'aws';
    return (
      <label className="smx-ChooseConnection-region">
        {this._trans.__('Region')}
        <HTMLSelect
          disabled={!isAws || this._regions.length === 0}
          title={isAws ? undefined : this._trans.__('The local service has no regions')}
          value={this._chosenRegion}
          onChange={event => {
            this._chosenRegion = event.target.value;
            this.update();
          }}
        >
          <option value="">{marked?.region ?? this._trans.__('That of the profile')}</option>
          {this._regions
            .filter(region => region !== marked?.region)
            .map(region => (
              <option key={region}>{region}</option>
            ))}
        </HTMLSelect>
      </label>
    );
  }

  private async _loadRegions(): Promise<void> {
    const id = this._chosen;
    this._chosenRegion = '';
    this._regions = [];
    this.update();
    if (this._connections.find(id)?.kind !== 'aws') {
      return;
    }
    const regions = await this._connections.listRegions(id).catch(() => []);
    // Drop an answer that belongs to an earlier mark.
    if (id === this._chosen && !this.isDisposed) {
      this._regions = regions;
      this.update();
    }
  }

  private _chosenRegion = '';
  private _regions: readonly string[] = [];
  private _chosen: string;
}

/** Ask for a connection; **Test connection** tests the marked one. */
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
