/** The experiments in the sidebar. The contents are drawn when they are first shown. */
import { Notification, ReactWidget } from '@jupyterlab/apputils';
import { Message, MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import { focusWhenDrawn } from '../ui/focus';
import { openRowMenu } from '../ui/list/rowmenu';
import { widenSidebar } from '../ui/shell/sidebar';
import { localeOf } from '../ui/words/time';
import { CommandIDs } from '../commands';
import { Browser } from './browser/browser';
import { ComponentDrag } from './browser/dragging';
import type { IPanelContext, IPanelOptions } from './options';

/** Wide enough for a trial's name on two lines and both times, in CSS pixels. */
const ROOMY = 430;
/** The tab stop of the list. */
const LIST_STOP = '.smx-List [data-smx-stop]';

export class ExperimentsPanel extends ReactWidget {
  constructor(options: IPanelOptions) {
    super();
    this.addClass('smx-ExperimentsPanel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', options.trans.__('SageMaker Experiment List'));
    this._context = {
      ...options,
      locale: localeOf(options.translator),
      focusList: () => this.focusList(),
      openMenu: anchor => this._openMenuAt(anchor)
    };
  }

  handleEvent(event: Event): void {
    // The menu takes the focus and does not give it back.
    const { contextMenu } = this._context;
    const opener = document.activeElement as HTMLElement;
    const returnFocus = (): void => {
      contextMenu.aboutToClose.disconnect(returnFocus);
      if (opener.isConnected && opener !== document.body) {
        opener.focus({ preventScroll: true });
      } else {
        this.focusList();
      }
    };
    if (event.type === 'contextmenu') {
      requestAnimationFrame(() => {
        if (contextMenu.isAttached) {
          contextMenu.aboutToClose.connect(returnFocus);
        }
      });
    }
  }

  /** Put the focus into the filter box. */
  async focusFilter(): Promise<void> {
    await this._drawn();
    this.node.querySelector<HTMLInputElement>('.smx-ExperimentsPanel-filter input')?.focus();
  }

  focusList(): void {
    this.node.querySelector<HTMLElement>(LIST_STOP)?.focus();
  }

  /** Open the context menu of the focused row, as a right-click on it does. */
  openMenu(): void {
    const { selection } = this._context.model;
    if (selection.focusKey !== null) {
      selection.pick(selection.focusKey);
    }
    openRowMenu(this.node.querySelector('.smx-List'));
  }

  protected render(): JSX.Element | null {
    return this._wasShown ? <Browser {...this._context} /> : null;
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this.node.addEventListener('contextmenu', this);
    this._drag = this._newDrag();
    if (this.isVisible) {
      this.onAfterShow();
    }
  }

  protected onBeforeDetach(msg: Message): void {
    this.node.removeEventListener('contextmenu', this);
    this._drag?.dispose();
    this._context.model.poll.visible = false;
    super.onBeforeDetach(msg);
  }

  protected onAfterShow(): void {
    const { model } = this._context;
    model.poll.visible = true;
    void this._drawn();
    void model.restored.then(() =>
      requestAnimationFrame(() => {
        if (this.isVisible && !model.isWidened) {
          widenSidebar(this, ROOMY);
          model.setWidened();
        }
      })
    );
  }

  protected onAfterHide(): void {
    this._context.model.poll.visible = false;
  }

  protected onActivateRequest(): void {
    void this._drawn().then(() => {
      // The filter box may have the focus by then.
      if (!this.node.contains(document.activeElement)) {
        void focusWhenDrawn(this.node, LIST_STOP);
      }
    });
  }

  private _newDrag(): ComponentDrag {
    const { model, connections, commands, trans } = this._context;
    return new ComponentDrag({
      node: this.node,
      model,
      connectionId: () => connections.current?.id ?? '',
      onDrop: ({ connectionId, names }, trialName) => {
        // In another account the names mean other things, or nothing.
        if (connectionId !== connections.current?.id) {
          Notification.warning(
            trans.__(
              'These trial components are of another connection. Copy their experiment first.'
            ),
            { autoClose: 10_000 }
          );
          return;
        }
        void commands.execute(CommandIDs.associateSelected, {
          connectionId,
          trialComponentNames: [...names],
          trialName
        });
      },
      trans
    });
  }

  private _openMenuAt(anchor: HTMLElement): void {
    const box = anchor.getBoundingClientRect();
    anchor.dispatchEvent(
      new MouseEvent('contextmenu', {
        bubbles: true,
        cancelable: true,
        clientX: Math.round(box.left),
        clientY: Math.round(box.bottom)
      })
    );
  }

  /** Resolves when the panel has been drawn. */
  private async _drawn(): Promise<void> {
    if (!this._wasShown) {
      this._wasShown = true;
      MessageLoop.sendMessage(this, Widget.Msg.UpdateRequest);
    }
    await this.renderPromise;
  }

  private readonly _context: IPanelContext;
  private _drag: ComponentDrag | null = null;
  private _wasShown = false;
}
