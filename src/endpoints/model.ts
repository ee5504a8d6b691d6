/** The endpoints of the current connection, kept up to date for the panel and the status bar. */
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import type { SmxClient } from '../api/client';
import { SmxError } from '../api/errors';
import type { IEndpointPage, IEndpointSummary, IOperation } from '../api/types';
import type { IConnections, IOperations } from '../tokens';
import { LivePoll, pollIntervalMs } from '../ui/poll';

/** The state of the list. */
type State =
  | { is: 'loading' }
  | { is: 'ready'; endpoints: readonly IEndpointSummary[]; updatedTime: number }
  | { is: 'failed'; error: SmxError };

export type SortColumn = 'name' | 'status' | 'created' | 'modified';

/** Filter and order of the list, which are kept over a reload. */
export interface IEndpointsView {
  readonly name: string;
  /** Empty: any. */
  readonly status: string;
  readonly sortBy: SortColumn;
  readonly descending: boolean;
}

export const DEFAULT_VIEW: IEndpointsView = {
  name: '',
  status: '',
  sortBy: 'modified',
  descending: true
};

/** SageMaker API Reference, EndpointStatus. */
export const STATUSES = [
  'OutOfService',
  'Creating',
  'Updating',
  'SystemUpdating',
  'RollingBack',
  'InService',
  'Deleting',
  'Failed',
  'UpdateRollbackFailed'
] as const;

/** States in which an endpoint answers, and in which AWS charges for it. */
const RUNNING = new Set(['InService', 'Updating', 'SystemUpdating', 'RollingBack']);
/** States that will soon change. */
const IN_PROGRESS = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting']);

export const isRunning = (status: string): boolean => RUNNING.has(status);
export const isInProgress = (status: string): boolean => IN_PROGRESS.has(status);

/** At most so many pages are read. Our choice: the usual quota of endpoints is far below it. */
const MAX_PAGES = 20;
/** The list is polled this many times less often while neither the panel nor progress needs it. */
const IDLE_FACTOR = 6;

type EndpointsClient = Pick<SmxClient, 'listEndpoints'>;

/** The key of a row. */
export const keyOf = (endpoint: IEndpointSummary): string => endpoint.endpoint_name;

/** Uses the client and the current connection; does not depend on the screen. */
export class EndpointsModel implements IDisposable {
  constructor(options: {
    client: EndpointsClient;
    connections: IConnections;
    operations: IOperations;
  }) {
    this._client = options.client;
    this._connections = options.connections;
    this._poll = new LivePoll({
      poll: () => this._read(),
      interval: () => this._interval()
    });
    this._poll.changed.connect(() => this._changed.emit());
    this._connections.changed.connect(this._onConnections, this);
    options.operations.changed.connect(this._onOperation, this);
  }

  /** State, view, connection or the next try have changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): State {
    return this._state;
  }

  /** Why the endpoints shown are out of date; null if they are not. */
  get staleError(): SmxError | null {
    return this._staleError;
  }

  /** When the next try is due, in epoch milliseconds; null while one runs. */
  get nextTime(): number | null {
    return this._poll.nextTime;
  }

  get connectionId(): string | null {
    return this._connectionId;
  }

  get view(): IEndpointsView {
    return this._view;
  }

  set view(view: IEndpointsView) {
    this._view = view;
    this._changed.emit();
  }

  /** Endpoints that pass the view's filters, in its order. */
  get shown(): readonly IEndpointSummary[] {
    if (this._state.is !== 'ready') {
      return [];
    }
    const { endpoints } = this._state;
    // Kept while nothing has changed, so that a list can see that its rows are the same.
    if (this._shown?.endpoints !== endpoints || this._shown.view !== this._view) {
      this._shown = {
        endpoints,
        view: this._view,
        rows: arrange(endpoints, this._view)
      };
    }
    return this._shown.rows;
  }

  /** How many endpoints run; null while that is not known. */
  get runningCount(): number | null {
    return this._state.is === 'ready'
      ? this._state.endpoints.filter(({ endpoint_status }) => isRunning(endpoint_status)).length
      : null;
  }

  find(endpointName: string): IEndpointSummary | undefined {
    return this._state.is === 'ready'
      ? this._state.endpoints.find(({ endpoint_name }) => endpoint_name === endpointName)
      : undefined;
  }

  /** Start polling. The status bar needs it even while the panel is hidden. */
  start(): void {
    this._onConnections();
    this._poll.visible = true;
  }

  /** Whether the panel is on the screen and needs the newest state. */
  set panelVisible(visible: boolean) {
    this._panelVisible = visible;
    if (visible && this._poll.visible) {
      void this.refresh();
    }
  }

  refresh(): Promise<void> {
    return this._poll.refresh();
  }

  /** Stop waiting for the first answer. */
  giveUp(): void {
    if (this._state.is === 'loading') {
      this._turn++;
      this._set({
        is: 'failed',
        error: new SmxError('Stopped before the endpoints had come.', 'cancelled', 0)
      });
    }
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    this._poll.dispose();
    Signal.clearData(this);
  }

