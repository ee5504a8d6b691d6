/** The **Describe Trial Component** document. */
import { MainAreaWidget, ReactWidget } from '@jupyterlab/apputils';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import type { SmxError } from '../api/errors';
import type { ITrialComponent } from '../api/types';
import { CommandIDs, IOpenTrialComponentArgs } from '../commands';
import { flaskIcon } from '../ui/pieces/icons';
import { VisibilityWidget } from '../ui/shell/visibility';
import { remedies } from '../ui/pieces/remedies';
import { EmptyState, ErrorState, LoadingRows, StaleNotice } from '../ui/pieces/states';
import { statusIcons, statusWord } from '../ui/pieces/status';
import { Tabs } from '../ui/pieces/tabs';
import { localeOf } from '../ui/words/time';
import { Artifacts, AwsSettings, Metrics, Parameters } from './facts';
import type { TrialComponentModel } from './model';

import '../../style/component.css';

interface IPageOptions {
  model: TrialComponentModel;
  commands: CommandRegistry;
  translator: ITranslator;
  /** The tab to show first. */
  tab?: string;
}

interface IContext extends IPageOptions {
  trans: TranslationBundle;
  locale: string;
  id: string;
  tab: string;
  selectTab: (tab: string) => void;
  close: () => void;
}

let count = 0;

class TrialComponentContent extends VisibilityWidget {
  constructor(
    private readonly _options: IPageOptions,
    private readonly _onTab: (tab: string) => void
  ) {
    super();
    this.id = `smx-trial-component-content-${++count}`;
    this.addClass('smx-Page');
    this.addClass('smx-TrialComponentPage');
    this._tab = _options.tab ?? 'metrics';
    this.node.tabIndex = -1;
  }

  get tab(): string {
    return this._tab;
  }

  protected render(): JSX.Element {
    const { model, translator } = this._options;
    const context: IContext = {
      ...this._options,
      id: this.id,
      trans: translator.load('smx_lab'),
      locale: localeOf(translator),
      tab: this._tab,
      selectTab: tab => {
        this._tab = tab;
        this.update();
        this._onTab(tab);
      },
      close: () => this.parent?.close()
    };
    return <UseSignal signal={model.stateChanged}>{() => <Body {...context} />}</UseSignal>;
  }

  protected onVisibilityChange(isVisible: boolean): void {
    this._options.model.poll.visible = isVisible;
  }

  private _tab: string;
}

/** One trial component in a tab of the main area. */
export class TrialComponentPage extends MainAreaWidget<ReactWidget> {
  constructor(options: IPageOptions, onTab: () => void) {
    const content = new TrialComponentContent(options, onTab);
    super({ content });
    this._body = content;
    this._model = options.model;
    this.toolbar.hide();
    this.title.icon = flaskIcon;
    this.title.closable = true;
  }

  get args(): Readonly<IOpenTrialComponentArgs> {
    return this._model.args;
  }

  /** Show it in another trial that it belongs to. */
  lookIn(experimentName: string | undefined, trialName: string): void {
    this._model.lookIn(experimentName, trialName);
  }

  /** The arguments that open the page again after a reload. */
  snapshot(): IOpenTrialComponentArgs & { tab: string } {
    return { ...this.args, tab: this._body.tab };
  }

  /** The display name of the component, once it is known. */
  get displayName(): string {
    const { state } = this._model;
    return state.is === 'ready' ? state.component.display_name : this.args.trialComponentName;
  }

  /** Read the component again now. */
  refresh(): void {
    void this._model.poll.refresh();
  }

  dispose(): void {
    this._model.dispose();
    super.dispose();
  }

  private readonly _body: TrialComponentContent;
  private readonly _model: TrialComponentModel;
}

function Body(context: IContext): JSX.Element {
  const { model, trans } = context;
  const { state } = model;
  switch (state.is) {
    case 'loading':
      return <LoadingRows trans={trans} />;
    case 'failed':
      return (
        <ErrorState
          error={state.error}
          actions={remedies({
            error: state.error,
            connectionId: model.args.connectionId,
            commands: context.commands,
            trans,
            onRetry: () => void model.poll.refresh(),
            isDocument: true
          })}
          trans={trans}
        />
      );
    case 'gone':
      return <Gone {...context} />;
    case 'ready':
      return <Described {...context} component={state.component} error={state.error} />;
  }
}

function Gone({ model, commands, close, trans }: IContext): JSX.Element {
  const { trialComponentName, experimentName } = model.args;
  const actions = [{ label: trans.__('Close tab'), accept: true, onClick: close }];
  if (experimentName !== undefined) {
    actions.push({
      label: trans.__('Back to the experiment'),
      accept: false,
      onClick: () => void commands.execute(CommandIDs.showExperiments, { experimentName })
    });
  }
  return (
    <div role="alert">
      <EmptyState
        message={trans.__('The trial component “%1” was deleted.', trialComponentName)}
        actions={actions}
        trans={trans}
      />
    </div>
  );
}

