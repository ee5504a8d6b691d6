/** The SageMaker Endpoint List in the sidebar; what is in it is loaded when it is first shown. */
import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { Message, MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import type { IEndpointSummary } from '../api/types';
import type { IConnections } from '../tokens';
import { focusWhenDrawn } from '../ui/focus';
import { openRowMenu } from '../ui/rowmenu';
import { ListSelection } from '../ui/selection';
import type { EndpointsBrowser } from './browser';
import type { Deletions } from './deletions';
import type { EndpointsModel } from './model';

export interface IPanelOptions {
  model: EndpointsModel;
  deletions: Deletions;
  connections: IConnections;
  commands: CommandRegistry;
  trans: TranslationBundle;
  locale: string;
}

/** The one tab stop of the list. */
const LIST_STOP = '[data-smx-stop]';

/** A row's identity. */
export const keyOf = (endpoint: IEndpointSummary): string => endpoint.endpoint_name;

export class EndpointsPanel extends ReactWidget {
  constructor(options: IPanelOptions) {
    super();
    this._options = options;
    this.addClass('smx-EndpointsPanel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', options.trans.__('SageMaker Endpoint List'));
    options.model.changed.connect(this._onModel, this);
  }

  readonly selection = new ListSelection();

  /** The one endpoint that the panel's menu is about; null for none or several. */
  get selected(): IEndpointSummary | null {
    const [name, ...others] = this.selection.selectedInOrder;
    return others.length === 0 && name ? (this._options.model.find(name) ?? null) : null;
  }

  /** The endpoint that has the focus, or would get it. */
  get focused(): IEndpointSummary | null {
    const name = this.selection.focusKey;
    return name === null ? null : (this._options.model.find(name) ?? null);
  }

  /** The selected rows, or the focused one, as lines of cells with tabs between. */
  get selectedText(): string {
    const { selectedInOrder, focusKey } = this.selection;
    const names = selectedInOrder.length > 0 || focusKey === null ? selectedInOrder : [focusKey];
    const rows = names.flatMap(name => this._options.model.find(name) ?? []);
    return rows
      .map(row =>
        [row.endpoint_name, row.endpoint_status, row.creation_time, row.last_modified_time].join(
          '\t'
        )
      )
      .join('\n');
  }

  /** Open the context menu on the selected row; without one, on the focused. */
  openMenu(): void {
    const { focusKey, selected } = this.selection;
    if (focusKey !== null && !selected.has(focusKey)) {
      this.selection.pick(focusKey);
    }
    openRowMenu(this.node);
  }

  /** Let the next activation bring the focus to the filter, not to the list. */
  wantFilter(): void {
    this._target = 'input[type=search]';
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._setVisible(this.isVisible);
  }

  protected onAfterShow(_msg: Message): void {
    this._setVisible(true);
  }

  protected onAfterHide(_msg: Message): void {
    this._setVisible(false);
  }

  protected onActivateRequest(_msg: Message): void {
    const wanted = this._target;
    this._target = LIST_STOP;
    void this._load().then(() => focusWhenDrawn(this.node, wanted));
  }

  protected render(): JSX.Element | null {
    const Browser = this._browser;
    return Browser && <Browser {...this._options} selection={this.selection} />;
  }

  private _setVisible(visible: boolean): void {
    this._options.model.panelVisible = visible;
    if (visible) {
      void this._load();
    }
  }

  /** Resolves when the panel has been drawn. */
  private async _load(): Promise<void> {
    if (!this._browser) {
      this._browser = (await import('./browser')).EndpointsBrowser;
      MessageLoop.sendMessage(this, Widget.Msg.UpdateRequest);
    }
    await this.renderPromise;
  }

  private _onModel(): void {
    this.selection.setKeys(this._options.model.shown.map(keyOf));
  }

  private _target = LIST_STOP;
  private _browser: typeof EndpointsBrowser | null = null;
  private readonly _options: IPanelOptions;
}
