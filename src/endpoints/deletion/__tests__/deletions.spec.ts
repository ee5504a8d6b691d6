import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import { SmxError } from '../../../api/errors';
import type { IOperation } from '../../../api/types';
import type { IOperations } from '../../../tokens';
import { Deletions } from '../deletions';

function deletion(state: IOperation['state'], change: Partial<IOperation> = {}): IOperation {
  return {
    id: 'op-1',
    kind: 'endpoint_deletion',
    connection_id: 'local',
    title: 'Delete endpoint digits',
    state,
    steps: [],
    start_time: '2026-11-23T10:00:00Z',
    end_time: null,
    error: null,
    result: { endpoint_name: 'digits' },
    created: [],
    log_tail: [],
    can_retry: state === 'failed',
    can_roll_back: false,
    outcome: null,
    ...change
  };
}

class Operations {
  changed = new Signal<object, IOperation>({});
  failure: SmxError | null = null;
  cancel = async () => {
    if (this.failure) {
      throw this.failure;
    }
    return deletion('cancelled');
  };
  retry = async () => deletion('running');
}

function follow() {
  const operations = new Operations();
  return { operations, deletions: new Deletions(operations as unknown as IOperations) };
}

describe('Deletions', () => {
  it('shows a deletion while it runs, and no longer once it has succeeded', () => {
    const { operations, deletions } = follow();
    operations.changed.emit(deletion('running'));
    expect(deletions.find('local', 'digits')?.id).toBe('op-1');
    operations.changed.emit(deletion('succeeded'));
    expect(deletions.of('local')).toEqual([]);
  });

  it('keeps a failed one until it is dismissed', () => {
    const { operations, deletions } = follow();
    operations.changed.emit(deletion('failed'));
    expect(deletions.of('local').map(({ state }) => state)).toEqual(['failed']);
    deletions.dismiss('op-1');
    expect(deletions.of('local')).toEqual([]);
  });

  it('shows neither deployments nor the deletions of another connection', () => {
    const { operations, deletions } = follow();
    operations.changed.emit(deletion('running', { id: 'op-2', kind: 'deployment' }));
    operations.changed.emit(deletion('running', { id: 'op-3', connection_id: 'aws' }));
    expect(deletions.of('local')).toEqual([]);
  });

  it('says why a deletion could not be stopped', async () => {
    const { operations, deletions } = follow();
    operations.changed.emit(deletion('running'));
    operations.failure = new SmxError('The Jupyter server cannot be reached.', 'unreachable', 0);
    await deletions.stop('op-1');
    expect(deletions.error?.code).toBe('unreachable');
  });
});
