/** The Deploy model page after the button was pressed: steps, result, next actions. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { SmxError } from '../api/errors';
import type { IOperation } from '../api/types';
import { CopyButton, ErrorDetails } from '../ui/pieces/states';
import { operationStatus, Steps } from '../ui/pieces/steps';
import type { DeployModel } from './model';

/** The commands on an endpoint that the page offers. */
export interface IEndpointActions {
  open: (endpointName: string) => void;
  test: (endpointName: string) => void;
}

interface IProgressProps {
  model: DeployModel;
  operation: IOperation;
  undoing: IOperation | null;
  error: SmxError | null;
  endpoints: IEndpointActions;
  /** Null if deleting is allowed, else the sentence that says why not. */
  whyNotDelete: string | null;
  trans: TranslationBundle;
  locale: string;
}

export function DeployProgress(props: IProgressProps): JSX.Element {
  const { model, operation, undoing, error, trans, locale } = props;
  const endpointName = operation.result.endpoint_name ?? model.draft.endpointName.trim();
  const failed = ['failed', 'cancelled', 'interrupted'].includes(operation.state);
  return (
    <section className="smx-DeployPage-progress" aria-label={trans.__('Progress')}>
      <h2>{trans.__('Endpoint %1', endpointName)}</h2>
      <p role="status" className="smx-DeployPage-status">
        {operation.state === 'succeeded'
          ? trans.__('The endpoint is InService.')
          : operationStatus(operation, trans)}
      </p>
      <Steps operation={operation} trans={trans} locale={locale} />
      {operation.state === 'running' && <Running {...props} />}
      {operation.state === 'succeeded' && <Succeeded {...props} endpointName={endpointName} />}
      {failed && <Failed {...props} />}
      {undoing && (
        <section aria-label={trans.__('Delete what was created')}>
          <h3>{undoing.title}</h3>
          <p role="status" className="smx-DeployPage-status">
            {operationStatus(undoing, trans)}
          </p>
          <Steps operation={undoing} trans={trans} locale={locale} />
          {undoing.error && <OperationError operation={undoing} trans={trans} />}
          {undoing.can_retry && (
            <button
              type="button"
              className="jp-Button jp-mod-styled jp-mod-accept"
              onClick={() => void model.retryUndo()}
            >
              {trans.__('Retry')}
            </button>
          )}
        </section>
      )}
      {error && (
        <div role="alert" className="smx-Problem">
          <p>{error.message}</p>
          <ErrorDetails error={error} trans={trans} />
        </div>
      )}
    </section>
  );
}

function Running({ model, trans }: IProgressProps): JSX.Element {
  return (
    <div className="smx-DeployPage-buttons">
      <button type="button" className="jp-Button jp-mod-styled" onClick={() => void model.stop()}>
        {trans.__('Stop')}
      </button>
      <p className="smx-DeployPage-rule">
        {trans.__('This goes on when the tab is closed; a notification tells when it has ended.')}
      </p>
    </div>
  );
}

function Succeeded(props: IProgressProps & { endpointName: string }): JSX.Element {
  const { model, endpoints, endpointName, trans } = props;
  const code = model.latestPlan?.code;
  return (
    <div className="smx-DeployPage-buttons">
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-accept"
        onClick={() => endpoints.test(endpointName)}
      >
        {trans.__('Test inference')}
      </button>
      <button
        type="button"
        className="jp-Button jp-mod-styled"
        onClick={() => endpoints.open(endpointName)}
      >
        {trans.__('Open endpoint')}
      </button>
      {code && <CopyButton text={code} label={trans.__('Copy code')} trans={trans} />}
    </div>
  );
}

function Failed(props: IProgressProps): JSX.Element {
  const { model, operation, undoing, whyNotDelete, trans } = props;
  const busy = undoing?.state === 'running';
  return (
    <>
      <OperationError operation={operation} trans={trans} />
      <LogTail lines={operation.log_tail} trans={trans} />
      <div className="smx-DeployPage-buttons">
        {operation.can_retry && !undoing && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-accept"
            onClick={() => void model.retry()}
          >
            {trans.__('Retry')}
          </button>
        )}
        {operation.can_roll_back && !undoing && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-warn"
            aria-disabled={whyNotDelete !== null}
            title={whyNotDelete ?? operation.created.join('\n')}
            onClick={() => {
              if (whyNotDelete === null) {
                void model.undo();
              }
            }}
          >
            {trans.__('Delete what was created')}
          </button>
        )}
        <button
          type="button"
          className="jp-Button jp-mod-styled"
          disabled={busy}
          onClick={() => void model.change()}
        >
          {trans.__('Change the settings')}
        </button>
      </div>
    </>
  );
}

function OperationError(props: {
  operation: IOperation;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { operation, trans } = props;
  if (!operation.error) {
    return null;
  }
  const { message, code, details } = operation.error;
  return (
    <div role="alert" className="smx-Problem">
      <p>{message}</p>
      <ErrorDetails error={new SmxError(message, code, 0, details)} trans={trans} />
    </div>
  );
}

function LogTail(props: {
  lines: readonly string[];
  trans: TranslationBundle;
}): JSX.Element | null {
  const { lines, trans } = props;
  if (lines.length === 0) {
    return null;
  }
  return (
    <section>
      <h3>{trans.__('End of the log')}</h3>
      {/* In the Tab order, so that the keyboard can scroll it. */}
      <pre className="smx-CodeBox smx-LogTail" tabIndex={0} aria-label={trans.__('End of the log')}>
        {lines.join('\n')}
      </pre>
    </section>
  );
}
