import { ServerConnection } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { SmxClient } from '../../api/client';
import type { IConnection } from '../../api/types';
import type { IConnections } from '../../tokens';
import { TrialComponentModel } from '../model';
import { parameterText, shortNumber } from '../values';

const connection = { id: 'local', kind: 'local', poll_interval_ms: 1000 } as IConnection;
const connections = {
  connections: [connection],
  current: connection,
  error: null,
  find: () => connection,
  whyNot: () => null,
  whyNoFormat: () => null,
  changed: new Signal<unknown, void>({})
} as unknown as IConnections;

const running = {
  trial_component_name: 'cnn-1-aws-training-job',
  display_name: 'Training',
  status: 'InProgress',
  source_arn: 'arn:aws:sagemaker:us-east-1:000000000000:training-job/cnn-1',
  metrics: []
};

let answer: [number, object];
/** The next answer, once made, waits for this before it arrives. */
let held: Promise<void> | null;
let model: TrialComponentModel;

beforeEach(() => {
  answer = [200, running];
  held = null;
  const fetch = async (): Promise<Response> => {
    const response = new Response(JSON.stringify(answer[1]), { status: answer[0] });
    const waiting = held;
    held = null;
    await waiting;
    return response;
  };
  model = new TrialComponentModel(
    new SmxClient(ServerConnection.makeSettings({ fetch })),
    connections,
    { connectionId: 'local', trialComponentName: 'cnn-1-aws-training-job' }
  );
});

afterEach(() => model.dispose());

describe('TrialComponentModel', () => {
  it('knows the training job behind a component, and that it runs', async () => {
    await model.poll.refresh();
    expect([model.trainingJob, model.isRunning]).toEqual(['cnn-1', true]);
    answer = [200, { ...running, status: 'Completed' }];
    await model.poll.refresh();
    expect(model.isRunning).toBe(false);
  });

  it('says nothing while nothing has changed', async () => {
    await model.poll.refresh();
    let changes = 0;
    model.stateChanged.connect(() => changes++);
    await model.poll.refresh();
    expect(changes).toBe(0);
  });

  it('keeps what it knows when a refresh fails', async () => {
    await model.poll.refresh();
    answer = [503, { code: 'service_unavailable', message: 'It is down.' }];
    await model.poll.refresh();
    expect(model.state).toMatchObject({
      is: 'ready',
      component: running,
      error: { message: 'It is down.' }
    });
  });

  it('is looked at in the trial that it was opened from last', async () => {
    await model.poll.refresh();
    let changes = 0;
    model.stateChanged.connect(() => changes++);
    model.lookIn('mnist', 'trial-2');
    model.lookIn('mnist', 'trial-2');
    expect(model.args).toMatchObject({ experimentName: 'mnist', trialName: 'trial-2' });
    expect(changes).toBe(1);
  });

  it('is not overwritten by a slow answer to an earlier question', async () => {
    let arrive = (): void => undefined;
    held = new Promise(resolve => (arrive = resolve));
    const slow = model.poll.refresh();
    await new Promise(resolve => setTimeout(resolve));
    answer = [200, { ...running, status: 'Completed' }];
    await model.poll.refresh();
    arrive();
    await slow;
    expect(model.isRunning).toBe(false);
  });

  it('says that a deleted component is gone', async () => {
    await model.poll.refresh();
    answer = [404, { code: 'not_found', message: 'There is no such trial component.' }];
    await model.poll.refresh();
    expect(model.state.is).toBe('gone');
  });
});

describe('numbers', () => {
  it('have four significant digits', () => {
    expect(shortNumber(0.130712, 'en')).toBe('0.1307');
    expect(shortNumber(97.3456, 'en')).toBe('97.35');
    expect(shortNumber(12345.678, 'en')).toBe('12346');
    expect(shortNumber(0.0000123, 'en')).toBe('1.23E-5');
  });

  it('are whole where they are whole', () => {
    expect(shortNumber(20, 'en')).toBe('20');
    expect(shortNumber(0, 'en')).toBe('0');
    expect(shortNumber(123456, 'en')).toBe('123456');
  });
});

describe('parameters', () => {
  it("lose the JSON quotes of the SDK, and nothing that is the user's", () => {
    expect(parameterText('"sgd"')).toBe('sgd');
    expect(parameterText('"say \\"hi\\""')).toBe('say "hi"');
    expect(parameterText('"a" or "b"')).toBe('"a" or "b"');
    expect(parameterText(0.1307)).toBe('0.1307');
  });
});
