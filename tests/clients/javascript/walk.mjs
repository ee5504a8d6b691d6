// Tracks and reads back with the AWS SDK for JavaScript, told by the environment alone where.
import {
  AddTagsCommand,
  AssociateTrialComponentCommand,
  CreateExperimentCommand,
  CreateTrialCommand,
  CreateTrialComponentCommand,
  DescribeExperimentCommand,
  DescribeTrialComponentCommand,
  ListTagsCommand,
  SageMakerClient,
  SearchCommand,
  paginateListTrialComponents
} from '@aws-sdk/client-sagemaker';

const client = new SageMakerClient({});
const { ExperimentArn } = await client.send(
  new CreateExperimentCommand({ ExperimentName: 'javascript', Description: 'Zahlen: äöü' })
);
await client.send(new CreateTrialCommand({ TrialName: 'js', ExperimentName: 'javascript' }));
for (const rate of [0.1, 0.2, 0.3]) {
  const TrialComponentName = `js-${10 * rate}`;
  await client.send(
    new CreateTrialComponentCommand({
      TrialComponentName,
      StartTime: new Date('2026-01-02T03:04:05.678Z'),
      Parameters: { rate: { NumberValue: rate }, layer: { StringValue: 'dense' } }
    })
  );
  await client.send(new AssociateTrialComponentCommand({ TrialComponentName, TrialName: 'js' }));
}
await client.send(
  new AddTagsCommand({ ResourceArn: ExperimentArn, Tags: [{ Key: 'team', Value: 'a' }] })
);

const listed = [];
const pages = paginateListTrialComponents({ client, pageSize: 2 }, { TrialName: 'js' });
for await (const page of pages) {
  listed.push(page.TrialComponentSummaries.map(summary => summary.TrialComponentName));
}
const found = await client.send(
  new SearchCommand({
    Resource: 'ExperimentTrialComponent',
    SearchExpression: {
      Filters: [{ Name: 'Parameters.rate', Operator: 'GreaterThan', Value: '0.15' }]
    },
    SortBy: 'Parameters.rate',
    SortOrder: 'Descending'
  })
);
const described = await client.send(
  new DescribeTrialComponentCommand({ TrialComponentName: 'js-1' })
);
const { Tags } = await client.send(new ListTagsCommand({ ResourceArn: ExperimentArn }));
const missing = await client
  .send(new DescribeExperimentCommand({ ExperimentName: 'no-such' }))
  .catch(error => ({ name: error.name, status: error.$metadata.httpStatusCode }));
const { Description } = await client.send(
  new DescribeExperimentCommand({ ExperimentName: 'javascript' })
);

console.log(
  JSON.stringify({
    listed,
    found: found.Results.map(result => result.TrialComponent.TrialComponentName),
    start: described.StartTime.toISOString(),
    parameters: described.Parameters,
    Tags,
    missing,
    Description
  })
);
