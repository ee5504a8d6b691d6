/** One typed method for each route of the REST API; it keeps no state. */
import { ServerConnection } from '@jupyterlab/services';

import { IAnswer, request, requestFile, requestIfChanged } from './request';
import type * as api from './types';

/** The client of the server extension. Every method rejects with an SmxError. */
export class SmxClient {
  constructor(private readonly _settings = ServerConnection.makeSettings()) {}

  listConnections(): Promise<api.IConnectionList> {
    return request(this._settings, 'GET /connections', {});
  }

  /** A connection with its account and the regions to choose from. The server asks AWS for them. */
  describeConnection(connectionId: string): Promise<api.IConnectionDetails> {
    return request(this._settings, 'GET /connections/{connection_id}', {
      path: { connection_id: connectionId }
    });
  }

  planCleanUp(connectionId: string, asked: api.ICleanUpRequest): Promise<api.ICleanUpPlan> {
    return request(this._settings, 'POST /{connection_id}/clean-ups/plan', {
      path: { connection_id: connectionId },
      body: asked
    });
  }

  createCleanUp(connectionId: string, asked: api.IStartCleanUpRequest): Promise<api.IOperation> {
    return request(this._settings, 'POST /{connection_id}/clean-ups', {
      path: { connection_id: connectionId },
      body: asked
    });
  }

  planCopy(connectionId: string, source: string, experimentName: string): Promise<api.ICopyPlan> {
    return request(this._settings, 'POST /{connection_id}/copies/plan', {
      path: { connection_id: connectionId },
      body: { source, experiment_name: experimentName }
    });
  }

  createCopy(
    connectionId: string,
    source: string,
    experimentName: string
  ): Promise<api.IOperation> {
    return request(this._settings, 'POST /{connection_id}/copies', {
      path: { connection_id: connectionId },
      body: { source, experiment_name: experimentName }
    });
  }

  testConnection(connectionId: string): Promise<api.IConnectionTest> {
    return request(this._settings, 'POST /connections/{connection_id}/test', {
      path: { connection_id: connectionId }
    });
  }

  describeExample(): Promise<api.IExample> {
    return request(this._settings, 'GET /example', {});
  }

  /** `data` is null if nothing has changed since the answer with this `etag`. */
  listExperiments(
    connectionId: string,
    query: api.IListQuery = {},
    etag?: string
  ): Promise<IAnswer<api.IExperimentPage>> {
    return requestIfChanged(this._settings, 'GET /{connection_id}/experiments', {
      path: { connection_id: connectionId },
      query,
      etag
    });
  }

  describeExperiment(connectionId: string, experimentName: string): Promise<api.IExperiment> {
    return request(this._settings, 'GET /{connection_id}/experiments/{experiment_name}', {
      path: { connection_id: connectionId, experiment_name: experimentName }
    });
  }

  describeTrial(connectionId: string, trialName: string): Promise<api.ITrial> {
    return request(this._settings, 'GET /{connection_id}/trials/{trial_name}', {
      path: { connection_id: connectionId, trial_name: trialName }
    });
  }

  listTrials(
    connectionId: string,
    experimentName: string,
    query: api.IListQuery = {},
    etag?: string
  ): Promise<IAnswer<api.ITrialPage>> {
    return requestIfChanged(
      this._settings,
      'GET /{connection_id}/experiments/{experiment_name}/trials',
      { path: { connection_id: connectionId, experiment_name: experimentName }, query, etag }
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
      'GET /{connection_id}/trials/{trial_name}/trial-components',
      { path: { connection_id: connectionId, trial_name: trialName }, query, etag }
    );
  }

  listUnassignedTrialComponents(
    connectionId: string,
    query: api.IListQuery = {},
    etag?: string
  ): Promise<IAnswer<api.ITrialComponentPage>> {
    return requestIfChanged(this._settings, 'GET /{connection_id}/trial-components/unassigned', {
      path: { connection_id: connectionId },
      query,
      etag
    });
  }

  /** The keys of tags that start with `prefix`; upper and lower case count. */
  listTagKeys(
    connectionId: string,
    level: 'experiments' | 'trials' | 'trial-components',
    prefix: string
  ): Promise<api.ITagKeyList> {
    return request(this._settings, 'GET /{connection_id}/tag-keys', {
      path: { connection_id: connectionId },
      query: { level, prefix }
    });
  }

  describeTrialComponent(connectionId: string, name: string): Promise<api.ITrialComponent> {
    return request(this._settings, 'GET /{connection_id}/trial-components/{trial_component_name}', {
      path: { connection_id: connectionId, trial_component_name: name }
    });
  }