function Described(
  context: IContext & { component: ITrialComponent; error: SmxError | null }
): JSX.Element {
  const { model, component, error, trans, locale } = context;
  const facts = { component, trans, locale };
  const tabs = [
    { id: 'metrics', label: trans.__('Metrics'), draw: () => <Metrics {...facts} /> },
    { id: 'parameters', label: trans.__('Parameters'), draw: () => <Parameters {...facts} /> },
    { id: 'artifacts', label: trans.__('Artifacts'), draw: () => <Artifacts {...facts} /> },
    { id: 'settings', label: trans.__('AWS Settings'), draw: () => <AwsSettings {...facts} /> },
    {
      id: 'mappings',
      label: trans.__('Trial Mappings'),
      draw: () => <Mappings {...context} component={component} />
    }
  ];
  return (
    <>
      {error && (
        <StaleNotice
          error={error}
          nextTime={model.poll.nextTime}
          onRetry={() => void model.poll.refresh()}
          trans={trans}
        />
      )}
      <Head {...context} component={component} />
      <Tabs
        prefix={context.id}
        label={trans.__('Trial component')}
        tabs={tabs}
        current={context.tab}
        onSelect={context.selectTab}
      />
    </>
  );
}

type IComponentProps = IContext & { component: ITrialComponent };

function PlaceLink(
  props: IContext & { label: string; experimentName: string; trialName?: string }
): JSX.Element {
  const { commands, label, experimentName, trialName } = props;
  return (
    <button
      className="smx-Link"
      onClick={() =>
        void commands.execute(CommandIDs.showExperiments, {
          experimentName,
          ...(trialName === undefined ? {} : { trialName })
        })
      }
    >
      {label}
    </button>
  );
}

function Head(props: IComponentProps): JSX.Element {
  const { component, model, commands, trans } = props;
  const { args } = model;
  const parent =
    component.parents.find(({ trial_name }) => trial_name === args.trialName) ??
    component.parents[0];
  const Icon = component.status && statusIcons[component.status];
  const job = model.trainingJob;
  const forbidden = model.whyNot('stop');
  return (
    <div className="smx-TrialComponentPage-head">
      <div className="smx-TrialComponentPage-title">
        <h2 title={component.trial_component_name}>{component.display_name}</h2>
        {job && model.isRunning && (
          <button
            className="jp-Button jp-mod-styled jp-mod-warn"
            disabled={forbidden !== null || component.status === 'Stopping'}
            title={forbidden ?? undefined}
            onClick={() =>
              void commands.execute(CommandIDs.stopTrainingJob, {
                connectionId: args.connectionId,
                trainingJobName: job
              })
            }
          >
            {trans.__('Stop training job')}
          </button>
        )}
      </div>
      <dl className="smx-Facts">
        {parent && (
          <>
            <dt>{trans.__('Experiment:')}</dt>
            <dd>
              <PlaceLink
                {...props}
                label={parent.experiment_name}
                experimentName={parent.experiment_name}
              />
            </dd>
            <dt>{trans.__('Trial:')}</dt>
            <dd>
              <PlaceLink
                {...props}
                label={parent.trial_name}
                experimentName={parent.experiment_name}
                trialName={parent.trial_name}
              />
            </dd>
          </>
        )}
        <dt>{trans.__('Status')}</dt>
        <dd>
          <span className="smx-TrialComponentPage-status" role="status">
            {Icon && <Icon.react tag="span" className="smx-Icon" />}
            {component.status ? statusWord(component.status, trans) : trans.__('Not given')}
            {component.status_message && ` – ${component.status_message}`}
          </span>
        </dd>
      </dl>
    </div>
  );
}

function Mappings(props: IComponentProps): JSX.Element {
  const { component, trans } = props;
  if (component.parents.length === 0) {
    return (
      <EmptyState
        message={trans.__('The trial component belongs to no trial.')}
        hint={trans.__('This adds it to one:')}
        code={`trial.add_trial_component(${JSON.stringify(component.trial_component_name)})\n`}
        trans={trans}
      />
    );
  }
  return (
    <table className="smx-Facts-table">
      <thead>
        <tr>
          <th scope="col">{trans.__('Experiment')}</th>
          <th scope="col">{trans.__('Trial')}</th>
        </tr>
      </thead>
      <tbody>
        {component.parents.map(parent => (
          <tr key={parent.trial_name}>
            <td>
              <PlaceLink
                {...props}
                label={parent.experiment_name}
                experimentName={parent.experiment_name}
              />
            </td>
            <td>
              <PlaceLink
                {...props}
                label={parent.trial_name}
                experimentName={parent.experiment_name}
                trialName={parent.trial_name}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
