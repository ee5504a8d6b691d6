/**
 * The endpoints that were deployed from what is cleaned up, and what is deleted with each of them.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { SmxError } from '../api/errors';
import type { ICleanUpPlan } from '../api/types';
import { ErrorDetails } from '../ui/pieces/states';

interface IProps {
  plan: ICleanUpPlan;
  /** Whether these endpoints are deleted too. */
  deleting: boolean;
  trans: TranslationBundle;
}

export function Endpoints({ plan, deleting, trans }: IProps): JSX.Element | null {
  const { endpoints, counts, endpoint_error: error } = plan;
  if (error) {
    return (
      <div className="smx-CleanUp-warning">
        <p>{trans.__('Endpoints could not be looked for. %1', error.message)}</p>
        <ErrorDetails
          error={new SmxError(error.message, error.code, 0, error.details)}
          trans={trans}
        />
      </div>
    );
  }
  if (counts.endpoints === 0) {
    return <p className="smx-CleanUp-note">{trans.__('No endpoint was deployed from these.')}</p>;
  }
  const left = counts.endpoints - endpoints.length;
  const heading = deleting
    ? trans._n('%1 endpoint to delete', '%1 endpoints to delete', counts.endpoints)
    : trans._n('%1 endpoint goes on running', '%1 endpoints go on running', counts.endpoints);
  return (
    <section className="smx-CleanUp-names smx-mod-indented" aria-label={heading}>
      <h3>{heading}</h3>
      <ul tabIndex={0} aria-label={heading}>
        {endpoints.map(endpoint => (
          <li key={endpoint.endpoint_name}>
            {trans.__('%1 (%2)', endpoint.endpoint_name, endpoint.endpoint_status)}
            {details(endpoint, trans).map(detail => (
              <span key={detail} className="smx-CleanUp-detail">
                {detail}
              </span>
            ))}
          </li>
        ))}
        {left > 0 && <li>{trans._n('and %1 more', 'and %1 more', left)}</li>}
      </ul>
    </section>
  );
}

function details(
  endpoint: ICleanUpPlan['endpoints'][number],
  trans: TranslationBundle
): readonly string[] {
  const { endpoint_config_name: config, models, kept, note } = endpoint;
  return [
    ...(config ? [trans.__('Endpoint configuration: %1', config)] : []),
    ...(models.length
      ? [trans._n('Model: %2', 'Models: %2', models.length, models.join(', '))]
      : []),
    ...Object.entries(kept).map(([name, user]) => trans.__('%1 is kept: %2 uses it', name, user)),
    ...(note ? [note] : [])
  ];
}
