/** The notice which columns of a saved view the table does not have. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { TableModel } from '../model';
import { missingColumns, savedForm } from './saved';

/** The sentence lists this many names; the others are counted. Our choice. */
const MAX_NAMED = 5;

interface INoticeProps {
  model: TableModel;
  trans: TranslationBundle;
}

/** Shown above the rows of a table with a saved view, until the user closes it. */
export class ViewNotice extends ReactWidget {
  constructor(private readonly _props: INoticeProps) {
    super();
    this.addClass('smx-ViewNotice');
  }

  protected render(): JSX.Element {
    const { model } = this._props;
    return (
      <UseSignal signal={model.changed}>
        {() => (
          <UseSignal signal={model.viewChanged}>{() => <Missing {...this._props} />}</UseSignal>
        )}
      </UseSignal>
    );
  }
}

function Missing({ model, trans }: INoticeProps): JSX.Element | null {
  const [closed, setClosed] = React.useState('');
  const { saved } = model.view;
  // While the table is being read, columns are still added.
  if (saved === null || !model.isComplete) {
    return null;
  }
  const missing = missingColumns(savedForm(model.view), model.columns);
  const key = JSON.stringify([saved, missing]);
  if (missing.length === 0 || closed === key) {
    return null;
  }
  const names = missing.slice(0, MAX_NAMED).join(', ');
  const more = missing.length - MAX_NAMED;
  const view = 'name' in saved ? saved.name : saved.file;
  return (
    <div className="smx-ViewNotice-text" role="status">
      <span>
        {trans._n(
          'The view %2 names a column that this table does not have: %3.',
          'The view %2 names %1 columns that this table does not have: %3.',
          missing.length,
          view,
          more > 0 ? trans.__('%1 and %2 more', names, more) : names
        )}
      </span>
      <button className="jp-Button jp-mod-minimal" onClick={() => setClosed(key)}>
        {trans.__('Close')}
      </button>
    </div>
  );
}
