/** One typed method for each route; knows paths, and nothing of state or screen. */
import { ServerConnection } from '@jupyterlab/services';

import { IAnswer, request, requestFile, requestIfChanged } from './request';
import type * as api from './types';

/** Asks the server extension. Every method rejects with an SmxError. */
export class SmxClient {
  constructor(private readonly _settings = ServerConnection.makeSettings()) {}

  listConnections(): Promise<api.IConnectionList> {
    return request(this._settings, ['connections']);
  }

  /** With its account and the regions to choose from; asks AWS. */
  describeConnection(connectionId: string): Promise<api.IConnectionDetails> {
    return request(this._settings, ['connections', connectionId]);
  }

  planCleanUp(connectionId: string, asked: api.ICleanUpRequest): Promise<api.ICleanUpPlan> {
    return request(this._settings, [connectionId, 'clean-ups', 'plan'], {
      method: 'POST',
      body: asked
    });
  }

  createCleanUp(connectionId: string, asked: api.IStartCleanUpRequest): Promise<api.IOperation> {
    return request(this._settings, [connectionId, 'clean-ups'], { method: 'POST', body: asked });
  }

  planCopy(connectionId: string, source: string, experimentName: string): Promise<api.ICopyPlan> {
    return request(this._settings, [connectionId, 'copies', 'plan'], {
      method: 'POST',
      body: { source, experiment_name: experimentName }
    });
  }

  createCopy(
    connectionId: string,
    source: string,
    experimentName: string
  ): Promise<api.IOperation> {
    return request(this._settings, [connectionId, 'copies'], {
      method: 'POST',
      body: { source, experiment_name: experimentName }
    });
  }

  testConnection(connectionId: string): Promise<api.IConnectionTest> {
    return request(this._settings, ['connections', connectionId, 'test'], { method: 'POST' });
  }

  describeExample(): Promise<api.IExample> {
    return request(this._settings, ['example']);
  }

  /** Null data: nothing has changed since the answer that `etag` came with. */
  listExperiments(
    connectionId: string,
    query: api.IListQuery = {},
    etag?: string
  ): Promise<IAnswer<api.IExperimentPage>> {
    return requestIfChanged(this._settings, [connectionId, 'experiments'], {
      query: { ...query },
      etag
    });
  }

  describeExperiment(connectionId: string, experimentName: string): Promise<api.IExperiment> {
    return request(this._settings, [connectionId, 'experiments', experimentName]);
  }

  describeTrial(connectionId: string, trialName: string): Promise<api.ITrial> {
    return request(this._settings, [connectionId, 'trials', trialName]);
  }

  listTrials(
    connectionId: string,
    experimentName: string,
    query: api.IListQuery = {},
    etag?: string
  ): Promise<IAnswer<api.ITrialPage>> {
    return requestIfChanged(
      this._settings,
      [connectionId, 'experiments', experimentName, 'trials'],
      {
        query: { ...query },
        etag
      }
    );
  }

  listTrialComponents(
    connectionId: string,
    trialName: string,
    query: api.IListQuery = {},
    etag?: string
  ): Promise<IAnswer<api.ITrialComponentPage>> {
    return requestIfChanged(
      this._settings,
      [connectionId, 'trials', trialName, 'trial-components'],
      {
        query: { ...query },
        etag
      }
    );
  }

  listUnassignedTrialComponents(
    connectionId: string,
    query: api.IListQuery = {},
    etag?: string
  ): Promise<IAnswer<api.ITrialComponentPage>> {
    return requestIfChanged(this._settings, [connectionId, 'trial-components', 'unassigned'], {
      query: { ...query },
      etag
    });
  }

  /** The keys of tags that start with a text, in its very case. */
  listTagKeys(
    connectionId: string,
    level: 'experiments' | 'trials' | 'trial-components',
    prefix: string
  ): Promise<api.ITagKeyList> {
    return request(this._settings, [connectionId, 'tag-keys'], { query: { level, prefix } });
  }

  describeTrialComponent(connectionId: string, name: string): Promise<api.ITrialComponent> {
    return request(this._settings, [connectionId, 'trial-components', name]);
  }