  listAllTrials(connectionId: string, query: api.IListQuery = {}): Promise<api.ITrialPage> {
    return request(this._settings, 'GET /{connection_id}/trials', {
      path: { connection_id: connectionId },
      query
    });
  }

  listTags(connectionId: string, resourceArns: readonly string[]): Promise<api.ITagList> {
    return request(this._settings, 'GET /{connection_id}/tags', {
      path: { connection_id: connectionId },
      query: { resource_arn: [...resourceArns] }
    });
  }

  editTags(connectionId: string, changes: api.IEditTagsRequest): Promise<api.ITagList> {
    return request(this._settings, 'POST /{connection_id}/tags', {
      path: { connection_id: connectionId },
      body: changes
    });
  }

  editExperiment(
    connectionId: string,
    experimentName: string,
    changes: api.IEditExperimentRequest
  ): Promise<api.IExperiment> {
    return request(this._settings, 'POST /{connection_id}/experiments/{experiment_name}', {
      path: { connection_id: connectionId, experiment_name: experimentName },
      body: changes
    });
  }

  editTrial(
    connectionId: string,
    trialName: string,
    changes: api.IEditTrialRequest
  ): Promise<api.ITrial> {
    return request(this._settings, 'POST /{connection_id}/trials/{trial_name}', {
      path: { connection_id: connectionId, trial_name: trialName },
      body: changes
    });
  }

  /** Associate trial components with a trial. */
  associate(
    connectionId: string,
    trialName: string,
    trialComponentNames: readonly string[]
  ): Promise<api.IAssociation> {
    return request(this._settings, 'POST /{connection_id}/trials/{trial_name}/trial-components', {
      path: { connection_id: connectionId, trial_name: trialName },
      body: { trial_component_names: [...trialComponentNames] }
    });
  }

  /** Remove trial components from a trial. */
  disassociate(
    connectionId: string,
    trialName: string,
    trialComponentNames: readonly string[]
  ): Promise<unknown> {
    return request(this._settings, 'DELETE /{connection_id}/trials/{trial_name}/trial-components', {
      path: { connection_id: connectionId, trial_name: trialName },
      query: { trial_component_name: [...trialComponentNames] }
    });
  }

  stopTrainingJob(connectionId: string, trainingJobName: string): Promise<unknown> {
    return request(this._settings, 'POST /{connection_id}/training-jobs/{training_job_name}/stop', {
      path: { connection_id: connectionId, training_job_name: trainingJobName }
    });
  }

  openTable(connectionId: string, origin: api.IOpenTableRequest): Promise<api.ITableState> {
    return request(this._settings, 'POST /{connection_id}/tables', {
      path: { connection_id: connectionId },
      body: origin
    });
  }

  /** `data` is null if the table still has `version`. */
  describeTable(
    connectionId: string,
    tableId: string,
    version?: number
  ): Promise<IAnswer<api.ITableState>> {
    return requestIfChanged(this._settings, 'GET /{connection_id}/tables/{table_id}', {
      path: { connection_id: connectionId, table_id: tableId },
      query: { version }
    });
  }

  /** Stop reading a table. The rows read so far stay; opening the table again goes on reading. */
  stopTable(connectionId: string, tableId: string): Promise<api.ITableState> {
    return request(this._settings, 'POST /{connection_id}/tables/{table_id}/stop', {
      path: { connection_id: connectionId, table_id: tableId }
    });
  }

  listRows(
    connectionId: string,
    tableId: string,
    view: api.IView,
    offset: number,
    limit: number,
    signal?: AbortSignal
  ): Promise<api.IRowWindow> {
    return request(this._settings, 'POST /{connection_id}/tables/{table_id}/rows', {
      path: { connection_id: connectionId, table_id: tableId },
      body: { view, offset, limit },
      signal
    });
  }

  /**
   * The distinct values of a column, in the rows that pass the view's filters on all other columns.
   */
  listValues(
    connectionId: string,
    tableId: string,
    asked: api.IValuesRequest
  ): Promise<api.IColumnValues> {
    return request(this._settings, 'POST /{connection_id}/tables/{table_id}/values', {
      path: { connection_id: connectionId, table_id: tableId },
      body: asked
    });
  }

