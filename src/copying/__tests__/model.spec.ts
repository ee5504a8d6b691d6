import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import { SmxError } from '../../api/errors';
import type { ICopyPlan, IOperation } from '../../api/types';
import type { IConnections, IOperations } from '../../tokens';
import { CopyModel } from '../model';

const plan: ICopyPlan = {
  experiment_name: 'mnist',
  trial_count: 5,
  trial_component_count: 10,
  metric_count: 20,
  taken: [],
  left_out: []
};

const running = { id: 'one', state: 'running', connection_id: 'aws' } as IOperation;

class Operations {
  changed: Signal<IOperations, IOperation> = new Signal<IOperations, IOperation>(
    this as unknown as IOperations
  );
  followed: string[] = [];
  follow = ({ id }: IOperation): void => void this.followed.push(id);
  retry = async (): Promise<IOperation> => running;
  cancel = async (): Promise<IOperation> => ({ ...running, state: 'cancelled' });
}

function open(answers: Promise<ICopyPlan>[]): { model: CopyModel; operations: Operations } {
  const operations = new Operations();
  const ids = ['local', 'aws', 'aws:prod'];
  const connections = { connections: ids.map(id => ({ id })) } as unknown as IConnections;
  const model = new CopyModel({
    client: { planCopy: () => answers.shift()!, createCopy: async () => running },
    connections,
    operations: operations as unknown as IOperations,
    args: { connectionId: 'local', experimentName: 'mnist' }
  });
  return { model, operations };
}

describe('CopyModel', () => {
  it('offers every connection but the one the experiment is in', () => {
    expect(open([]).model.targets.map(({ id }) => id)).toEqual(['aws', 'aws:prod']);
  });

  it('says what would be done where the last choice points, whichever answer comes last', async () => {
    let late = (_: ICopyPlan): void => undefined;
    const first = new Promise<ICopyPlan>(resolve => (late = resolve));
    const { model } = open([first, Promise.resolve({ ...plan, trial_count: 7 })]);
    const choosing = model.choose('aws');
    await model.choose('aws:prod');
    late(plan);
    await choosing;
    expect(model.state).toEqual({ is: 'planned', plan: { ...plan, trial_count: 7 } });
  });

  it('keeps the reason if nothing can be planned, and tries again', async () => {
    const error = new SmxError('It is down.', 'service_unavailable', 503);
    const { model } = open([Promise.reject(error), Promise.resolve(plan)]);
    await model.choose('aws');
    expect(model.state).toEqual({ is: 'failed', error });
    await model.retry();
    expect(model.state).toEqual({ is: 'planned', plan });
  });

  it('follows the copy it began, and stops it', async () => {
    const { model, operations } = open([Promise.resolve(plan)]);
    await model.choose('aws');
    await model.copy();
    expect(operations.followed).toEqual(['one']);
    operations.changed.emit({ ...running, id: 'another' });
    expect(model.state).toEqual({ is: 'copying', operation: running });
    await model.stop();
    expect(model.state).toMatchObject({ operation: { state: 'cancelled' } });
  });
});