  listAllTrials(connectionId: string, query: api.IListQuery = {}): Promise<api.ITrialPage> {
    return request(this._settings, [connectionId, 'trials'], { query: { ...query } });
  }

  listTags(connectionId: string, resourceArns: readonly string[]): Promise<api.ITagList> {
    return request(this._settings, [connectionId, 'tags'], {
      query: { resource_arn: resourceArns }
    });
  }

  editTags(connectionId: string, changes: api.IEditTagsRequest): Promise<api.ITagList> {
    return request(this._settings, [connectionId, 'tags'], { method: 'POST', body: changes });
  }

  editExperiment(
    connectionId: string,
    experimentName: string,
    changes: api.IEditExperimentRequest
  ): Promise<api.IExperiment> {
    return request(this._settings, [connectionId, 'experiments', experimentName], {
      method: 'POST',
      body: changes
    });
  }

  editTrial(
    connectionId: string,
    trialName: string,
    changes: api.IEditTrialRequest
  ): Promise<api.ITrial> {
    return request(this._settings, [connectionId, 'trials', trialName], {
      method: 'POST',
      body: changes
    });
  }

  /** Put trial components into a trial. */
  associate(
    connectionId: string,
    trialName: string,
    trialComponentNames: readonly string[]
  ): Promise<api.IAssociation> {
    return request(this._settings, [connectionId, 'trials', trialName, 'trial-components'], {
      method: 'POST',
      body: { trial_component_names: trialComponentNames }
    });
  }

  /** Take trial components out of a trial. */
  disassociate(
    connectionId: string,
    trialName: string,
    trialComponentNames: readonly string[]
  ): Promise<unknown> {
    return request(this._settings, [connectionId, 'trials', trialName, 'trial-components'], {
      method: 'DELETE',
      query: { trial_component_name: trialComponentNames }
    });
  }

  stopTrainingJob(connectionId: string, trainingJobName: string): Promise<unknown> {
    return request(this._settings, [connectionId, 'training-jobs', trainingJobName, 'stop'], {
      method: 'POST'
    });
  }

  openTable(connectionId: string, origin: api.IOpenTableRequest): Promise<api.ITableState> {
    return request(this._settings, [connectionId, 'tables'], { method: 'POST', body: origin });
  }

  /** Null data: the table still has `version`. */
  describeTable(
    connectionId: string,
    tableId: string,
    version?: number
  ): Promise<IAnswer<api.ITableState>> {
    return requestIfChanged(this._settings, [connectionId, 'tables', tableId], {
      query: { version }
    });
  }

  /** End the reading of a table: the rows read so far stay. Opening it again reads on. */
  stopTable(connectionId: string, tableId: string): Promise<api.ITableState> {
    return request(this._settings, [connectionId, 'tables', tableId, 'stop'], { method: 'POST' });
  }

  listRows(
    connectionId: string,
    tableId: string,
    view: api.IView,
    offset: number,
    limit: number,
    signal?: AbortSignal
  ): Promise<api.IRowWindow> {
    return request(this._settings, [connectionId, 'tables', tableId, 'rows'], {
      method: 'POST',
      body: { view, offset, limit },
      signal
    });
  }

  /** The distinct values of a column, in the rows that pass the view's filters on all others. */
  listValues(
    connectionId: string,
    tableId: string,
    asked: api.IValuesRequest
  ): Promise<api.IColumnValues> {
    return request(this._settings, [connectionId, 'tables', tableId, 'values'], {
      method: 'POST',
      body: asked
    });
  }

  /** Whether steps were logged for a metric, named by its column id. */
  checkSeries(connectionId: string, tableId: string, metric: string): Promise<api.ISeriesCheck> {
    return request(this._settings, [connectionId, 'tables', tableId, 'series'], {
      query: { metric }
    });
  }

  /** The values that a chart draws, one for each row. */
  listPoints(
    connectionId: string,
    tableId: string,
    body: api.IPointsRequest,
    signal?: AbortSignal
  ): Promise<api.IChartPoints> {
    return request(this._settings, [connectionId, 'tables', tableId, 'points'], {
      method: 'POST',
      body,
      signal
    });
  }

