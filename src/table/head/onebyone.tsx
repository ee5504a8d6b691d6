/**
 * The notice above the rows that they are read one by one because Search does not work, and why.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { SmxError } from '../../api/errors';
import { CodeToCopy, ErrorDetails } from '../../ui/pieces/states';
import type { State } from '../rows/reading';

/** Why trial components are read one by one; null where Search works. */
function searchError(state: State): SmxError | null {
  const error = state.is === 'ready' ? state.table.search_error : null;
  return error ? new SmxError(error.message, error.code, 0, error.details ?? {}) : null;
}

/** Draws nothing where Search works. */
export function OneByOneNotice(props: {
  state: State;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { trans } = props;
  const error = searchError(props.state);
  if (!error) {
    return null;
  }
  const { policy } = error.details;
  return (
    <div className="smx-Partial smx-OneByOne" role="status">
      <span title={error.message}>
        {error.code === 'access_denied'
          ? trans.__('Search is denied: trial components are read one by one, which takes longer.')
          : trans.__(
              'Search cannot find these trial components here: they are read one by one, which takes longer.'
            )}
      </span>
      {policy && (
        <details className="smx-Details">
          <summary>{trans.__('Policy')}</summary>
          <CodeToCopy code={policy} trans={trans} />
        </details>
      )}
      <ErrorDetails error={error} trans={trans} />
    </div>
  );
}
