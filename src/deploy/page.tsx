/** The Deploy model page, which draws its model. */
import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import type { IConnections } from '../tokens';
import { deployIcon } from '../ui/pieces/icons';
import { ErrorState, LoadingRows } from '../ui/pieces/states';
import { DeployForm } from './form';
import type { DeployModel } from './model';
import { DeployProgress, IEndpointActions } from './progress';
import { DeploySummary } from './summary';

import '../../style/deploy.css';

export namespace DeployPage {
  /** Options of {@link DeployPage}, which disposes the model. */
  export interface IOptions {
    model: DeployModel;
    /** Stays the same over a reload. */
    pageId: string;
    connections: IConnections;
    endpoints: IEndpointActions;
    trans: TranslationBundle;
    locale: string;
  }
}

export class DeployPage extends ReactWidget {
  constructor(options: DeployPage.IOptions) {
    super();
    this._options = options;
    this.id = `smx-deploy-${options.pageId}`;
    // JupyterLab's class for documents of the main area. The dock panel sets its role.
    this.addClass('jp-MainAreaWidget');
    this.addClass('smx-Page');
    this.addClass('smx-DeployPage');
    this.node.tabIndex = -1;
    this.title.label = options.trans.__('Deploy model');
    this.title.icon = deployIcon;
    this.title.closable = true;
    this.title.caption = options.model.args.trialComponentName;
    void options.model.start();
  }

  /** The arguments that open the page again after a reload. */
  snapshot(): ReadonlyPartialJSONObject {
    const snapshot = { ...this.model.snapshot(), pageId: this._options.pageId };
    return snapshot as unknown as ReadonlyPartialJSONObject;
  }

  get model(): DeployModel {
    return this._options.model;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  /** Dispose a closed tab. Lumino would only detach it, and a reload would bring it back. */
  protected onCloseRequest(msg: Message): void {
    super.onCloseRequest(msg);
    this.dispose();
  }

  protected onActivateRequest(_msg: Message): void {
    this._wantsFocus = true;
    this._takeFocus();
  }

  protected onBeforeHide(_msg: Message): void {
    this._wantsFocus = false;
  }

  protected render(): JSX.Element {
    const { model, connections, trans } = this._options;
    return (
      <UseSignal signal={model.changed}>
        {() => (
          <UseSignal signal={connections.changed}>
            {() => (
              <>
                <h1>{trans.__('Deploy model')}</h1>
                {this._body()}
              </>
            )}
          </UseSignal>
        )}
      </UseSignal>
    );
  }

  private _body(): JSX.Element {
    const { model, connections, endpoints, trans, locale } = this._options;
    const { state, latestPlan: plan } = model;
    if (state.is === 'failed') {
      const retry = {
        label: trans.__('Try again'),
        onClick: () => void model.start()
      };
      const close = {
        label: trans.__('Close tab'),
        onClick: () => this.close()
      };
      return <ErrorState error={state.error} actions={[retry, close]} trans={trans} />;
    }
    const summary = <DeploySummary args={model.args} plan={plan} trans={trans} />;
    if (state.is === 'deploying') {
      return (
        <>
          {summary}
          <DeployProgress
            {...state}
            model={model}
            endpoints={endpoints}
            whyNotDelete={connections.whyNot('delete')}
            trans={trans}
            locale={locale}
          />
        </>
      );
    }
    if (state.is === 'loading' || !plan) {
      return (
        <>
          {summary}
          <LoadingRows rows={4} onStop={() => this.close()} trans={trans} />
        </>
      );
    }
    return (
      <>
        {summary}
        <DeployForm
          model={model}
          plan={plan}
          trans={trans}
          idPrefix={this.id}
          whyNot={connections.whyNot('deploy')}
          onCancel={() => this.close()}
        />
        <OnMount action={() => this._takeFocus()} />
      </>
    );
  }

  /**
   * Move the focus to the first field if the page was opened or chosen and nothing in it has the
   * focus.
   */
  private _takeFocus(): void {
    if (!this._wantsFocus) {
      return;
    }
    if (!this.node.contains(document.activeElement) || document.activeElement === this.node) {
      const first = this.node.querySelector<HTMLElement>('[data-smx-first-field]');
      (first ?? this.node).focus();
      this._wantsFocus = first === null;
    }
  }

  private readonly _options: DeployPage.IOptions;
  private _wantsFocus = false;
}

/** Runs `action` once, when it is first drawn. */
function OnMount({ action }: { action: () => void }): null {
  React.useEffect(action, []);
  return null;
}
