/** The contents of the endpoints panel: toolbar, filters, list, deletions. */
import { UseSignal } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ellipsesIcon, HTMLSelect, refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { SmxError } from '../api/errors';
import type { IEndpointSummary } from '../api/types';
import { CommandIDs } from '../commands';
import { ConnectionChip } from '../ui/pieces/chip';
import { IconButton } from '../ui/pieces/iconbutton';
import { List } from '../ui/list/list';
import { ListSelection } from '../ui/list/selection';
import type { IListColumn } from '../ui/list/options';
import { Name } from '../ui/pieces/names';
import { remedies } from '../ui/pieces/remedies';
import { SearchBox } from '../ui/forms/searchbox';
import {
  EmptyState,
  ErrorState,
  LiveRegion,
  LoadingRows,
  StaleNotice,
  useNow
} from '../ui/pieces/states';
import { absoluteTime, epochMs, relativeTime } from '../ui/words/time';
import { keyOf, SortColumn, STATUSES } from './model';
import type { IPanelOptions } from './options';
import { DeletionProgress } from './deletion/progress';
import { EndpointStatus, runningTime } from './status';

import '../../style/deploy.css';
import '../../style/endpoints.css';

/** Relative times are drawn again this often, in milliseconds. */
const CLOCK_MS = 10_000;

type Props = IPanelOptions & { selection: ListSelection };

/** Draws everything again when model, deletions or connections change. */
export function EndpointsBrowser(props: Props): JSX.Element {
  const { model, deletions, connections } = props;
  return (
    <UseSignal signal={model.changed}>
      {() => (
        <UseSignal signal={deletions.changed}>
          {() => <UseSignal signal={connections.changed}>{() => <Parts {...props} />}</UseSignal>}
        </UseSignal>
      )}
    </UseSignal>
  );
}

function Parts(props: Props): JSX.Element {
  const { model, deletions, trans, locale } = props;
  return (
    <div className="smx-EndpointsPanel-root">
      <Toolbar {...props} />
      <Filters {...props} />
      <h2 className="smx-EndpointsPanel-heading">{trans.__('ENDPOINTS')}</h2>
      <Body {...props} />
      {deletions.of(model.connectionId).map(operation => (
        <DeletionProgress
          key={operation.id}
          operation={operation}
          deletions={deletions}
          trans={trans}
          locale={locale}
        />
      ))}
    </div>
  );
}

function Toolbar({ connections, commands, trans }: Props): JSX.Element {
  return (
    <div className="smx-Toolbar" role="toolbar" aria-label={trans.__('Endpoints')}>
      <IconButton
        icon={refreshIcon}
        label={trans.__('Refresh')}
        onClick={() => void commands.execute(CommandIDs.refreshEndpoints)}
      />
      <ConnectionChip connections={connections} commands={commands} trans={trans} />
      <IconButton
        icon={ellipsesIcon}
        label={trans.__('Actions on the selected endpoint')}
        hasMenu
        onClick={() => void commands.execute(CommandIDs.openEndpointMenu)}
      />
    </div>
  );
}

function Filters({ model, trans }: Props): JSX.Element {
  const { view } = model;
  return (
    <div className="smx-EndpointsPanel-filters" role="search">
      <SearchBox
        label={trans.__('Filter by name')}
        value={view.name}
        onChange={name => (model.view = { ...model.view, name })}
        onKeyDown={event => {
          if (event.key === 'Escape' || event.key === 'ArrowDown') {
            event.preventDefault();
            const root = event.currentTarget.closest('.smx-EndpointsPanel-root');
            root?.querySelector<HTMLElement>('[data-smx-stop]')?.focus();
          }
        }}
      />
      <HTMLSelect
        aria-label={trans.__('Endpoint status')}
        title={trans.__('Endpoint status')}
        value={view.status}
        onChange={event => (model.view = { ...model.view, status: event.target.value })}
      >
        <option value="">{trans.__('Any status')}</option>
        {STATUSES.map(status => (
          <option key={status}>{status}</option>
        ))}
      </HTMLSelect>
    </div>
  );
}

function Body(props: Props): JSX.Element {
  const { model, connections, trans } = props;
  const { state } = model;
  if (state.is === 'loading' && !(connections.current === null && connections.error)) {
    return (
      <>
        <EndpointList {...props} busy />
        <LoadingRows onStop={() => model.giveUp()} trans={trans} />
      </>
    );
  }
  const error = state.is === 'failed' ? state.error : connections.error;
  if (state.is !== 'ready' && error) {
    return <Failed {...props} error={error} />;
  }
  const isEmpty = state.is === 'ready' && state.endpoints.length === 0;
  return (
    <>
      {model.staleError && (
        <StaleNotice
          error={model.staleError}
          nextTime={model.nextTime}
          onRetry={() => void model.refresh()}
          trans={trans}
        />
      )}
      {isEmpty ? (
        <EmptyState
          message={trans.__('There are no endpoints.')}
          hint={trans.__(
            'Choose Deploy model in the menu of a completed training job to create one.'
          )}
          trans={trans}
        />
      ) : (
        <EndpointList {...props} />
      )}
    </>
  );
}