  private _interval(): number {
    const connection = this._connections.find(this._connectionId ?? '');
    const interval = pollIntervalMs(connection);
    const busy =
      this._state.is === 'ready' &&
      this._state.endpoints.some(({ endpoint_status }) => isInProgress(endpoint_status));
    return busy || this._panelVisible ? interval : interval * IDLE_FACTOR;
  }

  private async _read(): Promise<void> {
    const connectionId = this._connectionId;
    if (connectionId === null) {
      return;
    }
    const turn = ++this._turn;
    const answer = await this._readPages(connectionId).catch(SmxError.from);
    if (turn !== this._turn || this.isDisposed) {
      return;
    }
    if (answer instanceof SmxError) {
      if (this._state.is === 'ready') {
        this._staleError = answer; // the old rows stay
        this._changed.emit();
      } else {
        this._set({ is: 'failed', error: answer });
      }
      throw answer;
    }
    this._staleError = null;
    // Kept only with its rows: with the etag of another answer, a 304 would stand for other rows.
    this._pages = answer.pages;
    const endpoints =
      this._state.is === 'ready' && !answer.changed
        ? this._state.endpoints
        : answer.pages.flatMap(({ page }) => page.endpoints);
    this._set({ is: 'ready', endpoints, updatedTime: Date.now() });
  }

  /** Read every page that has changed since the last time. */
  private async _readPages(
    connectionId: string
  ): Promise<{ pages: readonly IKnownPage[]; changed: boolean }> {
    const before = this._pages;
    const pages: IKnownPage[] = [];
    let token: string | undefined;
    let changed = false;
    do {
      const known = before[pages.length]?.token === token ? before[pages.length] : undefined;
      const { data, etag } = await this._client.listEndpoints(
        connectionId,
        { max_results: 100, sort_by: 'CreationTime', next_token: token },
        known?.etag
      );
      const page = data ?? known!.page;
      changed ||= data !== null;
      pages.push({ token, etag, page });
      token = page.next_token ?? undefined;
    } while (token !== undefined && pages.length < MAX_PAGES);
    changed ||= before.length !== pages.length;
    return { pages, changed };
  }

  private _onConnections(): void {
    const connectionId = this._connections.current?.id ?? null;
    if (connectionId === this._connectionId) {
      const { error } = this._connections;
      if (connectionId === null && error) {
        this._set({ is: 'failed', error });
      }
      return;
    }
    this._connectionId = connectionId;
    this._pages = [];
    this._staleError = null;
    this._turn++;
    this._set({ is: 'loading' });
    if (this._poll.visible) {
      void this._poll.refresh();
    }
  }

  /** Read the list again when a step of a deployment or deletion has ended. */
  private _onOperation(_sender: IOperations, operation: IOperation): void {
    // A clean-up reports every second, mostly about other things.
    const isNews = operation.kind !== 'clean_up' || operation.state !== 'running';
    if (isNews && operation.connection_id === this._connectionId && this._poll.visible) {
      void this._poll.refresh();
    }
  }

  private _set(state: State): void {
    this._state = state;
    this._changed.emit();
  }

  private _state: State = { is: 'loading' };
  private _staleError: SmxError | null = null;
  private _connectionId: string | null = null;
  private _pages: readonly IKnownPage[] = [];
  private _panelVisible = false;
  private _shown: {
    endpoints: readonly IEndpointSummary[];
    view: IEndpointsView;
    rows: readonly IEndpointSummary[];
  } | null = null;
  private _turn = 0;
  private _view = DEFAULT_VIEW;
  private readonly _client: EndpointsClient;
  private readonly _connections: IConnections;
  private readonly _poll: LivePoll;
  private readonly _changed = new Signal<this, void>(this);
}

/** A page, with the token that it was asked for with. */
interface IKnownPage {
  token: string | undefined;
  etag: string | undefined;
  page: IEndpointPage;
}

/**
 * Return the endpoints that pass the view's filters, in its order. Equal ones are the same objects.
 */
export function arrange(
  endpoints: readonly IEndpointSummary[],
  view: IEndpointsView
): IEndpointSummary[] {
  const wanted = view.name.trim().toLowerCase();
  const key = (endpoint: IEndpointSummary): string | number => {
    switch (view.sortBy) {
      case 'name':
        return endpoint.endpoint_name.toLowerCase();
      case 'status':
        return endpoint.endpoint_status;
      case 'created':
        return Date.parse(endpoint.creation_time);
      case 'modified':
        return Date.parse(endpoint.last_modified_time);
    }
  };
  const sign = view.descending ? -1 : 1;
  return endpoints
    .filter(
      ({ endpoint_name, endpoint_status }) =>
        endpoint_name.toLowerCase().includes(wanted) &&
        (!view.status || endpoint_status === view.status)
    )
    .map(endpoint => ({ endpoint, key: key(endpoint) }))
    .sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : 0))
    .map(({ endpoint }) => endpoint);
}
