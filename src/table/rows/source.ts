/** The source of the rows of a table, and the requests to it. */
import type { SmxClient } from '../../api/client';
import { SmxError } from '../../api/errors';
import type { IAnswer } from '../../api/request';
import type {
  IChartPoints,
  IColumnValues,
  IDifferences,
  IExportRequest,
  IOpenTableRequest,
  IPointsRequest,
  IRowWindow,
  ISeriesAnswer,
  ISeriesRequest,
  ITableState,
  IValuesRequest,
  IView
} from '../../api/types';
import { serverId } from '../view/choices';
import { viewColumn } from '../view/view';
import type { IRowRequest } from './rowcache';

/**
 * The source of rows: all that a table asks for.
 *
 * #### Notes
 * In JupyterLab it is the client of the REST API. Another source, such as a kernel, has to offer the
 * same methods, reject with an SmxError of code `not_found` for what does not exist, and give each
 * change of the rows a higher `version`.
 */
export type TableClient = Pick<
  SmxClient,
  // The table: opening it again finds it, and goes on reading it.
  | 'openTable'
  | 'describeTable'
  | 'stopTable'
  // Its rows, for a view: a window, columns that differ, values for a filter, a file.
  | 'listRows'
  | 'listDifferences'
  | 'listValues'
  | 'exportTable'
  // Its charts, and whether the steps of a metric were logged.
  | 'listPoints'
  | 'listSeries'
  | 'checkSeries'
  // Whether the experiments and trials that it was opened on still exist.
  | 'describeExperiment'
  | 'describeTrial'
>;

export interface ISourceOptions {
  client: TableClient;
  connectionId: string;
  origin: IOpenTableRequest;
}

/** Sends the requests of one table to the source of rows; it keeps no answers. */
export class TableSource {
  constructor(
    { client, connectionId, origin }: ISourceOptions,
    /** Returns the id of the table while it is open, else null. */
    private readonly _openId: () => string | null
  ) {
    this._client = client;
    this.connectionId = connectionId;
    this.origin = origin;
  }

  readonly connectionId: string;
  readonly origin: IOpenTableRequest;

  /** The next `describe` opens the table again, which also retries at once what has failed. */
  reopen(): void {
    this._isReopening = true;
  }

  /** Return the state of the table; null data if it is still the known one. */
  async describe(known: ITableState | null): Promise<IAnswer<ITableState>> {
    const isReopening = this._isReopening;
    this._isReopening = false;
    if (known && !isReopening) {
      try {
        const { table_id, version } = known;
        return await this._client.describeTable(this.connectionId, table_id, version);
      } catch (reason) {
        // The server was restarted and needs the origin again.
        if (SmxError.from(reason).code !== 'not_found') {
          throw reason;
        }
      }
    }
    return {
      data: await this._client.openTable(this.connectionId, this.origin),
      etag: undefined
    };
  }

  /** Stop the server from reading. */
  stop(): Promise<ITableState> {
    return this._client.stopTable(this.connectionId, this._id);
  }

  /** Whether a table is empty because its origin was deleted. */
  async isGone(table: ITableState): Promise<boolean> {
    const { experiments = [], trials = [], unassigned } = this.origin;
    if (unassigned || !table.complete || table.total > 0) {
      return false;
    }
    const asked = [
      ...experiments.map(name => this._client.describeExperiment(this.connectionId, name)),
      ...trials.map(name => this._client.describeTrial(this.connectionId, name))
    ];
    const answers = await Promise.allSettled(asked);
    return answers.every(
      answer => answer.status === 'rejected' && SmxError.from(answer.reason).code === 'not_found'
    );
  }

  async listRows(request: IRowRequest, signal: AbortSignal): Promise<IRowWindow> {
    const { query, columns, offset, limit } = request;
    const view = { ...query, columns: columns.map(viewColumn) };
    return this._client.listRows(this.connectionId, this._id, view, offset, limit, signal);
  }

  async listDifferences(view: IView): Promise<IDifferences> {
    return this._client.listDifferences(this.connectionId, this._id, view);
  }

  async listValues(request: IValuesRequest): Promise<IColumnValues> {
    return this._client.listValues(this.connectionId, this._id, request);
  }

  /** Whether steps were logged for a metric, as far as the server can tell without much work. */
  async checkSeries(columnId: string): Promise<boolean> {
    const { logged } = await this._client.checkSeries(
      this.connectionId,
      this._id,
      serverId(columnId)
    );
    return logged;
  }

  async listPoints(body: IPointsRequest, signal: AbortSignal): Promise<IChartPoints> {
    return this._client.listPoints(this.connectionId, this._id, body, signal);
  }

  async listSeries(body: ISeriesRequest, signal: AbortSignal): Promise<ISeriesAnswer> {
    return this._client.listSeries(this.connectionId, this._id, body, signal);
  }

  async export(body: IExportRequest, signal: AbortSignal): Promise<Blob> {
    // Opening returns the open table, or a new one after a restart of the server.
    const { table_id } = await this._client.openTable(this.connectionId, this.origin);
    return this._client.exportTable(this.connectionId, table_id, body, signal);
  }

  private get _id(): string {
    const id = this._openId();
    if (id === null) {
      throw new SmxError('The table is not open.', 'not_found', 0);
    }
    return id;
  }

  private readonly _client: TableClient;
  private _isReopening = false;
}
