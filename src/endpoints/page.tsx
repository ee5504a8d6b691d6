/** An endpoint's tab: test inference, AWS settings, logs. */
import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { Message, MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import { CommandIDs } from '../commands';
import type { IConnections } from '../tokens';
import { connectionText } from '../ui/chip';
import { networkIcon } from '../ui/icons';
import { remedies } from '../ui/remedies';
import { ErrorState, LoadingRows, StaleNotice } from '../ui/states';
import type { Deletions } from './deletions';
import { EndpointModel, Tab, TABS } from './document';
import { Inference } from './inference';
import { DeletionProgress } from './progress';
import { Logs, Settings } from './settings';
import { EndpointStatus } from './status';

import '../../style/deploy.css';
import '../../style/endpoints.css';

export interface IPageOptions {
  model: EndpointModel;
  deletions: Deletions;
  connections: IConnections;
  commands: CommandRegistry;
  trans: TranslationBundle;
  locale: string;
}

export class EndpointPage extends ReactWidget {
  constructor(options: IPageOptions) {
    super();
    this._options = options;
    const { endpointName, connectionId } = options.model;
    this.id = `smx-endpoint-${connectionId}-${endpointName}`;
    // What JupyterLab calls a document of the main area; the dock panel gives it its role.
    this.addClass('jp-MainAreaWidget');
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

  /** What a reload needs to open the tab again. */
  snapshot(): ReadonlyPartialJSONObject {
    return { ...this.model.snapshot() };
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  /** A closed tab is gone: Lumino alone would detach it, and a reload bring it back. */
  protected onCloseRequest(msg: Message): void {
    super.onCloseRequest(msg);
    this.dispose();
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this.model.visible = this.isVisible;
  }

  protected onAfterShow(_msg: Message): void {
    this.model.visible = true;
  }

  protected onAfterHide(_msg: Message): void {
    this.model.visible = false;
  }

  protected onActivateRequest(_msg: Message): void {
    // Drawn now, so that there is something to focus in a tab that has just been opened.
    MessageLoop.sendMessage(this, Widget.Msg.UpdateRequest);
    const before = document.activeElement;
    void this.renderPromise?.then(() => {
      const now = document.activeElement;
      // Who has taken the focus meanwhile keeps it: a panel that the palette has opened.
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
      <TabList {...props} />
      <TabPanel {...props} />
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

function tabLabel(tab: Tab, trans: TranslationBundle): string {
  switch (tab) {
    case 'inference':
      return trans.__('Test inference');
    case 'settings':
      return trans.__('AWS settings');
    case 'logs':
      return trans.__('Logs');
  }
}

/** Arrow keys go from tab to tab, as the ARIA pattern has it. */
function TabList({ model, trans, idPrefix }: Props): JSX.Element {
  const list = React.useRef<HTMLDivElement>(null);
  const go = (event: React.KeyboardEvent): void => {
    const at = TABS.indexOf(model.tab);
    const mirrored = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
    const targets: Record<string, number> = {
      ArrowRight: at + mirrored,
      ArrowLeft: at - mirrored,
      Home: 0,
      End: TABS.length - 1
    };
    if (event.key in targets) {
      event.preventDefault();
      model.tab = TABS[(targets[event.key] + TABS.length) % TABS.length];
      list.current?.querySelector<HTMLElement>(`[data-tab=${model.tab}]`)?.focus();
    }
  };
  return (
    <div
      ref={list}
      className="smx-EndpointPage-tabs"
      role="tablist"
      aria-label={trans.__('Endpoint')}
      onKeyDown={go}
    >
      {TABS.map(tab => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`${idPrefix}-tab-${tab}`}
          data-tab={tab}
          aria-selected={tab === model.tab}
          aria-controls={`${idPrefix}-panel-${tab}`}
          tabIndex={tab === model.tab ? 0 : -1}
          onClick={() => (model.tab = tab)}
        >
          {tabLabel(tab, trans)}
        </button>
      ))}
    </div>
  );
}

function TabPanel(props: Props): JSX.Element {
  const { model, connections, commands, trans, locale, idPrefix } = props;
  const { state, tab } = model;
  const openComponent = (trialComponentName: string): void =>
    void commands.execute(CommandIDs.openTrialComponent, {
      connectionId: model.connectionId,
      trialComponentName
    });
  return (
    <div
      role="tabpanel"
      id={`${idPrefix}-panel-${tab}`}
      className="smx-EndpointPage-panel"
      aria-labelledby={`${idPrefix}-tab-${tab}`}
    >
      {tab === 'inference' && (
        <Inference
          model={model}
          connection={connections.find(model.connectionId)}
          whyNot={connections.whyNot('invoke')}
          idPrefix={idPrefix}
          trans={trans}
          locale={locale}
        />
      )}
      {tab !== 'inference' && state.is !== 'ready' && <LoadingRows rows={4} trans={trans} />}
      {tab === 'settings' && state.is === 'ready' && (
        <Settings
          endpoint={state.endpoint}
          onOpenComponent={
            commands.hasCommand(CommandIDs.openTrialComponent) ? openComponent : undefined
          }
          trans={trans}
          locale={locale}
        />
      )}
      {tab === 'logs' && state.is === 'ready' && <Logs endpoint={state.endpoint} trans={trans} />}
    </div>
  );
}
