import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import { SmxError } from '../../api/errors';
import type { IDeploymentPlan, IDeploymentRequest, IOperation } from '../../api/types';
import type { IOperations } from '../../tokens';
import { EMPTY_DRAFT } from '../draft';
import { DeployModel } from '../model';
import type { IDeploySnapshot } from '../state';

const trans = nullTranslator.load('smx_lab');
const TAKEN = 'There is an endpoint named digits already.';

function planOf(request: IDeploymentRequest): IDeploymentPlan {
  return {
    trial_component_name: request.trial_component_name,
    display_name: 'Training',
    training_job_name: 'cnn-training-job-1',
    training_job_status: 'Completed',
    model_data: 'file:///tmp/model.tar.gz',
    training_image: 'image',
    image: request.image ?? 'image',
    role_arn: request.role_arn ?? 'arn:aws:iam::111122223333:role/SageMaker',
    endpoint_name: request.endpoint_name ?? '',
    endpoint_config_name: `${request.endpoint_name}-config`,
    model_name: request.model_name ?? `${request.endpoint_name}-model`,
    variant_name: request.variant_name ?? 'AllTraffic',
    instance_type: request.instance_type ?? 'ml.m5.xlarge',
    instance_count: request.instance_count ?? 1,
    instance_types: ['ml.m5.xlarge', 'ml.m5.2xlarge'],
    environment: request.environment ?? {},
    tags: request.tags ?? {},
    cost: 'Runs on this machine',
    warnings: [],
    field_errors:
      request.endpoint_name === 'digits' ? [{ field: 'endpoint_name', message: TAKEN }] : [],
    code: 'import boto3'
  };
}

function operationOf(state: IOperation['state'], id = 'op-1'): IOperation {
  return {
    id,
    kind: 'deployment',
    connection_id: 'local',
    title: 'Deploy digits-2',
    state,
    steps: [],
    start_time: '2026-11-23T10:00:00Z',
    end_time: null,
    error: null,
    result: {},
    created: [],
    log_tail: [],
    can_retry: state === 'failed',
    can_roll_back: state === 'failed',
    outcome: null
  };
}

/** Answers plans at once, unless a test holds one back. */
class Client {
  planned: IDeploymentRequest[] = [];
  created: IDeploymentRequest[] = [];
  hold = new Map<string, Promise<void>>();
  refuse: SmxError | null = null;
  async planDeployment(_connection: string, request: IDeploymentRequest) {
    this.planned.push(request);
    await this.hold.get(request.endpoint_name ?? '');
    return planOf(request);
  }
  async createDeployment(_connection: string, request: IDeploymentRequest) {
    if (this.refuse) {
      throw this.refuse;
    }
    this.created.push(request);
    return operationOf('running');
  }
}

class Operations implements IOperations {
  changed: Signal<IOperations, IOperation> = new Signal<IOperations, IOperation>(this);
  ended: Signal<IOperations, IOperation> = new Signal<IOperations, IOperation>(this);
  lost: Signal<IOperations, { id: string; error: SmxError }> = new Signal<
    IOperations,
    { id: string; error: SmxError }
  >(this);
  known = new Map<string, IOperation>();
  find = (id: string) => this.known.get(id);
  follow = (operation: IOperation) => this.changed.emit(operation);
  read = async (id: string) => {
    const operation = this.known.get(id);
    if (!operation) {
      throw new SmxError('No such operation.', 'not_found', 404);
    }
    return operation;
  };
  cancel = async (id: string) => operationOf('cancelled', id);
  retry = async (id: string) => operationOf('running', id);
  rollBack = async () => operationOf('running', 'op-2');
}

async function open(snapshot: Partial<IDeploySnapshot> = {}, operations = new Operations()) {
  const client = new Client();
  const model = new DeployModel({
    client,
    operations,
    trans,
    snapshot: {
      connectionId: 'local',
      trialComponentName: 'cnn-training-job-1',
      ...snapshot
    },
    typingMs: 5
  });
  await model.start();
  return { model, client, operations };
}

/** Resolves when the model's state meets the condition. */
function until(model: DeployModel, condition: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const look = () => condition() && resolve();
    model.changed.connect(look);
    look();
  });
}

const settled = (model: DeployModel) => () => model.state.is === 'editing' && !model.state.checking;

