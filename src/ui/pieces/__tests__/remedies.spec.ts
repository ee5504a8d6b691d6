import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { describe, expect, it } from 'vitest';

import { SmxError } from '../../../api/errors';
import { CommandIDs } from '../../../commands';
import { remedies } from '../remedies';

function labels(code: string, connectionId: string | null, hasLocal = true, aws = ''): string[] {
  const commands = new CommandRegistry();
  commands.addCommand(CommandIDs.useLocalService, {
    execute: () => undefined,
    isEnabled: () => hasLocal
  });
  const error = new SmxError('It failed.', code, 500, aws ? { aws_code: aws } : {});
  const trans = nullTranslator.load('smx_lab');
  const actions = remedies({ error, connectionId, commands, trans, onRetry: () => undefined });
  return actions.map(({ label }) => label);
}

describe('remedies', () => {
  it('are the local service and a profile where the credentials are no good', () => {
    expect(labels('credentials_expired', 'aws:prod')).toEqual([
      'Use the local service',
      'Choose a profile',
      'Retry now'
    ]);
  });

  it('offer no profile where the credentials are good', () => {
    expect(labels('access_denied', 'aws')).toEqual(['Use the local service', 'Retry now']);
  });

  it('offer the choice of a region where none is set', () => {
    expect(labels('invalid_request', 'aws', true, 'NoRegionError')).toContain('Choose a profile');
  });

  it('offer no local service where the server allows none, or it is the one that failed', () => {
    expect(labels('service_unavailable', 'aws', false)).toEqual(['Retry now']);
    expect(labels('service_unavailable', 'local')).toEqual(['Retry now']);
  });
});
