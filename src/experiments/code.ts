/** Lines of Python that load the selected rows. Pure. */
import type { IConnection } from '../api/types';
import { clientCode, pythonText as text } from '../ui/words/code';
import type { IBrowserRow } from './rows/rows';

/** The library that the code uses. */
export type CodeStyle = 'boto3' | 'sdk';

const CALLS = {
  experiment: ['describe_experiment', 'ExperimentName', 'Experiment', 'experiment_name'],
  trial: ['describe_trial', 'TrialName', 'Trial', 'trial_name'],
  component: [
    'describe_trial_component',
    'TrialComponentName',
    'TrialComponent',
    'trial_component_name'
  ]
} as const;

const MODULES = {
  experiment: 'from smexperiments.experiment import Experiment',
  trial: 'from smexperiments.trial import Trial',
  component: 'from smexperiments.trial_component import TrialComponent'
} as const;

const VARIABLES = {
  experiment: 'experiment',
  trial: 'trial',
  component: 'trial_component'
} as const;

/** Code that loads the rows; several are loaded into a list. */
export function loadingCode(
  rows: readonly IBrowserRow[],
  connection: IConnection,
  style: CodeStyle
): string {
  const lines = clientCode(connection);
  const named = rows.filter(row => row.kind !== 'unassigned');
  if (named.length < rows.length) {
    lines.push(...unassignedCode());
  }
  for (const kind of ['experiment', 'trial', 'component'] as const) {
    const names = named.filter(row => row.kind === kind).map(row => row.name);
    if (names.length === 0) {
      continue;
    }
    const [operation, member, type, argument] = CALLS[kind];
    const load = (name: string): string =>
      style === 'sdk'
        ? `${type}.load(${argument}=${name}, sagemaker_boto_client=sm)`
        : `sm.${operation}(${member}=${name})`;
    if (style === 'sdk') {
      lines.push(MODULES[kind], '');
    }
    if (names.length === 1) {
      lines.push(`${VARIABLES[kind]} = ${load(text(names[0]))}`);
    } else {
      const list = names.map(name => `    ${text(name)},`);
      lines.push(`${VARIABLES[kind]}_names = [`, ...list, ']');
      lines.push(`${VARIABLES[kind]}s = [${load('name')} for name in ${VARIABLES[kind]}_names]`);
    }
  }
  return lines.join('\n') + '\n';
}

function unassignedCode(): string[] {
  return [
    'unassigned = sm.search(',
    '    Resource="ExperimentTrialComponent",',
    '    SearchExpression={"Filters": [{"Name": "Parents.TrialName", "Operator": "NotExists"}]},',
    ')["Results"]'
  ];
}

/** Code that creates the first item of an empty list. */
export function creatingCode(
  what: 'experiment' | 'trial' | 'component',
  connection: IConnection,
  experimentName?: string,
  trialName?: string
): string {
  const lines = clientCode(connection);
  if (what === 'experiment') {
    lines.push('sm.create_experiment(ExperimentName="my-experiment")');
  } else if (what === 'trial') {
    const experiment = text(experimentName ?? 'my-experiment');
    lines.push(`sm.create_trial(TrialName="my-trial", ExperimentName=${experiment})`);
  } else {
    lines.push(
      'sm.create_trial_component(',
      '    TrialComponentName="my-preprocessing",',
      '    DisplayName="Preprocessing",',
      '    Parameters={"normalization_mean": {"NumberValue": 0.1307}},',
      ')'
    );
    if (trialName !== undefined) {
      lines.push(
        'sm.associate_trial_component(',
        `    TrialComponentName="my-preprocessing", TrialName=${text(trialName)}`,
        ')'
      );
    }
  }
  return lines.join('\n') + '\n';
}
