import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SmxError } from '../../api/errors';
import { LivePoll, MAX_PAUSE_MS } from '../poll';

let polls: number;
let fails: boolean;
let reason: Error;
let poll: LivePoll;

beforeEach(() => {
  vi.useFakeTimers();
  polls = 0;
  fails = false;
  reason = new Error('unreachable');
  poll = new LivePoll({
    poll: async () => {
      polls++;
      if (fails) {
        throw reason;
      }
    },
    interval: () => 1000
  });
});

afterEach(() => {
  poll.dispose();
  vi.useRealTimers();
});

describe('LivePoll', () => {
  it('asks nothing while nobody looks', async () => {
    await vi.advanceTimersByTimeAsync(10_000);
    expect(polls).toBe(0);
  });

  it('asks at once when somebody looks, and then by its interval', async () => {
    poll.visible = true;
    await vi.advanceTimersByTimeAsync(0);
    expect(polls).toBe(1);
    await vi.advanceTimersByTimeAsync(3000);
    expect(polls).toBe(4);
  });

  it('stops when nobody looks any more', async () => {
    poll.visible = true;
    await vi.advanceTimersByTimeAsync(0);
    poll.visible = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(polls).toBe(1);
  });

  it('doubles its pause with each failure, and says when it tries again', async () => {
    fails = true;
    poll.visible = true;
    await vi.advanceTimersByTimeAsync(0);
    expect([polls, poll.failures, poll.nextTime! - Date.now()]).toEqual([1, 1, 2000]);
    await vi.advanceTimersByTimeAsync(2000);
    expect([polls, poll.failures, poll.nextTime! - Date.now()]).toEqual([2, 2, 4000]);
    fails = false;
    await poll.refresh();
    expect([poll.failures, poll.nextTime! - Date.now()]).toEqual([0, 1000]);
  });

  it('keeps its pace while credentials are no good, since somebody is renewing them', async () => {
    fails = true;
    reason = new SmxError('Your AWS credentials have expired.', 'credentials_expired', 401);
    poll.visible = true;
    await vi.advanceTimersByTimeAsync(3000);
    expect([polls, poll.nextTime! - Date.now()]).toEqual([4, 1000]);
  });

  it('never pauses longer than five minutes', async () => {
    fails = true;
    poll.visible = true;
    await vi.advanceTimersByTimeAsync(60 * 60 * 1000);
    expect(poll.nextTime! - Date.now()).toBeLessThanOrEqual(MAX_PAUSE_MS);
    expect(polls).toBeGreaterThan(15);
  });

  it('asks at once after a restart, whatever failed before', async () => {
    fails = true;
    poll.visible = true;
    await vi.advanceTimersByTimeAsync(0);
    poll.restart();
    await vi.advanceTimersByTimeAsync(0);
    expect(polls).toBe(2);
  });
});