  /** Whether steps were logged for a metric, which is given by its column id. */
  checkSeries(connectionId: string, tableId: string, metric: string): Promise<api.ISeriesCheck> {
    return request(this._settings, 'GET /{connection_id}/tables/{table_id}/series', {
      path: { connection_id: connectionId, table_id: tableId },
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
    return request(this._settings, 'POST /{connection_id}/tables/{table_id}/points', {
      path: { connection_id: connectionId, table_id: tableId },
      body,
      signal
    });
  }

  /** The logged series of a metric, as far as they have changed since the last answer. */
  listSeries(
    connectionId: string,
    tableId: string,
    body: api.ISeriesRequest,
    signal?: AbortSignal
  ): Promise<api.ISeriesAnswer> {
    return request(this._settings, 'POST /{connection_id}/tables/{table_id}/series', {
      path: { connection_id: connectionId, table_id: tableId },
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
    return requestFile(this._settings, 'POST /{connection_id}/tables/{table_id}/export', {
      path: { connection_id: connectionId, table_id: tableId },
      body,
      signal
    });
  }

  /** The rows with these ids that the table has, whether or not they pass the filters. */
  listRowsById(
    connectionId: string,
    tableId: string,
    view: api.IView,
    ids: readonly string[]
  ): Promise<api.IRowWindow> {
    return request(this._settings, 'POST /{connection_id}/tables/{table_id}/rows', {
      path: { connection_id: connectionId, table_id: tableId },
      body: { view, ids: [...ids] }
    });
  }

  /** The columns in which the rows of a view differ. */
  listDifferences(
    connectionId: string,
    tableId: string,
    view: api.IView
  ): Promise<api.IDifferences> {
    return request(this._settings, 'POST /{connection_id}/tables/{table_id}/differences', {
      path: { connection_id: connectionId, table_id: tableId },
      body: { view }
    });
  }

  planDeployment(
    connectionId: string,
    deployment: api.IDeploymentRequest
  ): Promise<api.IDeploymentPlan> {
    return request(this._settings, 'POST /{connection_id}/deployments/plan', {
      path: { connection_id: connectionId },
      body: deployment
    });
  }

  createDeployment(
    connectionId: string,
    deployment: api.IDeploymentRequest
  ): Promise<api.IOperation> {
    return request(this._settings, 'POST /{connection_id}/deployments', {
      path: { connection_id: connectionId },
      body: deployment
    });
  }

  listEndpoints(
    connectionId: string,
    query: api.IEndpointsQuery = {},
    etag?: string
  ): Promise<IAnswer<api.IEndpointPage>> {
    return requestIfChanged(this._settings, 'GET /{connection_id}/endpoints', {
      path: { connection_id: connectionId },
      query,
      etag
    });
  }

  describeEndpoint(connectionId: string, endpointName: string): Promise<api.IEndpoint> {
    return request(this._settings, 'GET /{connection_id}/endpoints/{endpoint_name}', {
      path: { connection_id: connectionId, endpoint_name: endpointName }
    });
  }

  planEndpointDeletion(
    connectionId: string,
    endpointName: string
  ): Promise<api.IEndpointDeletionPlan> {
    return request(this._settings, 'GET /{connection_id}/endpoints/{endpoint_name}/deletion-plan', {
      path: { connection_id: connectionId, endpoint_name: endpointName }
    });
  }

  deleteEndpoint(
    connectionId: string,
    endpointName: string,
    also: { endpoint_config: boolean; models: boolean }
  ): Promise<api.IOperation> {
    return request(this._settings, 'DELETE /{connection_id}/endpoints/{endpoint_name}', {
      path: { connection_id: connectionId, endpoint_name: endpointName },
      query: also
    });
  }

  invokeEndpoint(
    connectionId: string,
    endpointName: string,
    invocation: api.IInvocationRequest,
    signal?: AbortSignal
  ): Promise<api.IInvocationResult> {
    return request(this._settings, 'POST /{connection_id}/endpoints/{endpoint_name}/invocations', {
      path: { connection_id: connectionId, endpoint_name: endpointName },
      body: invocation,
      signal
    });
  }

  describeOperation(operationId: string, etag?: string): Promise<IAnswer<api.IOperation>> {
    return requestIfChanged(this._settings, 'GET /operations/{operation_id}', {
      path: { operation_id: operationId },
      etag
    });
  }

  cancelOperation(operationId: string): Promise<api.IOperation> {
    return request(this._settings, 'DELETE /operations/{operation_id}', {
      path: { operation_id: operationId }
    });
  }

  retryOperation(operationId: string): Promise<api.IOperation> {
    return request(this._settings, 'POST /operations/{operation_id}/retry', {
      path: { operation_id: operationId }
    });
  }

  rollBackOperation(operationId: string): Promise<api.IOperation> {
    return request(this._settings, 'POST /operations/{operation_id}/roll-back', {
      path: { operation_id: operationId }
    });
  }
}
