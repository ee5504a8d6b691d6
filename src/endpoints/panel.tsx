/** The SageMaker Endpoint List in the sidebar. Its contents are drawn when it is first shown. */
import { Message, MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import type { IEndpointSummary } from '../api/types';
import { focusWhenDrawn } from '../ui/focus';
import { VisibilityWidget } from '../ui/shell/visibility';
import { openRowMenu } from '../ui/list/rowmenu';
import { ListSelection } from '../ui/list/selection';
import { EndpointsBrowser } from './browser';
import { keyOf } from './model';
import type { IPanelOptions } from './options';

/** The tab stop of the list. */
const LIST_STOP = '[data-smx-stop]';

export class EndpointsPanel extends VisibilityWidget {
  constructor(options: IPanelOptions) {
    super();
    this._options = options;
    this.addClass('smx-EndpointsPanel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', options.trans.__('SageMaker Endpoint List'));
    options.model.changed.connect(this._onModel, this);
  }

  readonly selection = new ListSelection();

  /** The endpoint that the panel's menu acts on; null for none or several. */
  get selected(): IEndpointSummary | null {
    const [name, ...others] = this.selection.selectedInOrder;
    return others.length === 0 && name ? (this._options.model.find(name) ?? null) : null;
  }

  /** The endpoint that has the focus, or would get it. */
  get focused(): IEndpointSummary | null {
    const name = this.selection.focusKey;
    return name === null ? null : (this._options.model.find(name) ?? null);
  }

  /** The selected rows, or the focused one, as tab-separated lines. */
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

  /** Open the context menu on the selected row; without a selection, on the focused row. */
  openMenu(): void {
    const { focusKey, selected } = this.selection;
    if (focusKey !== null && !selected.has(focusKey)) {
      this.selection.pick(focusKey);
    }
    openRowMenu(this.node);
  }

  /** The next activation moves the focus to the filter instead of the list. */
  wantFilter(): void {
    this._target = 'input[type=search]';
  }

  protected onVisibilityChange(isVisible: boolean): void {
    this._options.model.panelVisible = isVisible;
    if (isVisible) {
      void this._drawn();
    }
  }

  protected onActivateRequest(_msg: Message): void {
    const wanted = this._target;
    this._target = LIST_STOP;
    void this._drawn().then(() => focusWhenDrawn(this.node, wanted));
  }

  protected render(): JSX.Element | null {
    return this._wasShown ? (
      <EndpointsBrowser {...this._options} selection={this.selection} />
    ) : null;
  }

  /** Resolves when the panel has been drawn. */
  private async _drawn(): Promise<void> {
    if (!this._wasShown) {
      this._wasShown = true;
      MessageLoop.sendMessage(this, Widget.Msg.UpdateRequest);
    }
    await this.renderPromise;
  }

  private _onModel(): void {
    this.selection.setKeys(this._options.model.shown.map(keyOf));
  }

  private _target = LIST_STOP;
  private _wasShown = false;
  private readonly _options: IPanelOptions;
}
