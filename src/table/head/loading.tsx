/** The notice above the rows while they are being read, with buttons to stop or resume. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { SLOW_MS, useAfter } from '../../ui/pieces/states';
import type { TableModel } from '../model';
import { expected, isReading, isStopped } from '../rows/reading';

interface IProps {
  model: TableModel;
  trans: TranslationBundle;
}

/** Draws nothing when all rows are there. */
export function LoadingNotice(props: IProps): JSX.Element | null {
  const { model } = props;
  if (model.isWaiting) {
    return null;
  }
  if (isStopped(model.state)) {
    return <Stopped {...props} />;
  }
  return isReading(model.state) ? <Loading {...props} /> : null;
}

function Loading({ model, trans }: IProps): JSX.Element | null {
  const slow = useAfter(SLOW_MS);
  const rows = model.totalRows ?? 0;
  const all = expected(model.state);
  return slow ? (
    <div className="smx-Partial" role="status">
      <span>{trans.__('Still loading…')}</span>
      <span className="smx-Partial-count">
        {all !== null && all > rows
          ? trans.__('%1 of about %2 rows', rows, all)
          : trans._n('%1 row so far', '%1 rows so far', rows)}
      </span>
      <button
        type="button"
        className="jp-Button jp-mod-minimal smx-Partial-action"
        onClick={() => void model.stop()}
      >
        {trans.__('Stop')}
      </button>
    </div>
  ) : null;
}

function Stopped({ model, trans }: IProps): JSX.Element {
  const rows = model.totalRows ?? 0;
  return (
    <div className="smx-Partial" role="status">
      <span>
        {trans._n(
          'Loading was stopped: only %1 row was read.',
          'Loading was stopped: only %1 rows were read.',
          rows
        )}
      </span>
      <button
        type="button"
        className="jp-Button jp-mod-minimal smx-Partial-action"
        onClick={() => void model.refresh()}
      >
        {trans.__('Load the rest')}
      </button>
    </div>
  );
}
