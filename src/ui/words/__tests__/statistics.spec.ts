import { nullTranslator } from '@jupyterlab/translation';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import {
  DETAILS,
  STATISTICS,
  hasBest,
  statisticOf,
  statisticSuffix,
  statisticWord
} from '../statistics';

const trans = nullTranslator.load('smx_lab');
const schema = JSON.parse(readFileSync('schema/table.json', 'utf-8'));

it('has the statistics and the labels of the setting, which follow from the Python table', () => {
  expect(STATISTICS.map(name => ({ const: name, title: statisticWord(name, trans) }))).toEqual(
    schema.properties.statistic.oneOf
  );
});

it('shows every statistic of a metric in Describe Trial Component, each once', () => {
  expect([...DETAILS].sort()).toEqual([...STATISTICS].sort());
  expect(DETAILS[0]).toBe('Min');
});

it('finds each statistic in a metric', () => {
  const metric = {
    metric_name: 'loss',
    last: 1,
    max: 6,
    min: 0.5,
    avg: 2,
    std_dev: 3,
    count: 4,
    time_stamp: null,
    source_arn: null
  };
  expect(STATISTICS.map(name => statisticOf(metric, name))).toEqual([1, 6, 0.5, 2, 3, 4]);
});

it('tells the statistics whose highest or lowest is a merit, and names them in charts', () => {
  expect(STATISTICS.filter(hasBest)).toEqual(['Last', 'Max', 'Min', 'Avg']);
  expect(hasBest(null)).toBe(true);
  expect(statisticSuffix('StdDev')).toBe('_stddev');
});