/** The first load failed. Without credentials for AWS, one click leads to the local service. */
function Failed(props: Props & { error: SmxError }): JSX.Element {
  const { model, connections, commands, error, trans } = props;
  const again = (): void => void (connections.current ? model.refresh() : connections.refresh());
  if (error.code === 'cancelled') {
    return (
      <EmptyState
        message={trans.__('Loading was stopped.')}
        actions={[{ label: trans.__('Load again'), accept: true, onClick: again }]}
        trans={trans}
      />
    );
  }
  const actions = remedies({
    error,
    connectionId: connections.current?.id ?? null,
    commands,
    trans,
    onRetry: again
  });
  return <ErrorState error={error} actions={actions} trans={trans} />;
}

function EndpointList(props: Props & { busy?: boolean }): JSX.Element {
  const { model, commands, selection, trans, locale, busy } = props;
  const now = useNow(CLOCK_MS);
  const columns = React.useMemo(() => columnsAt(now, trans, locale), [now, trans, locale]);
  const { view, shown, state } = model;
  const total = state.is === 'ready' ? state.endpoints.length : 0;
  const filtered = view.name.trim() !== '' || view.status !== '';
  const count = filtered
    ? trans._n('%2 of %1 endpoint', '%2 of %1 endpoints', total, shown.length)
    : trans._n('%1 endpoint', '%1 endpoints', total);
  const connectionId = model.connectionId;
  return (
    <>
      {!busy && (
        <>
          <p className="smx-EndpointsPanel-count">{count}</p>
          <LiveRegion text={count} />
        </>
      )}
      <List
        listId={connectionId ?? ''}
        label={trans.__('Endpoints')}
        rows={shown}
        keyOf={keyOf}
        columns={columns}
        selection={selection}
        trans={trans}
        locale={locale}
        busy={busy}
        sort={{
          columnId: view.sortBy,
          order: view.descending ? 'Descending' : 'Ascending'
        }}
        onSort={columnId => (model.view = { ...view, ...nextSort(columnId as SortColumn, view) })}
        onOpen={({ endpoint_name }) =>
          void commands.execute(CommandIDs.openEndpoint, {
            connectionId,
            endpointName: endpoint_name
          })
        }
        rowAttributes={({ endpoint_name }) => ({
          className: 'smx-EndpointsPanel-row',
          'data-endpoint': endpoint_name
        })}
        end={
          filtered && shown.length === 0 ? (
            <EmptyState
              message={trans.__('No endpoint matches these filters.')}
              actions={[
                {
                  label: trans.__('Clear all'),
                  onClick: () => (model.view = { ...view, name: '', status: '' })
                }
              ]}
              trans={trans}
            />
          ) : undefined
        }
      />
    </>
  );
}

/** Times are sorted newest first, text from A. A second click on a column reverses the order. */
function nextSort(
  sortBy: SortColumn,
  before: { sortBy: SortColumn; descending: boolean }
): { sortBy: SortColumn; descending: boolean } {
  const isTime = sortBy === 'created' || sortBy === 'modified';
  return {
    sortBy,
    descending: sortBy === before.sortBy ? !before.descending : isTime
  };
}

function columnsAt(
  now: number,
  trans: TranslationBundle,
  locale: string
): IListColumn<IEndpointSummary>[] {
  const time = (
    id: SortColumn,
    label: string,
    instant: (endpoint: IEndpointSummary) => string
  ): IListColumn<IEndpointSummary> => ({
    id,
    label,
    width: 110,
    sortable: true,
    text: endpoint => relativeTime(epochMs(instant(endpoint)), now, locale),
    tooltip: endpoint => absoluteTime(epochMs(instant(endpoint)), locale)
  });
  return [
    {
      id: 'name',
      label: trans.__('Name'),
      // Wide enough to show the status in a sidebar of JupyterLab's default width.
      minWidth: 100,
      sortable: true,
      text: ({ endpoint_name }) => endpoint_name,
      draw: ({ endpoint_name }) => <Name name={endpoint_name} />
    },
    {
      id: 'status',
      label: trans.__('Endpoint status'),
      width: 136,
      sortable: true,
      text: endpoint => {
        const time = runningTime(endpoint, now, locale);
        const status = endpoint.endpoint_status;
        return time ? trans.__('%1, has run for %2', status, time) : status;
      },
      tooltip: endpoint => {
        const time = runningTime(endpoint, now, locale);
        return time ? trans.__('Has run for %1', time) : endpoint.endpoint_status;
      },
      draw: endpoint => (
        <>
          <EndpointStatus status={endpoint.endpoint_status} />
          <span className="smx-EndpointsPanel-age">
            {runningTime(endpoint, now, locale, 'narrow')}
          </span>
        </>
      )
    },
    time('created', trans.__('Created on'), ({ creation_time }) => creation_time),
    time('modified', trans.__('Last modified'), ({ last_modified_time }) => last_modified_time)
  ];
}