  /** The logged series of a metric, as far as they have changed. */
  listSeries(
    connectionId: string,
    tableId: string,
    body: api.ISeriesRequest,
    signal?: AbortSignal
  ): Promise<api.ISeriesAnswer> {
    return request(this._settings, [connectionId, 'tables', tableId, 'series'], {
      method: 'POST',
      body,
      signal
    });
  }

  exportTable(
    connectionId: string,
    tableId: string,
    body: api.IExportRequest,
    signal?: AbortSignal
  ): Promise<Blob> {
    return requestFile(this._settings, [connectionId, 'tables', tableId, 'export'], {
      method: 'POST',
      body,
      signal
    });
  }

  /** The rows of these ids, as far as the table has them, whether or not they pass filters. */
  listRowsById(
    connectionId: string,
    tableId: string,
    view: api.IView,
    ids: readonly string[]
  ): Promise<api.IRowWindow> {
    return request(this._settings, [connectionId, 'tables', tableId, 'rows'], {
      method: 'POST',
      body: { view, ids: [...ids] }
    });
  }

  /** The columns in which the rows of a view differ. */
  listDifferences(
    connectionId: string,
    tableId: string,
    view: api.IView
  ): Promise<api.IDifferences> {
    return request(this._settings, [connectionId, 'tables', tableId, 'differences'], {
      method: 'POST',
      body: { view }
    });
  }

  planDeployment(
    connectionId: string,
    deployment: api.IDeploymentRequest
  ): Promise<api.IDeploymentPlan> {
    return request(this._settings, [connectionId, 'deployments', 'plan'], {
      method: 'POST',
      body: deployment
    });
  }

  createDeployment(
    connectionId: string,
    deployment: api.IDeploymentRequest
  ): Promise<api.IOperation> {
    return request(this._settings, [connectionId, 'deployments'], {
      method: 'POST',
      body: deployment
    });
  }

  listEndpoints(
    connectionId: string,
    query: api.IListQuery & { status?: string } = {},
    etag?: string
  ): Promise<IAnswer<api.IEndpointPage>> {
    return requestIfChanged(this._settings, [connectionId, 'endpoints'], {
      query: { ...query },
      etag
    });
  }

  describeEndpoint(connectionId: string, endpointName: string): Promise<api.IEndpoint> {
    return request(this._settings, [connectionId, 'endpoints', endpointName]);
  }

  planEndpointDeletion(
    connectionId: string,
    endpointName: string
  ): Promise<api.IEndpointDeletionPlan> {
    return request(this._settings, [connectionId, 'endpoints', endpointName, 'deletion-plan']);
  }

  deleteEndpoint(
    connectionId: string,
    endpointName: string,
    also: { endpoint_config: boolean; models: boolean }
  ): Promise<api.IOperation> {
    return request(this._settings, [connectionId, 'endpoints', endpointName], {
      method: 'DELETE',
      query: also
    });
  }

  invokeEndpoint(
    connectionId: string,
    endpointName: string,
    invocation: api.IInvocationRequest,
    signal?: AbortSignal
  ): Promise<api.IInvocationResult> {
    return request(this._settings, [connectionId, 'endpoints', endpointName, 'invocations'], {
      method: 'POST',
      body: invocation,
      signal
    });
  }

  listOperations(): Promise<{ operations: api.IOperation[] }> {
    return request(this._settings, ['operations']);
  }

  describeOperation(operationId: string, etag?: string): Promise<IAnswer<api.IOperation>> {
    return requestIfChanged(this._settings, ['operations', operationId], { etag });
  }

  cancelOperation(operationId: string): Promise<api.IOperation> {
    return request(this._settings, ['operations', operationId], { method: 'DELETE' });
  }

  retryOperation(operationId: string): Promise<api.IOperation> {
    return request(this._settings, ['operations', operationId, 'retry'], { method: 'POST' });
  }

  rollBackOperation(operationId: string): Promise<api.IOperation> {
    return request(this._settings, ['operations', operationId, 'roll-back'], { method: 'POST' });
  }
}
