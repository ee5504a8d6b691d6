/** The dialog of one copy: its target, its plan, its progress. */
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { SmxError } from '../api/errors';
import type { ICopyPlan, IOperation } from '../api/types';
import { connectionText } from '../ui/pieces/chip';
import { Actions, ErrorState, IAction } from '../ui/pieces/states';
import { operationStatus, Steps } from '../ui/pieces/steps';
import type { CopyModel } from './model';

import '../../style/connection.css';
import '../../style/deploy.css';

interface IProps {
  model: CopyModel;
  trans: TranslationBundle;
  locale: string;
}

class CopyBody extends ReactWidget {
  constructor(private readonly _props: IProps) {
    super();
    this.addClass('smx-Copying');
  }

  protected render(): JSX.Element {
    const { model } = this._props;
    return <UseSignal signal={model.changed}>{() => <Body {...this._props} />}</UseSignal>;
  }
}

function Body(props: IProps): JSX.Element {
  const { model, trans, locale } = props;
  const { state } = model;
  return (
    <>
      {state.is !== 'copying' && <Target {...props} />}
      {state.is === 'planning' && <p role="status">{trans.__('Reading the experiment…')}</p>}
      {state.is === 'planned' && <Plan {...props} plan={state.plan} />}
      {state.is === 'failed' && (
        <ErrorState
          error={state.error}
          actions={[{ label: trans.__('Retry now'), onClick: () => void model.retry() }]}
          trans={trans}
        />
      )}
      {state.is === 'copying' && (
        <Progress model={model} operation={state.operation} trans={trans} locale={locale} />
      )}
    </>
  );
}

function Target({ model, trans }: IProps): JSX.Element {
  const { targets } = model;
  return (
    <label className="smx-Copying-target">
      {trans.__('Copy to')}
      <HTMLSelect
        value={model.targetId}
        disabled={targets.length === 0}
        title={
          targets.length === 0 ? trans.__('The server allows no other connection.') : undefined
        }
        onChange={event => void model.choose(event.target.value)}
      >
        <option value="">{trans.__('Choose a connection')}</option>
        {targets.map(connection => (
          <option key={connection.id} value={connection.id}>
            {connectionText(connection)}
          </option>
        ))}
      </HTMLSelect>
    </label>
  );
}

function Plan({ model, plan, trans }: IProps & { plan: ICopyPlan }): JSX.Element {
  const isTaken = plan.taken.length > 0;
  return (
    <>
      <p role="status">
        {trans.__(
          'Trials: %1 · trial components: %2 · metrics: %3',
          plan.trial_count,
          plan.trial_component_count,
          plan.metric_count
        )}
      </p>
      {isTaken && (
        <div role="alert">
          <p>{trans.__('These names are taken there, and nothing is overwritten:')}</p>
          <Lines lines={plan.taken} />
        </div>
      )}
      {plan.left_out.length > 0 && (
        <details className="smx-Details">
          <summary>{trans.__('Cannot be copied: %1', plan.left_out.length)}</summary>
          <Lines lines={plan.left_out} />
        </details>
      )}
      {!isTaken && (
        <Actions
          actions={[{ label: trans.__('Copy'), accept: true, onClick: () => void model.copy() }]}
        />
      )}
    </>
  );
}

function Lines({ lines }: { lines: readonly string[] }): JSX.Element {
  return (
    <ul>
      {lines.map(line => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function Progress(props: IProps & { operation: IOperation }): JSX.Element {
  const { model, operation, trans, locale } = props;
  const { error, state } = operation;
  const actions: IAction[] = [];
  if (state === 'running') {
    actions.push({ label: trans.__('Stop'), onClick: () => void model.stop() });
  } else if (operation.can_retry) {
    actions.push({ label: trans.__('Retry'), accept: true, onClick: () => void model.retry() });
  }
  return (
    <section aria-label={operation.title}>
      <p role="status">{operationStatus(operation, trans)}</p>
      <Steps operation={operation} trans={trans} locale={locale} />
      {error && (
        <ErrorState
          error={new SmxError(error.message, error.code, 0, error.details)}
          trans={trans}
        />
      )}
      {operation.log_tail.length > 0 && (
        <details className="smx-Details">
          <summary>{trans.__('Log')}</summary>
          <Lines lines={operation.log_tail} />
        </details>
      )}
      <Actions actions={actions} />
    </section>
  );
}

/** Open the dialog; resolves when it is closed. A running copy goes on. */
export async function showCopy(props: IProps): Promise<void> {
  const { model, trans } = props;
  await new Dialog({
    title: trans.__('Copy %1 to another connection', model.args.experimentName),
    body: new CopyBody(props),
    focusNodeSelector: 'select, button',
    buttons: [Dialog.cancelButton({ label: trans.__('Close') })]
  }).launch();
  model.dispose();
}
