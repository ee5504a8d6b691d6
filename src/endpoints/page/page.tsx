/** The tab of an endpoint: test inference, AWS settings, logs. */
import { UseSignal } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { Message, MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import type { IEndpoint } from '../../api/types';
import { CommandIDs } from '../../commands';
import type { IConnections } from '../../tokens';
import { connectionText } from '../../ui/pieces/chip';
import { networkIcon } from '../../ui/pieces/icons';
import { VisibilityWidget } from '../../ui/shell/visibility';
import { remedies } from '../../ui/pieces/remedies';
import { ErrorState, LoadingRows, StaleNotice } from '../../ui/pieces/states';
import { ITab, Tabs } from '../../ui/pieces/tabs';
import type { Deletions } from '../deletion/deletions';
import { EndpointModel, Tab, TABS } from './model';
import { Inference } from './inference';
import { DeletionProgress } from '../deletion/progress';
import { Logs, Settings } from './settings';
import { EndpointStatus } from '../status';

import '../../../style/deploy.css';
import '../../../style/endpoints.css';

interface IPageOptions {
  model: EndpointModel;
  deletions: Deletions;
  connections: IConnections;
  commands: CommandRegistry;
  trans: TranslationBundle;
  locale: string;
}

export class EndpointPage extends VisibilityWidget {
  constructor(options: IPageOptions) {
    super();
    this._options = options;
    const { endpointName, connectionId } = options.model;
    this.id = `smx-endpoint-${connectionId}-${endpointName}`;
    // JupyterLab's class for documents of the main area. The dock panel sets its role.
    this.addClass('jp-MainAreaWidget');
    this.addClass('smx-Page');
    this.addClass('smx-EndpointPage');
    this.node.tabIndex = -1;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', options.trans.__('Endpoint %1', endpointName));
    this.title.label = endpointName;
    this.title.caption = options.trans.__('Endpoint %1', endpointName);
    this.title.icon = networkIcon;
    this.title.closable = true;
  }

  get model(): EndpointModel {
    return this._options.model;
  }

  /** The arguments that open the tab again after a reload. */
  snapshot(): ReadonlyPartialJSONObject {
    return { ...this.model.snapshot() };
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

  protected onVisibilityChange(isVisible: boolean): void {
    this.model.visible = isVisible;
  }

  protected onActivateRequest(_msg: Message): void {
    // Draw now, so that a tab that has just been opened has something to focus.
    MessageLoop.sendMessage(this, Widget.Msg.UpdateRequest);
    const before = document.activeElement;
    void this.renderPromise?.then(() => {
      const now = document.activeElement;
      // Do not take the focus from a panel that the palette has opened in the meantime.
      const isFree = now === before || now === document.body || now === this.node;
      if (isFree && (now === this.node || !this.node.contains(now))) {
        const body = this.node.querySelector<HTMLElement>('[data-smx-first-field]');
        (this.model.tab === 'inference' && body ? body : this.node).focus();
      }
    });
  }

  protected render(): JSX.Element {
    const { model, deletions, connections } = this._options;
    return (
      <UseSignal signal={model.changed}>
        {() => (
          <UseSignal signal={deletions.changed}>
            {() => (
              <UseSignal signal={connections.changed}>
                {() => <Page {...this._options} idPrefix={this.id} onClose={() => this.close()} />}
              </UseSignal>
            )}
          </UseSignal>
        )}
      </UseSignal>
    );
  }

  private readonly _options: IPageOptions;
}

type Props = IPageOptions & { idPrefix: string; onClose: () => void };

function Page(props: Props): JSX.Element {
  const { model, deletions, commands, trans, locale, onClose } = props;
  const { state } = model;
  const close = { label: trans.__('Close tab'), onClick: onClose };
  if (state.is === 'gone') {
    const list = {
      label: trans.__('Back to the endpoints'),
      accept: true,
      onClick: () => void commands.execute(CommandIDs.showEndpoints)
    };
    return (
      <div className="smx-State" role="status">
        <p className="smx-State-message">
          {trans.__('The endpoint %1 was deleted.', model.endpointName)}
        </p>
        <div className="smx-Actions">
          {[list, close].map(({ label, onClick }) => (
            <button key={label} type="button" className="jp-Button jp-mod-styled" onClick={onClick}>
              {label}
            </button>
          ))}
        </div>
      </div>
    );
  }
  if (state.is === 'failed') {
    const ways = remedies({
      error: state.error,
      connectionId: model.connectionId,
      commands,
      trans,
      onRetry: () => void model.refresh(),
      isDocument: true
    });
    return <ErrorState error={state.error} actions={[...ways, close]} trans={trans} />;
  }
  const deletion = deletions.find(model.connectionId, model.endpointName);
  return (
    <>
      <Head {...props} />
      {model.staleError && (
        <StaleNotice
          error={model.staleError}
          nextTime={model.nextTime}
          onRetry={() => void model.refresh()}
          trans={trans}
        />
      )}
      {deletion && (
        <DeletionProgress
          operation={deletion}
          deletions={deletions}
          trans={trans}
          locale={locale}
        />
      )}
      <Tabs
        prefix={props.idPrefix}
        label={trans.__('Endpoint')}
        tabs={tabsOf(props)}
        current={model.tab}
        onSelect={tab => (model.tab = tab as Tab)}
        hasStops
      />
    </>
  );
}

function Head({ model, connections, commands, trans }: Props): JSX.Element {
  const { state, connectionId, endpointName } = model;
  const connection = connections.find(connectionId);
  const whyNot = connections.whyNot('delete');
  const args = { connectionId, endpointName };
  return (
    <div className="smx-EndpointPage-head">
      <h1>{endpointName}</h1>
      {state.is === 'ready' && (
        <span role="status" className="smx-EndpointPage-status">
          <EndpointStatus status={state.endpoint.endpoint_status} />
        </span>
      )}
      {connection && <span className="smx-EndpointPage-where">{connectionText(connection)}</span>}
      <span className="smx-EndpointPage-space" />
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-reject"
        onClick={() => void commands.execute(CommandIDs.copyEndpointCode, args)}
      >
        {trans.__('Copy code')}
      </button>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-warn"
        aria-disabled={whyNot !== null}
        title={whyNot ?? undefined}
        onClick={() => {
          if (whyNot === null) {
            void commands.execute(CommandIDs.deleteEndpoint, args);
          }
        }}
      >
        {trans.__('Delete…')}
      </button>
    </div>
  );
}

function tabsOf(props: Props): ITab[] {
  const { model, connections, commands, trans, locale, idPrefix } = props;
  const { state } = model;
  const openComponent = (trialComponentName: string): void =>
    void commands.execute(CommandIDs.openTrialComponent, {
      connectionId: model.connectionId,
      trialComponentName
    });
  const once = (draw: (endpoint: IEndpoint) => JSX.Element) => (): JSX.Element =>
    state.is === 'ready' ? draw(state.endpoint) : <LoadingRows rows={4} trans={trans} />;
  const tabs: Record<Tab, Omit<ITab, 'id'>> = {
    inference: {
      label: trans.__('Test inference'),
      draw: () => (
        <Inference
          model={model}
          connection={connections.find(model.connectionId)}
          whyNot={connections.whyNot('invoke')}
          idPrefix={idPrefix}
          trans={trans}
          locale={locale}
        />
      )
    },
    settings: {
      label: trans.__('AWS settings'),
      draw: once(endpoint => (
        <Settings
          endpoint={endpoint}
          onOpenComponent={
            commands.hasCommand(CommandIDs.openTrialComponent) ? openComponent : undefined
          }
          trans={trans}
          locale={locale}
        />
      ))
    },
    logs: {
      label: trans.__('Logs'),
      draw: once(endpoint => <Logs endpoint={endpoint} trans={trans} />)
    }
  };
  return TABS.map(id => ({ id, ...tabs[id] }));
}
