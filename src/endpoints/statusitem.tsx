/** The number of running endpoints in the status bar, because running endpoints cost money. */
import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { CommandIDs } from '../commands';
import { networkIcon } from '../ui/pieces/icons';
import type { EndpointsModel } from './model';

/** `2 endpoints running`; a click opens the panel. Empty while none runs. */
export class EndpointsStatus extends ReactWidget {
  constructor(
    private readonly _model: EndpointsModel,
    private readonly _commands: CommandRegistry,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('smx-EndpointsStatus');
  }

  protected render(): JSX.Element {
    return (
      <UseSignal signal={this._model.changed}>
        {() => {
          const count = this._model.runningCount;
          if (!count) {
            return null;
          }
          const text = this._trans._n('%1 endpoint running', '%1 endpoints running', count);
          return (
            <button
              type="button"
              className="smx-ConnectionStatus-button"
              title={this._trans.__('Show the SageMaker Endpoint List')}
              onClick={() => void this._commands.execute(CommandIDs.showEndpoints)}
            >
              <networkIcon.react tag="span" className="smx-Icon" />
              {text}
            </button>
          );
        }}
      </UseSignal>
    );
  }
}
