/** Deletions that are running or have failed, for the panel and for the tab of an endpoint. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { SmxError } from '../../api/errors';
import type { IOperation } from '../../api/types';
import { ErrorDetails } from '../../ui/pieces/states';
import { operationStatus, Steps } from '../../ui/pieces/steps';
import type { Deletions } from './deletions';

export function DeletionProgress(props: {
  operation: IOperation;
  deletions: Deletions;
  trans: TranslationBundle;
  locale: string;
}): JSX.Element {
  const { operation, deletions, trans, locale } = props;
  const { id, error } = operation;
  const running = operation.state === 'running';
  return (
    <section className="smx-Deletion" aria-label={operation.title}>
      <h3>{operation.title}</h3>
      <p role="status">{operationStatus(operation, trans)}</p>
      <Steps operation={operation} trans={trans} locale={locale} />
      {error && (
        <div role="alert">
          <p>{error.message}</p>
          <ErrorDetails
            error={new SmxError(error.message, error.code, 0, error.details)}
            trans={trans}
          />
        </div>
      )}
      {deletions.error && <p role="alert">{deletions.error.message}</p>}
      <div className="smx-Actions">
        {running && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-reject"
            onClick={() => void deletions.stop(id)}
          >
            {trans.__('Stop')}
          </button>
        )}
        {!running && operation.can_retry && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-accept"
            onClick={() => void deletions.retry(id)}
          >
            {trans.__('Retry')}
          </button>
        )}
        {!running && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-reject"
            onClick={() => deletions.dismiss(id)}
          >
            {trans.__('Dismiss')}
          </button>
        )}
      </div>
    </section>
  );
}
