/** The values typed into the Deploy model form, and the rules for them. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { SmxError } from '../api/errors';
import type { IDeploymentPlan, IDeploymentRequest, IFieldError } from '../api/types';
import { MAX_TAGS, MAX_TAG_KEY_LENGTH, MAX_TAG_VALUE_LENGTH } from '../ui/forms/tags';

/** One line of a key and value editor; `id` identifies it while it is edited. */
export interface IPair {
  readonly id: number;
  readonly key: string;
  readonly value: string;
}

/** The form as typed. Null means untouched: the field shows the plan's value. */
export interface IDraft {
  readonly endpointName: string;
  readonly instanceType: string | null;
  readonly instanceCount: string;
  readonly modelName: string | null;
  readonly variantName: string | null;
  readonly roleArn: string | null;
  readonly image: string | null;
  readonly environment: readonly IPair[];
  readonly tags: readonly IPair[];
  /** Whether OPTIONAL SETTINGS is unfolded. */
  readonly optionalOpen: boolean;
}

/** The members of the request that have a field in the form. */
export const FIELDS = [
  'endpoint_name',
  'instance_type',
  'instance_count',
  'model_name',
  'variant_name',
  'role_arn',
  'image',
  'environment',
  'tags'
] as const;

export type Field = (typeof FIELDS)[number];

/** The fields below OPTIONAL SETTINGS. */
export const OPTIONAL_FIELDS: readonly Field[] = FIELDS.slice(3);

export const EMPTY_DRAFT: IDraft = {
  endpointName: '',
  instanceType: null,
  instanceCount: '1',
  modelName: null,
  variantName: null,
  roleArn: null,
  image: null,
  environment: [],
  tags: [],
  optionalOpen: false
};

/** SageMaker API Reference, CreateEndpoint, CreateModel and ProductionVariant: names. */
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
/** SageMaker API Reference, CreateModel: ExecutionRoleArn. */
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
/** SageMaker API Reference, ContainerDefinition: Environment. */
const ENVIRONMENT_KEY = /^[a-zA-Z_][a-zA-Z0-9_]{0,1023}$/;

/** Return the pairs as a map, without pairs that have neither key nor value. */
function mapOf(pairs: readonly IPair[]): Record<string, string> {
  return Object.fromEntries(
    pairs.filter(({ key }) => key.trim() !== '').map(({ key, value }) => [key.trim(), value])
  );
}

/** Return the request for a plan or a deployment. Its fields may be invalid. */
export function requestOf(
  trialComponentName: string,
  draft: IDraft,
  plan: IDeploymentPlan | null
): IDeploymentRequest {
  const count = Number(draft.instanceCount);
  return {
    trial_component_name: trialComponentName,
    endpoint_name: draft.endpointName.trim(),
    ...((draft.instanceType ?? plan?.instance_type) && {
      instance_type: draft.instanceType ?? plan?.instance_type
    }),
    instance_count: Number.isInteger(count) && count > 0 ? count : 1,
    model_name: draft.modelName?.trim() || null,
    ...(draft.variantName?.trim() && {
      variant_name: draft.variantName.trim()
    }),
    role_arn: draft.roleArn?.trim() || null,
    image: draft.image?.trim() || null,
    environment: mapOf(draft.environment),
    tags: mapOf(draft.tags)
  };
}

/**
 * Whether two requests have the same value for a field, so that an error of the plan still holds.
 */
export function sameField(
  one: IDeploymentRequest,
  other: IDeploymentRequest,
  field: string
): boolean {
  const at = field as keyof IDeploymentRequest;
  return JSON.stringify(one[at] ?? null) === JSON.stringify(other[at] ?? null);
}

/** Return the problems that can be found without asking the server. */
export function problemsOf(draft: IDraft, trans: TranslationBundle): IFieldError[] {
  const problems: IFieldError[] = [];
  const add = (field: Field, message: string) => problems.push({ field, message });
  const name = draft.endpointName.trim();
  if (name && !NAME.test(name)) {
    add('endpoint_name', nameRule(trans));
  }
  const count = Number(draft.instanceCount);
  if (draft.instanceCount.trim() === '' || !Number.isInteger(count) || count < 1) {
    add('instance_count', trans.__('Give a whole number of instances, from 1.'));
  }
  for (const [field, value] of [
    ['model_name', draft.modelName],
    ['variant_name', draft.variantName]
  ] as const) {
    if (value?.trim() && !NAME.test(value.trim())) {
      add(field, nameRule(trans));
    }
  }
  if (draft.roleArn?.trim() && !ROLE_ARN.test(draft.roleArn.trim())) {
    add(
      'role_arn',
      trans.__('Give the ARN of a role, such as %1.', 'arn:aws:iam::111122223333:role/SageMaker')
    );
  }
  addPairProblems(draft, trans, add);
  return problems;
}

/** Return the problem of an empty endpoint name, which is reported only when the form is sent. */
export function missingName(draft: IDraft, trans: TranslationBundle): IFieldError[] {
  return draft.endpointName.trim()
    ? []
    : [
        {
          field: 'endpoint_name',
          message: trans.__('Enter a name for the endpoint.')
        }
      ];
}

export function nameRule(trans: TranslationBundle): string {
  return trans.__(
    'Use 1 to 63 letters, digits and hyphens; the first and the last must not be a hyphen.'
  );
}

function addPairProblems(
  draft: IDraft,
  trans: TranslationBundle,
  add: (field: Field, message: string) => void
): void {
  for (const field of ['environment', 'tags'] as const) {
    const keys = draft[field].map(({ key }) => key.trim());
    const twice = keys.find((key, at) => key !== '' && keys.indexOf(key) !== at);
    if (draft[field].some(({ key, value }) => key.trim() === '' && value !== '')) {
      add(field, trans.__('A value stands without a key.'));
    } else if (twice !== undefined) {
      add(field, trans.__('The key %1 stands there twice.', twice));
    }
  }
  const wrong = draft.environment.find(
    ({ key }) => key.trim() && !ENVIRONMENT_KEY.test(key.trim())
  );
  if (wrong) {
    add(
      'environment',
      trans.__('%1 is no name of a variable: use letters, digits and underscores.', wrong.key)
    );
  }
  const tags = draft.tags.filter(({ key }) => key.trim() !== '');
  if (tags.length > MAX_TAGS) {
    add('tags', trans.__('SageMaker takes at most %1 tags.', MAX_TAGS));
  }
  if (
    tags.some(
      ({ key, value }) => key.length > MAX_TAG_KEY_LENGTH || value.length > MAX_TAG_VALUE_LENGTH
    )
  ) {
    add(
      'tags',
      trans.__(
        'A tag has a key of at most %1 and a value of at most %2 characters.',
        MAX_TAG_KEY_LENGTH,
        MAX_TAG_VALUE_LENGTH
      )
    );
  }
}

/** Return the errors of form fields from the details of an error. */
export function fieldErrors(error: SmxError): IFieldError[] {
  const named = FIELDS.filter(field => error.details[field]).map(field => ({
    field,
    message: error.details[field]
  }));
  const only = FIELDS.find(field => field === error.details.field);
  return named.length > 0 || !only ? named : [{ field: only, message: error.message }];
}
