import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import type { IConnection } from '../../api/types';
import {
  cleanUpArgs,
  stoppableJob,
  tableOrigin,
  whyNotArn,
  whyNotCleanUp,
  whyNotDeploy
} from '../commands/actions';
import { creatingCode, loadingCode } from '../code';
import { IPage, rowsOf, withFirstPages } from '../rows/pages';
import { IBrowserRow, keyOfPlace, parentOf, placeFrom } from '../rows/rows';

const trans = nullTranslator.load('smx_lab');
const allowed = (): null => null;
const local = { id: 'local', kind: 'local' } as IConnection;
const aws = { id: 'aws:ml', kind: 'aws', profile: 'ml', region: 'us-east-2' } as IConnection;
const JOB = 'arn:aws:sagemaker:us-east-2:111122223333:training-job/cnn-1';

function row(
  kind: IBrowserRow['kind'],
  name: string,
  more: Partial<IBrowserRow> = {}
): IBrowserRow {
  const arn = name && `arn:aws:sagemaker:us-east-2:111122223333:${kind}/${name}`;
  const time = { createdTime: 0, modifiedTime: 0 };
  return { key: `${kind}:${name}`, kind, name, displayName: name, arn, ...time, ...more };
}

function training(status: 'Completed' | 'InProgress'): IBrowserRow {
  return row('component', 'cnn-1', { component: { type: 'Training job', status, sourceArn: JOB } });
}

function page(names: string, nextToken: string | null, token?: string): IPage {
  const rows = [...names].map(name => row('trial', name));
  return { token, etag: undefined, rows, nextToken, unassigned: null };
}

const namesOf = (pages: readonly IPage[] | null): string | null =>
  pages &&
  rowsOf(pages)
    .map(({ name }) => name)
    .join('');

describe('joining pages', () => {
  it('shows a row once, where it stands first', () => {
    expect(namesOf([page('cab', '1'), page('bd', null, '1')])).toBe('cabd');
  });

  it('keeps what new rows pushed off the first page', () => {
    const old = [page('abc', '1'), page('def', null, '1')];
    expect(namesOf(withFirstPages(old, [page('xab', '2')]))).toBe('xabcdef');
  });

  it('drops what was deleted from the first page', () => {
    const old = [page('abc', '1'), page('def', null, '1')];
    expect(namesOf(withFirstPages(old, [page('acd', '2')]))).toBe('acdef');
  });

  it('gives up what lies behind a gap', () => {
    const old = [page('abc', '1'), page('def', null, '1')];
    expect(withFirstPages(old, [page('xyz', '2')])).toBeNull();
  });

  it('takes the first page for all if it is the last', () => {
    const old = [page('abc', '1'), page('def', null, '1')];
    expect(namesOf(withFirstPages(old, [page('ab', null)]))).toBe('ab');
  });
});

describe('places', () => {
  it('lead up step by step', () => {
    expect(parentOf({ experimentName: 'e', trialName: 't' })).toEqual({ experimentName: 'e' });
    expect(parentOf({ experimentName: 'e' })).toEqual({});
    expect(parentOf({ unassigned: true })).toEqual({});
    expect(parentOf({})).toBeNull();
  });

  it('are reached by the row of their name', () => {
    expect(keyOfPlace({ experimentName: 'e', trialName: 't' })).toBe('trial:t');
    expect(keyOfPlace({ unassigned: true })).toBe('unassigned:');
  });

  it('are Home when what was saved is none', () => {
    expect([
      placeFrom(null),
      placeFrom({ trialName: 't' }),
      placeFrom({ experimentName: 3 })
    ]).toEqual([{}, {}, {}]);
  });
});

describe('what applies to the selection', () => {
  it('opens a table on experiments, also of all unassigned components', () => {
    const rows = [row('experiment', 'a'), row('experiment', 'b'), row('unassigned', '')];
    expect(tableOrigin(rows, 'local')).toEqual({
      connectionId: 'local',
      experiments: ['a', 'b'],
      unassigned: true
    });
  });

  it('deploys the model of one completed training job', () => {
    expect(whyNotDeploy([training('Completed')], 's3://b/model.tar.gz', allowed, trans)).toBeNull();
    expect(whyNotDeploy([training('Completed')], undefined, allowed, trans)).toBeNull();
    expect(whyNotDeploy([training('Completed')], null, allowed, trans)).toBe(
      'The training job has no model artifact'
    );
    expect(whyNotDeploy([training('InProgress')], null, allowed, trans)).toBe(
      'The training job has not completed'
    );
    expect(whyNotDeploy([training('Completed')], 's3://b/m', () => 'Disabled', trans)).toBe(
      'Disabled'
    );
  });

  it('stops a training job that is running', () => {
    expect(stoppableJob([training('InProgress')], allowed, trans)).toEqual({ job: 'cnn-1' });
    expect(stoppableJob([training('Completed')], allowed, trans)).toEqual({
      reason: 'The training job is not running'
    });
    expect(stoppableJob([], allowed, trans)).toEqual({ reason: 'Select a row first' });
  });

  it('has no ARN for the unassigned entry', () => {
    expect(whyNotArn([row('unassigned', '')], trans)).not.toBeNull();
    expect(whyNotArn([row('trial', 't')], trans)).toBeNull();
  });
});

describe('cleaning up', () => {
  it('names the selected rows by kind', () => {
    const rows = [row('trial', 'a'), row('trial', 'b')];
    expect(cleanUpArgs(rows, 'local')).toEqual({
      connectionId: 'local',
      experiments: [],
      trials: ['a', 'b'],
      trialComponents: []
    });
  });

  it('is refused by an administrator, without a selection, and for the unassigned entry', () => {
    const forbidden = (): string => 'Disabled by your administrator';
    expect(whyNotCleanUp([row('trial', 'a')], forbidden, trans)).toContain('administrator');
    expect(whyNotCleanUp([row('trial', 'a')], allowed, trans)).toBeNull();
    expect(whyNotCleanUp([], allowed, trans)).toBe('Select a row first');
    expect(whyNotCleanUp([row('unassigned', '')], allowed, trans)).toContain('Open');
  });
});

describe('Copy code', () => {
  it('loads one trial with boto3 from a profile and region', () => {
    expect(loadingCode([row('trial', 'cnn')], aws, 'boto3')).toBe(
      [
        'import boto3',
        '',
        'sm = boto3.Session(profile_name="ml", region_name="us-east-2").client("sagemaker")',
        'trial = sm.describe_trial(TrialName="cnn")',
        ''
      ].join('\n')
    );
  });

  it('loads several into a list, with the SDK if that is chosen', () => {
    const code = loadingCode([row('experiment', 'a'), row('experiment', 'b')], local, 'sdk');
    expect(code).toContain('%smx connect local');
    expect(code).toContain('from smexperiments.experiment import Experiment');
    expect(code).toContain('experiment_names = [\n    "a",\n    "b",\n]');
    expect(code).toContain('Experiment.load(experiment_name=name, sagemaker_boto_client=sm)');
  });

  it('quotes whatever stands in a name', () => {
    expect(creatingCode('trial', aws, 'say "hi"')).toContain('ExperimentName="say \\"hi\\""');
  });
});
