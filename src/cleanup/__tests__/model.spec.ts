import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import { SmxError } from '../../api/errors';
import type { ICleanUpPlan, ICleanUpRequest, IOperation } from '../../api/types';
import type { IOperations } from '../../tokens';
import { CleanUpModel } from '../model';
import { planOf } from './plan';

const running = { id: 'one', kind: 'clean_up', state: 'running' } as IOperation;

class Operations {
  changed: Signal<IOperations, IOperation> = new Signal<IOperations, IOperation>(
    this as unknown as IOperations
  );
  followed: string[] = [];
  follow = ({ id }: IOperation): void => void this.followed.push(id);
  read = async (id: string): Promise<IOperation> => ({ ...running, id, state: this.found });
  found: IOperation['state'] = 'running';
  retry = async (id: string): Promise<IOperation> => ({ ...running, id });
  cancel = async (): Promise<IOperation> => ({ ...running, state: 'cancelled' });
}

type Answer = ICleanUpPlan | SmxError | Promise<ICleanUpPlan>;

/** A model whose server gives these plans, one after the other. */
function open(...plans: Answer[]) {
  const operations = new Operations();
  const asked: ICleanUpRequest[] = [];
  const begun: unknown[] = [];
  let refusal: SmxError | null = null;
  const model = new CleanUpModel({
    client: {
      planCleanUp: async (_, request) => {
        asked.push(request);
        const answer = await plans.shift()!;
        if (answer instanceof SmxError) {
          throw answer;
        }
        return answer;
      },
      createCleanUp: async (_, request) => {
        begun.push(request);
        if (refusal) {
          throw refusal;
        }
        return running;
      }
    },
    operations: operations as unknown as IOperations,
    args: { connectionId: 'local', experiments: ['mnist'] },
    codeStyle: 'boto3'
  });
  const refuse = (error: SmxError): void => {
    refusal = error;
  };
  return { model, operations, asked, begun, refuse };
}

describe('CleanUpModel', () => {
  it('asks for the plan of what it was opened on, and begins that plan and no other', async () => {
    const { model, operations, asked, begun } = open(planOf({ fingerprint: 'f1' }));
    await model.plan();
    expect(asked[0]).toMatchObject({ experiments: ['mnist'], trials: [], delete_endpoints: false });
    await model.begin();
    expect(begun).toEqual([{ ...asked[0], typed_name: '', fingerprint: 'f1' }]);
    expect(model.state).toEqual({ is: 'cleaning', operation: running, error: null });
    expect(operations.followed).toEqual(['one']);
  });

  it('shows the plan of the last choice, whichever answer comes last', async () => {
    let late = (_: ICleanUpPlan): void => undefined;
    const first = new Promise<ICleanUpPlan>(resolve => (late = resolve));
    const kept = planOf({ fingerprint: 'kept' });
    const { model, asked } = open(planOf({}), first, kept);
    await model.plan();
    const choosing = model.choose({ deleteEndpoints: true });
    await model.choose({ keepTrialComponents: true });
    late(planOf({ fingerprint: 'late' }));
    await choosing;
    expect(asked[2]).toMatchObject({ keep_trial_components: true, delete_endpoints: true });
    expect(model.state).toEqual({ is: 'planned', plan: kept, error: null });
    expect(model.isBusy).toBe(false);
  });

  it('cannot begin while the plan on the screen is of earlier choices', async () => {
    const { model, begun } = open(planOf({}), new Promise<ICleanUpPlan>(() => undefined));
    await model.plan();
    expect(model.canBegin).toBe(true);
    void model.choose({ deleteEndpoints: true });
    expect(model.state.is).toBe('planned');
    expect(model.canBegin).toBe(false);
    await model.begin();
    expect(begun).toEqual([]);
  });

  it('begins only once the name is typed, where that is asked for', async () => {
    const { model, begun } = open(planOf({ name_to_type: 'mnist' }));
    await model.plan();
    model.type('mnis');
    await model.begin();
    expect(begun).toEqual([]);
    model.type('mnist ');
    await model.begin();
    expect(begun).toMatchObject([{ typed_name: 'mnist' }]);
  });

  it('has nothing to begin where nothing would be deleted', async () => {
    const plan = planOf({});
    const { model } = open({ ...plan, counts: { ...plan.counts, to_delete: 0 } });
    await model.plan();
    expect(model.canBegin).toBe(false);
  });

  it('reads the plan again if what is there has changed since, and says why', async () => {
    const fresh = planOf({ fingerprint: 'f2' });
    const { model, refuse } = open(planOf({ fingerprint: 'f1' }), fresh);
    await model.plan();
    const error = new SmxError('There is more by now.', 'conflict', 409);
    refuse(error);
    await model.begin();
    expect(model.state).toEqual({ is: 'planned', plan: fresh, error });
    expect(model.canBegin).toBe(true);
  });

  it('keeps the reason if nothing can be planned, and tries again', async () => {
    const error = new SmxError('It is down.', 'service_unavailable', 503);
    const { model } = open(error, planOf({}));
    await model.plan();
    expect(model.state).toEqual({ is: 'failed', error });
    await model.plan();
    expect(model.state.is).toBe('planned');
  });

  it('follows its own operation, stops it, and says why it could not be stopped', async () => {
    const { model, operations } = open(planOf({}));
    await model.plan();
    await model.begin();
    operations.changed.emit({ ...running, id: 'another', state: 'failed' });
    expect(model.state).toMatchObject({ operation: running });
    await model.stop();
    expect(model.state).toMatchObject({ operation: { state: 'cancelled' } });
    operations.cancel = () => Promise.reject(new SmxError('Gone.', 'not_found', 404));
    await model.stop();
    expect(model.state).toMatchObject({ is: 'cleaning', error: { message: 'Gone.' } });
  });

  it('shows the one that runs already, in place of a plan', async () => {
    const { model } = open(planOf({ unfinished: 'earlier' }));
    await model.plan();
    expect(model.state).toMatchObject({ is: 'cleaning', operation: { id: 'earlier' } });
  });

  it('goes on with one that stopped on the way', async () => {
    const { model, operations } = open(planOf({ unfinished: 'earlier' }));
    operations.found = 'cancelled';
    await model.plan();
    expect(model.state.is).toBe('planned');
    await model.resume('earlier');
    expect(model.state).toMatchObject({ is: 'cleaning', operation: { id: 'earlier' } });
  });
});
