/**
 * The bodies of the REST API under the names that the front end uses. Their shapes are generated.
 */
import type { components, operations } from './contract';

type Schemas = components['schemas'];
type Query<Name extends keyof operations> = NonNullable<operations[Name]['parameters']['query']>;

export type IConnection = Schemas['Connection'];
export type IConnectionList = Schemas['ConnectionList'];
export type IConnectionDetails = Schemas['ConnectionDetails'];
export type IPermissionCheck = Schemas['PermissionCheck'];
export type ICleanUpPlan = Schemas['CleanUpPlan'];
export type ICleanUpRequest = Schemas['CleanUpRequest'];
export type IStartCleanUpRequest = Schemas['StartCleanUpRequest'];
export type ICopyPlan = Schemas['CopyPlan'];
export type IConnectionTest = Schemas['ConnectionTest'];
export type IExperiment = Schemas['Experiment'];
export type IExperimentPage = Schemas['ExperimentPage'];
export type IUnassignedSummary = Schemas['UnassignedSummary'];
export type ITrial = Schemas['Trial'];
export type ITrialPage = Schemas['TrialPage'];
export type ITrialComponentSummary = Schemas['TrialComponentSummary'];
export type ITrialComponentPage = Schemas['TrialComponentPage'];
export type IMetricSummary = Schemas['MetricSummary'];
export type ITrialComponent = Schemas['TrialComponent'];
export type ITagKeyList = Schemas['TagKeyList'];
export type IOpenTableRequest = Schemas['OpenTableRequest'];
export type ITableState = Schemas['TableState'];
export type IColumn = Schemas['Column'];
export type IView = Schemas['View'];
export type IViewColumn = Schemas['ViewColumn'];
export type IBestStep = Schemas['BestStep'];
export type ISortKey = Schemas['SortKey'];
export type IFilter = Schemas['Filter'];
export type IValuesRequest = Schemas['ValuesRequest'];
export type IColumnValues = Schemas['ColumnValues'];
export type ISeriesCheck = Schemas['SeriesCheck'];
export type IPointsRequest = Schemas['PointsRequest'];
export type IChartPoints = Schemas['ChartPoints'];
export type ISeriesRequest = Schemas['SeriesRequest'];
export type ISeriesAnswer = Schemas['SeriesAnswer'];
export type ILoggedSeries = Schemas['LoggedSeries'];
export type ITagList = Schemas['TagList'];
export type IEditTagsRequest = Schemas['EditTagsRequest'];
export type IEditExperimentRequest = Schemas['EditExperimentRequest'];
export type IEditTrialRequest = Schemas['EditTrialRequest'];
export type IAssociation = Schemas['Association'];
export type IRow = Schemas['Row'];
export type IGroupSummary = Schemas['GroupSummary'];
export type IExtent = Schemas['Extent'];
export type IDifferences = Schemas['Differences'];
export type IRowWindow = Schemas['RowWindow'];
export type IExportRequest = Schemas['ExportRequest'];
export type IDeploymentRequest = Schemas['DeploymentRequest'];
export type IDeploymentPlan = Schemas['DeploymentPlan'];
export type IFieldError = Schemas['FieldError'];
export type IEndpointSummary = Schemas['EndpointSummary'];
export type IEndpointPage = Schemas['EndpointPage'];
export type IEndpoint = Schemas['Endpoint'];
export type IProductionVariant = Schemas['ProductionVariant'];
export type IEndpointDeletionPlan = Schemas['EndpointDeletionPlan'];
export type IInvocationRequest = Schemas['InvocationRequest'];
export type IInvocationResult = Schemas['InvocationResult'];
export type IOperation = Schemas['Operation'];
export type IOutcome = Schemas['Outcome'];
export type IStep = Schemas['Step'];
export type IExample = Schemas['Example'];
export type IErrorBody = Schemas['ErrorBody'];

export type Statistic = IView['default_statistic'] & string;
export type ComponentType = ITrialComponentSummary['type'];

/** The query arguments of a list; `filters` is a JSON list of the contract's ListFilter. */
export type IListQuery = Query<'list_experiments'>;
export type IEndpointsQuery = Query<'list_endpoints'>;
