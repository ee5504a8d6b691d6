/** The messages in place of rows, or above them, when there are none or they are not up to date. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { SmxError } from '../../api/errors';
import {
  EmptyState,
  ErrorState,
  IAction,
  SLOW_MS,
  StaleNotice,
  useAfter
} from '../../ui/pieces/states';
import { clearFilters } from '../view/filters';
import { LoadingNotice } from './loading';
import type { TableModel } from '../model';
import { OneByOneNotice } from './onebyone';

export interface IMessageProps {
  model: TableModel;
  trans: TranslationBundle;
  /** Return lines of Python that log a trial component to this table. */
  code: () => string;
  /** The name of the table's origin. */
  originText: string;
  onClose: () => void;
  /** Show the experiments browser; null where there is none. */
  onBack: (() => void) | null;
  /** Return the actions that may help after an error. */
  remedies: (error: SmxError, onRetry: () => void) => IAction[];
}

/** Covers the rows, below the headers. */
export class TableMessage extends ReactWidget {
  constructor(private readonly _props: IMessageProps) {
    super();
    this.addClass('smx-TableMessage');
  }

  protected render(): JSX.Element {
    const { model } = this._props;
    return (
      <UseSignal signal={model.changed}>
        {() => (
          <UseSignal signal={model.rows.changed}>{() => <Message {...this._props} />}</UseSignal>
        )}
      </UseSignal>
    );
  }
}

function Message(props: IMessageProps): JSX.Element | null {
  const { model, trans } = props;
  const problem = model.problem;
  if (model.state.is === 'gone') {
    const close = {
      label: trans.__('Close tab'),
      accept: true,
      onClick: props.onClose
    };
    const back = props.onBack && {
      label: trans.__('Back to the experiments'),
      onClick: props.onBack
    };
    return (
      <EmptyState
        message={trans.__('%1 was deleted', props.originText)}
        actions={back ? [close, back] : [close]}
        trans={trans}
      />
    );
  }
  if (problem) {
    const actions = props.remedies(problem, () => void model.refresh());
    return <ErrorState error={problem} actions={actions} trans={trans} />;
  }
  if (model.isWaiting) {
    return <Slow {...props} />;
  }
  // Part of a table may be empty while the rest is still being read.
  if (!model.isComplete || model.rows.passed > 0 || model.rows.total === null) {
    return null;
  }
  return model.rows.baseline ? (
    <div className="smx-TableMessage-belowBaseline">
      <Empty {...props} />
    </div>
  ) : (
    <Empty {...props} />
  );
}

function Slow({ model, trans, onClose }: IMessageProps): JSX.Element | null {
  const slow = useAfter(SLOW_MS);
  if (!slow || !model.isWaiting) {
    return null;
  }
  return (
    <div className="smx-TableMessage-slow" role="status">
      {trans.__('Still loading…')}
      <button
        className="jp-Button jp-mod-minimal"
        onClick={() => (model.state.is === 'ready' ? void model.stop() : onClose())}
      >
        {trans.__('Stop')}
      </button>
    </div>
  );
}

function Empty({ model, trans, code }: IMessageProps): JSX.Element {
  const hidden = model.rows.hiddenByType;
  const isFilteredOut = model.view.filters.length > 0 && (model.totalRows ?? 0) > 0;
  if (hidden > 0 || isFilteredOut) {
    const allTypes = {
      label: trans.__('Show all types'),
      accept: true,
      onClick: () => model.update(view => ({ ...view, types: null }))
    };
    const clear = {
      label: trans.__('Clear all'),
      accept: hidden === 0,
      onClick: () => model.update(clearFilters)
    };
    return (
      <EmptyState
        message={
          isFilteredOut
            ? trans.__('No trial component matches these filters')
            : trans.__('There are no trial components.')
        }
        hint={hidden > 0 ? trans.__('Hidden by the type filter: %1', hidden) : undefined}
        actions={[...(hidden > 0 ? [allTypes] : []), ...(isFilteredOut ? [clear] : [])]}
        trans={trans}
      />
    );
  }
  return (
    <EmptyState
      message={trans.__('There are no trial components.')}
      hint={trans.__('Log one with a few lines of Python:')}
      code={code()}
      trans={trans}
    />
  );
}

/** Shown above rows that could not be refreshed. */
export class TableNotice extends ReactWidget {
  constructor(
    private readonly _props: { model: TableModel; trans: TranslationBundle; locale: string }
  ) {
    super();
    this.addClass('smx-TableNotice');
  }

  protected render(): JSX.Element {
    const { model, trans, locale } = this._props;
    return (
      <UseSignal signal={model.changed}>
        {() => {
          const error = model.refreshError;
          if (model.problem) {
            return null;
          }
          return error ? (
            <StaleNotice
              error={error}
              nextTime={model.nextTime}
              updatedTime={model.updatedTime}
              locale={locale}
              onRetry={() => void model.refresh()}
              trans={trans}
            />
          ) : (
            <>
              <OneByOneNotice state={model.state} trans={trans} />
              <LoadingNotice model={model} trans={trans} />
            </>
          );
        }}
      </UseSignal>
    );
  }
}
