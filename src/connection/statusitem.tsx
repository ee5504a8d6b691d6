/** The connection in the status bar. */
import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import type { IConnections } from '../tokens';
import { connectionText, openConnectionMenu } from '../ui/pieces/chip';
import { cloudIcon, localIcon } from '../ui/pieces/icons';

/** `Local`, or `profile · region · account`, in the status bar; a click lists the others. */
export class ConnectionStatus extends ReactWidget {
  constructor(
    private readonly _connections: IConnections,
    private readonly _commands: CommandRegistry,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('smx-ConnectionStatus');
  }

  protected render(): JSX.Element {
    return (
      <UseSignal signal={this._connections.changed}>
        {() => {
          const { current } = this._connections;
          if (!current) {
            return null;
          }
          const Icon = current.kind === 'local' ? localIcon : cloudIcon;
          const text = connectionText(current);
          return (
            <button
              className="smx-ConnectionStatus-button"
              data-tint={current.tint ?? undefined}
              aria-haspopup="menu"
              aria-expanded="false"
              aria-label={this._trans.__('SageMaker connection: %1', text)}
              title={this._trans.__('SageMaker connection: %1', text)}
              onClick={event =>
                openConnectionMenu(
                  event.currentTarget,
                  this._connections,
                  this._commands,
                  this._trans
                )
              }
            >
              <Icon.react tag="span" className="smx-Icon" />
              {text}
            </button>
          );
        }}
      </UseSignal>
    );
  }
}
