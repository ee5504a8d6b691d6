/** The rows of the browser, in one shape for every level of the hierarchy. Pure. */
import type {
  IExperiment,
  ITrial,
  ITrialComponentSummary,
  IUnassignedSummary,
  ComponentType
} from '../../api/types';
import { epochMs } from '../../ui/words/time';

/** A place in the browser; an empty one is Home. */
export interface IPlace {
  experimentName?: string;
  trialName?: string;
  /** The list of trial components that are in no trial. */
  unassigned?: boolean;
}

export type Level = 'experiments' | 'trials' | 'components';

type RowKind = 'experiment' | 'trial' | 'component' | 'unassigned';

/** One row. Times are epoch milliseconds. */
export interface IBrowserRow {
  key: string;
  kind: RowKind;
  /** SageMaker's name; empty for the unassigned entry. */
  name: string;
  displayName: string;
  arn: string;
  createdTime: number;
  modifiedTime: number;
  /** Only for a trial component. */
  component?: {
    type: ComponentType;
    status: ITrialComponentSummary['status'];
    sourceArn: string | null;
  };
}

/** The key of the entry that stands for all unassigned trial components. */
const UNASSIGNED_KEY = 'unassigned:';

export function levelOf(place: IPlace): Level {
  if (place.unassigned || place.trialName !== undefined) {
    return 'components';
  }
  return place.experimentName === undefined ? 'experiments' : 'trials';
}

/** Return the place one step up; null at Home. */
export function parentOf(place: IPlace): IPlace | null {
  if (levelOf(place) === 'experiments') {
    return null;
  }
  return place.trialName === undefined ? {} : { experimentName: place.experimentName };
}

/** Return the key of the row that leads to a place, in the list one level up. */
export function keyOfPlace(place: IPlace): string | null {
  if (place.unassigned) {
    return UNASSIGNED_KEY;
  }
  if (place.trialName !== undefined) {
    return `trial:${place.trialName}`;
  }
  return place.experimentName === undefined ? null : `experiment:${place.experimentName}`;
}

/** Return the place that a row opens; null for a trial component, which opens a tab. */
export function placeBelow(place: IPlace, row: IBrowserRow): IPlace | null {
  switch (row.kind) {
    case 'unassigned':
      return { unassigned: true };
    case 'experiment':
      return { experimentName: row.name };
    case 'trial':
      return { experimentName: place.experimentName, trialName: row.name };
    default:
      return null;
  }
}

/** Return a saved place, or Home if it is not valid. */
export function placeFrom(saved: unknown): IPlace {
  const { experimentName, trialName, unassigned } = (saved ?? {}) as Record<string, unknown>;
  if (unassigned === true) {
    return { unassigned: true };
  }
  if (typeof experimentName !== 'string') {
    return {};
  }
  return typeof trialName === 'string' ? { experimentName, trialName } : { experimentName };
}

export function experimentRow(experiment: IExperiment): IBrowserRow {
  return {
    key: `experiment:${experiment.experiment_name}`,
    kind: 'experiment',
    name: experiment.experiment_name,
    displayName: experiment.display_name,
    arn: experiment.experiment_arn,
    createdTime: epochMs(experiment.creation_time),
    modifiedTime: epochMs(experiment.last_modified_time)
  };
}

export function trialRow(trial: ITrial): IBrowserRow {
  return {
    key: `trial:${trial.trial_name}`,
    kind: 'trial',
    name: trial.trial_name,
    displayName: trial.display_name,
    arn: trial.trial_arn,
    createdTime: epochMs(trial.creation_time),
    modifiedTime: epochMs(trial.last_modified_time)
  };
}

export function componentRow(component: ITrialComponentSummary): IBrowserRow {
  return {
    key: `component:${component.trial_component_name}`,
    kind: 'component',
    name: component.trial_component_name,
    displayName: component.display_name,
    arn: component.trial_component_arn,
    createdTime: epochMs(component.creation_time),
    modifiedTime: epochMs(component.last_modified_time),
    component: {
      type: component.type,
      status: component.status,
      sourceArn: component.source_arn
    }
  };
}

/** The entry for the trial components in no trial. The view has its text. */
export function unassignedRow(summary: IUnassignedSummary): IBrowserRow {
  return {
    key: UNASSIGNED_KEY,
    kind: 'unassigned',
    name: '',
    displayName: '',
    arn: '',
    createdTime: epochMs(summary.creation_time),
    modifiedTime: epochMs(summary.last_modified_time)
  };
}
