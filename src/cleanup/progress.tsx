/** A clean-up that runs or has ended: its steps, and what happened to each thing. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { SmxError } from '../api/errors';
import type { IOperation } from '../api/types';
import { ErrorDetails } from '../ui/pieces/states';
import { operationStatus, Steps } from '../ui/pieces/steps';
import { Report } from './report';

export function CleanUpProgress(props: {
  operation: IOperation;
  /** Why Stop or Retry failed. */
  error: SmxError | null;
  trans: TranslationBundle;
  locale: string;
}): JSX.Element {
  const { operation, error, trans, locale } = props;
  // The report shows each failure with its reason.
  const failure = operation.outcome?.failed_count ? null : operation.error;
  return (
    <section className="smx-CleanUp-progress" aria-label={operation.title}>
      <p role="status">{operationStatus(operation, trans)}</p>
      <Steps operation={operation} trans={trans} locale={locale} />
      {failure && (
        <Problem
          error={new SmxError(failure.message, failure.code, 0, failure.details)}
          trans={trans}
        />
      )}
      {error && <Problem error={error} trans={trans} />}
      {operation.outcome && operation.state !== 'running' && (
        <Report outcome={operation.outcome} trans={trans} />
      )}
      {operation.state === 'running' && (
        <p className="smx-CleanUp-note">
          {trans.__(
            'This goes on when the dialog is closed; a notification tells when it has ended.'
          )}
        </p>
      )}
    </section>
  );
}

function Problem({ error, trans }: { error: SmxError; trans: TranslationBundle }): JSX.Element {
  return (
    <div role="alert" className="smx-Problem">
      <p>{error.message}</p>
      <ErrorDetails error={error} trans={trans} />
    </div>
  );
}
