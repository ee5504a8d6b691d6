/** The texts below the rows of the browser, or in place of them. */
import * as React from 'react';

import type { SmxError } from '../../api/errors';
import { remedies } from '../../ui/pieces/remedies';
import { EmptyState, ErrorState, LoadingRows } from '../../ui/pieces/states';
import { creatingCode } from '../code';
import type { IPanelContext } from '../options';

export function ListEnd(context: IPanelContext): JSX.Element {
  const { model, trans } = context;
  const { state } = model;
  switch (state.is) {
    case 'loading':
      return <LoadingRows key={model.listId} onStop={() => model.stop()} trans={trans} />;
    case 'stopped':
      return (
        <EmptyState
          message={trans.__('Loading was stopped.')}
          actions={[
            { label: trans.__('Load again'), accept: true, onClick: () => void model.refresh() }
          ]}
          trans={trans}
        />
      );
    case 'failed':
      return <Failed {...context} error={state.error} />;
    case 'gone':
      return <Gone {...context} error={state.error} />;
    case 'ready':
      if (state.rows.length === 0) {
        return <Empty {...context} />;
      }
      return (
        <div className="smx-ExperimentsPanel-end">
          {state.complete ? trans.__('End of the list') : trans.__('Loading…')}
        </div>
      );
  }
}

function Empty({ model, connections, trans }: IPanelContext): JSX.Element {
  const { level, place, filter } = model;
  if (model.filters.length) {
    const message = {
      experiments: trans.__('No experiment matches these filters'),
      trials: trans.__('No trial matches these filters'),
      components: trans.__('No trial component matches these filters')
    }[level];
    const clear = {
      label: trans.__('Clear all'),
      accept: true,
      onClick: () => model.setFilters([])
    };
    return <EmptyState message={message} actions={[clear]} trans={trans} />;
  }
  if (filter) {
    const message = {
      experiments: trans.__('No experiment matches “%1”.', filter),
      trials: trans.__('No trial matches “%1”.', filter),
      components: trans.__('No trial component matches “%1”.', filter)
    }[level];
    return <EmptyState message={message} trans={trans} />;
  }
  const message = {
    experiments: trans.__('There are no experiments.'),
    trials: trans.__('There are no trials.'),
    components: trans.__('There are no trial components.')
  }[level];
  const hint = {
    experiments: trans.__('This makes one in a notebook:'),
    trials: trans.__('This makes one in a notebook:'),
    components: trans.__('This logs one in a notebook:')
  }[level];
  const what = { experiments: 'experiment', trials: 'trial', components: 'component' } as const;
  const { current } = connections;
  return (
    <EmptyState
      message={message}
      hint={current ? hint : undefined}
      code={
        current
          ? creatingCode(what[level], current, place.experimentName, place.trialName)
          : undefined
      }
      trans={trans}
    />
  );
}

/** The first load failed. Without credentials for AWS, one click leads to the local service. */
function Failed(context: IPanelContext & { error: SmxError }): JSX.Element {
  const { model, connections, commands, error, trans } = context;
  const actions = remedies({
    error,
    connectionId: connections.current?.id ?? null,
    commands,
    trans,
    onRetry: () => void model.refresh()
  });
  return <ErrorState error={error} actions={actions} trans={trans} />;
}

function Gone({ model, error, trans }: IPanelContext & { error: SmxError }): JSX.Element {
  const { place, level } = model;
  const message =
    level === 'trials'
      ? trans.__('The experiment “%1” was deleted.', place.experimentName)
      : trans.__('The trial “%1” was deleted.', place.trialName ?? '');
  return (
    <div role="alert">
      <EmptyState
        message={message}
        hint={error.message}
        actions={[
          {
            label: level === 'trials' ? trans.__('Home') : trans.__('Back to the experiment'),
            accept: true,
            onClick: () => model.goUp()
          }
        ]}
        trans={trans}
      />
    </div>
  );
}