describe('DeployModel', () => {
  it('opens with an empty endpoint name and no complaint', async () => {
    const { model } = await open();
    expect([model.state.is, model.draft.endpointName, model.problems]).toEqual(['editing', '', []]);
    expect(model.latestPlan?.instance_type).toBe('ml.m5.xlarge');
  });

  it('says while typing that a name is taken', async () => {
    const { model } = await open();
    model.edit({ endpointName: 'digits' });
    await until(model, settled(model));
    expect(model.problems).toEqual([{ field: 'endpoint_name', message: TAKEN }]);
  });

  it('drops the complaint as soon as the name is another', async () => {
    const { model } = await open();
    model.edit({ endpointName: 'digits' });
    await until(model, settled(model));
    model.edit({ endpointName: 'digits-2' });
    expect(model.problems).toEqual([]);
  });

  it('asks once for a name typed without a pause', async () => {
    const { model, client } = await open();
    for (const endpointName of ['d', 'di', 'dig']) {
      model.edit({ endpointName });
    }
    await until(model, settled(model));
    expect(client.planned.map(request => request.endpoint_name)).toEqual(['', 'dig']);
  });

  it('ignores the answer to an earlier name that comes late', async () => {
    const { model, client } = await open();
    let release = () => undefined as void;
    client.hold.set('digits', new Promise(resolve => (release = resolve)));
    model.edit({ endpointName: 'digits' });
    await new Promise(resolve => setTimeout(resolve, 20));
    model.edit({ endpointName: 'digits-2' });
    await until(model, settled(model));
    release();
    await new Promise(resolve => setTimeout(resolve, 5));
    expect([model.latestPlan?.endpoint_name, model.problems]).toEqual(['digits-2', []]);
  });

  it('refuses to deploy without a name, and asks nothing', async () => {
    const { model, client } = await open();
    await model.deploy();
    expect(model.state).toEqual({
      is: 'editing',
      checking: false,
      refused: { error: null }
    });
    expect(model.problems.map(({ field }) => field)).toEqual(['endpoint_name']);
    expect(client.created).toEqual([]);
  });

  it('unfolds the optional settings when one of them is wrong', async () => {
    const { model } = await open();
    model.edit({ endpointName: 'digits-2', roleArn: 'me' });
    await model.deploy();
    expect([model.draft.optionalOpen, model.problems[0].field]).toEqual([true, 'role_arn']);
  });

  it('sends what was typed and follows the operation to its end', async () => {
    const { model, client, operations } = await open();
    model.edit({
      endpointName: ' digits-2 ',
      tags: [{ id: 0, key: 'team', value: 'vision' }]
    });
    await model.deploy();
    expect(client.created[0].endpoint_name).toBe('digits-2');
    expect(client.created[0].tags).toEqual({ team: 'vision' });
    operations.follow(operationOf('succeeded'));
    expect(model.state.is === 'deploying' && model.state.operation.state).toBe('succeeded');
  });

  it('puts a refused name beside its field', async () => {
    const { model, client } = await open();
    client.refuse = new SmxError(TAKEN, 'conflict', 409, {
      field: 'endpoint_name'
    });
    model.edit({ endpointName: 'digits-9' });
    await model.deploy();
    expect(model.problems).toEqual([{ field: 'endpoint_name', message: TAKEN }]);
  });

  it('keeps an error about no field for the summary', async () => {
    const { model, client } = await open();
    client.refuse = new SmxError('SageMaker cannot be reached.', 'service_unavailable', 503);
    model.edit({ endpointName: 'digits-9' });
    await model.deploy();
    const { state } = model;
    expect(state.is === 'editing' && state.refused?.error?.message).toBe(
      'SageMaker cannot be reached.'
    );
  });

  it('deletes what a failed deployment created, by an operation of its own', async () => {
    const { model, operations } = await open();
    model.edit({ endpointName: 'digits-2' });
    await model.deploy();
    operations.follow(operationOf('failed'));
    await model.undo();
    operations.follow({
      ...operationOf('succeeded', 'op-2'),
      kind: 'rollback'
    });
    expect(model.state.is === 'deploying' && model.state.undoing?.state).toBe('succeeded');
  });

  it('is after a reload where it was', async () => {
    const operations = new Operations();
    operations.known.set('op-1', operationOf('running'));
    const draft = { ...EMPTY_DRAFT, endpointName: 'digits-2' };
    const { model } = await open({ operationId: 'op-1', draft }, operations);
    expect(model.state.is === 'deploying' && model.state.operation.id).toBe('op-1');
    expect(model.snapshot()).toEqual({
      connectionId: 'local',
      trialComponentName: 'cnn-training-job-1',
      operationId: 'op-1',
      draft
    });
  });

  it('is after another reload the form that it was changed to', async () => {
    const operations = new Operations();
    operations.known.set('op-1', operationOf('failed'));
    operations.known.set('op-2', operationOf('succeeded', 'op-2'));
    const { model } = await open({ operationId: 'op-1', undoingId: 'op-2' }, operations);
    await model.change();
    expect(model.snapshot()).not.toHaveProperty('operationId');
    expect(model.snapshot()).not.toHaveProperty('undoingId');
  });

  it('says so while its operation cannot be read, and offers no form to deploy once more', async () => {
    const operations = new Operations();
    operations.read = async () => {
      throw new SmxError('The server is away.', 'service_unavailable', 503);
    };
    const { model } = await open({ operationId: 'op-1' }, operations);
    await model.plan();
    expect(model.state.is).toBe('failed');
    operations.read = async () => operationOf('running');
    await model.start();
    expect(model.state.is).toBe('deploying');
  });

  it('is over, though it was too late to stop it', async () => {
    const { model, operations } = await open();
    model.edit({ endpointName: 'digits-2' });
    await model.deploy();
    operations.cancel = async () => {
      operations.follow(operationOf('succeeded'));
      throw new SmxError('It has ended.', 'conflict', 409);
    };
    await model.stop();
    expect(model.state).toMatchObject({
      is: 'deploying',
      operation: { state: 'succeeded' },
      error: { code: 'conflict' }
    });
  });

  it('is followed to its end though its page is closed at once', async () => {
    const { model, operations } = await open();
    model.edit({ endpointName: 'digits-2' });
    const followed: string[] = [];
    operations.changed.connect((_, { id }) => followed.push(id));
    const sent = model.deploy();
    model.dispose();
    await sent;
    expect(followed).toEqual(['op-1']);
  });

  it('shows the form again, and says why, when the server has forgotten the operation', async () => {
    const { model } = await open({ operationId: 'op-7' });
    expect(model.state.is === 'editing' && model.state.refused?.error?.code).toBe('not_found');
  });
});
