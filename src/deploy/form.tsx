/** The form of the Deploy model page: settings, costs, what is created, and the buttons. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretRightIcon, HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IDeploymentPlan } from '../api/types';
import { CopyButton, ErrorDetails } from '../ui/pieces/states';
import { Field as FormField, DerivedInput, PairEditor } from './fields';
import type { Field, IDraft } from './draft';
import { nameRule } from './draft';
import type { DeployModel } from './model';

/** The properties that the parts of the form share. */
interface IFormProps {
  model: DeployModel;
  plan: IDeploymentPlan;
  trans: TranslationBundle;
  /** The prefix of the ids, so that two pages have different ones. */
  idPrefix: string;
  /** Null if deploying is allowed, else the sentence that says why not. */
  whyNot: string | null;
  onCancel: () => void;
}

/** The name of a field, in the form and in the summary of problems. */
function fieldLabel(field: string, trans: TranslationBundle): string {
  const labels: Readonly<Record<Field, string>> = {
    endpoint_name: trans.__('Endpoint name'),
    instance_type: trans.__('Instance type'),
    instance_count: trans.__('Instance count'),
    model_name: trans.__('Model name'),
    variant_name: trans.__('Variant name'),
    role_arn: trans.__('Execution role'),
    image: trans.__('Inference image'),
    environment: trans.__('Environment'),
    tags: trans.__('Tags')
  };
  return labels[field as Field] ?? field;
}

export function DeployForm(props: IFormProps): JSX.Element {
  const { model, trans, idPrefix } = props;
  const sending = model.state.is === 'sending';
  return (
    <form
      className="smx-DeployPage-form"
      aria-label={trans.__('Deploy model')}
      aria-busy={sending}
      noValidate
      onSubmit={event => {
        event.preventDefault();
        if (props.whyNot === null) {
          void model.deploy();
        }
      }}
    >
      <Problems {...props} />
      <fieldset className="smx-DeployPage-plain" disabled={sending}>
        <RequiredSettings {...props} />
        <OptionalSettings {...props} />
      </fieldset>
      <Consequences plan={props.plan} draft={model.draft} trans={trans} />
      <Buttons {...props} sending={sending} describedBy={`${idPrefix}-why`} />
    </form>
  );
}

/** The problems, at the top. The focus moves here when the form is refused. */
function Problems({ model, trans, idPrefix }: IFormProps): JSX.Element | null {
  const box = React.useRef<HTMLDivElement>(null);
  const refused = model.state.is === 'editing' ? model.state.refused : null;
  React.useEffect(() => {
    if (refused) {
      box.current?.focus();
    }
  }, [refused]);
  const problems = model.problems;
  if (!refused || (!refused.error && problems.length === 0)) {
    return null;
  }
  return (
    <div
      ref={box}
      className="smx-Problem"
      role="alert"
      tabIndex={-1}
      aria-label={trans.__('The model was not deployed')}
    >
      {refused.error ? (
        <>
          <p>{refused.error.message}</p>
          <ErrorDetails error={refused.error} trans={trans} />
        </>
      ) : (
        <>
          <p>
            {trans._n(
              'One setting has to be corrected:',
              '%1 settings have to be corrected:',
              problems.length
            )}
          </p>
          <ul>
            {problems.map(({ field, message }) => (
              <li key={field}>
                <a
                  href={`#${idPrefix}-${field}`}
                  onClick={event => {
                    event.preventDefault();
                    // A click on the link focuses the field. JupyterLab would take the hash for its
                    // own.
                    document.getElementById(`${idPrefix}-${field}`)?.focus();
                  }}
                >
                  {fieldLabel(field, trans)}
                </a>
                {': '}
                {message}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function RequiredSettings({ model, plan, trans, idPrefix }: IFormProps): JSX.Element {
  const { draft } = model;
  const field = fieldProps(model, trans, idPrefix);
  const chosen = draft.instanceType ?? plan.instance_type;
  const types = plan.instance_types.includes(chosen)
    ? plan.instance_types
    : [chosen, ...plan.instance_types];
  return (
    <section aria-labelledby={`${idPrefix}-required`}>
      <h2 id={`${idPrefix}-required`}>{trans.__('REQUIRED SETTINGS')}</h2>
      <FormField {...field('endpoint_name')} rule={nameRule(trans)}>
        {input => (
          <input
            {...input}
            type="text"
            className="jp-mod-styled"
            required
            spellCheck={false}
            autoComplete="off"
            data-smx-first-field
            value={draft.endpointName}
            onChange={event => model.edit({ endpointName: event.target.value })}
          />
        )}
      </FormField>
      <FormField {...field('instance_type')}>
        {input => (
          <HTMLSelect
            {...input}
            required
            value={chosen}
            onChange={event => model.edit({ instanceType: event.target.value })}
          >
            {types.map(type => (
              <option key={type}>{type}</option>
            ))}
          </HTMLSelect>
        )}
      </FormField>
      <FormField {...field('instance_count')}>
        {input => (
          <input
            {...input}
            type="number"
            className="jp-mod-styled"
            required
            min={1}
            step={1}
            value={draft.instanceCount}
            onChange={event => model.edit({ instanceCount: event.target.value })}
          />
        )}
      </FormField>
    </section>
  );
}

function OptionalSettings({ model, plan, trans, idPrefix }: IFormProps): JSX.Element {
  const { draft } = model;
  const field = fieldProps(model, trans, idPrefix);
  const Caret = draft.optionalOpen ? caretDownIcon : caretRightIcon;
  const derived =
    (name: Field, value: string | null, planned: string, member: keyof IDraft) =>
    (rule: string): JSX.Element => (
      <FormField {...field(name)} rule={rule}>
        {input => (
          <DerivedInput
            input={input}
            value={value}
            derived={planned}
            onChange={changed => model.edit({ [member]: changed })}
          />
        )}
      </FormField>
    );
  return (
    <section aria-labelledby={`${idPrefix}-optional`}>
      <h2>
        <button
          type="button"
          id={`${idPrefix}-optional`}
          className="smx-DeployPage-fold"
          aria-expanded={draft.optionalOpen}
          aria-controls={`${idPrefix}-optional-fields`}
          onClick={() => model.edit({ optionalOpen: !draft.optionalOpen })}
        >
          <Caret.react tag="span" className="smx-Icon" />
          {trans.__('OPTIONAL SETTINGS')}
        </button>
      </h2>
      <div id={`${idPrefix}-optional-fields`} hidden={!draft.optionalOpen}>
        {derived('model_name', draft.modelName, plan.model_name, 'modelName')(nameRule(trans))}
        {derived(
          'variant_name',
          draft.variantName,
          plan.variant_name,
          'variantName'
        )(nameRule(trans))}
        {derived(
          'role_arn',
          draft.roleArn,
          plan.role_arn ?? '',
          'roleArn'
        )(trans.__('The role that the model runs under; at first that of the training job.'))}
        {derived(
          'image',
          draft.image,
          plan.image ?? '',
          'image'
        )(
          trans.__('The container that serves the model; at first derived from the training image.')
        )}
        <PairEditor
          {...pairProps(model, trans, idPrefix, 'environment')}
          addLabel={trans.__('Add variable')}
          rule={trans.__('Variables of the container that serves the model.')}
          pairs={draft.environment}
          derived={model.derivedEnvironment}
          onChange={environment => model.edit({ environment })}
        />
        <PairEditor
          {...pairProps(model, trans, idPrefix, 'tags')}
          addLabel={trans.__('Add tag')}
          rule={trans.__('Put on the model, the endpoint configuration and the endpoint.')}
          pairs={draft.tags}
          onChange={tags => model.edit({ tags })}
        />
      </div>
    </section>
  );
}

function fieldProps(model: DeployModel, trans: TranslationBundle, idPrefix: string) {
  return (name: Field) => ({
    id: `${idPrefix}-${name}`,
    label: fieldLabel(name, trans),
    problem: model.problems.find(({ field }) => field === name)?.message,
    trans
  });
}

function pairProps(model: DeployModel, trans: TranslationBundle, idPrefix: string, name: Field) {
  return fieldProps(model, trans, idPrefix)(name);
}

/** What the button will do: warnings, what is created, what it costs. */
function Consequences(props: {
  plan: IDeploymentPlan;
  draft: IDraft;
  trans: TranslationBundle;
}): JSX.Element {
  const { plan, draft, trans } = props;
  // The plan may still be for earlier input. It must not name another endpoint than the form.
  const current = plan.endpoint_name === draft.endpointName.trim() && plan.endpoint_name !== '';
  return (
    <div className="smx-DeployPage-consequences">
      {plan.warnings.map(warning => (
        <p key={warning} className="smx-DeployPage-warning">
          {warning}
        </p>
      ))}
      <p>
        {current
          ? trans.__(
              'Creates the model %1, the endpoint configuration %2 and the endpoint %3.',
              plan.model_name,
              plan.endpoint_config_name,
              plan.endpoint_name
            )
          : trans.__('Creates a model, an endpoint configuration and an endpoint.')}
      </p>
      <p className="smx-DeployPage-cost">{plan.cost}</p>
    </div>
  );
}

function Buttons(props: IFormProps & { sending: boolean; describedBy: string }): JSX.Element {
  const { plan, trans, whyNot, sending, describedBy } = props;
  return (
    <div className="smx-DeployPage-buttons">
      {/* aria-disabled, not disabled: the reason must be reachable by keyboard. */}
      <button
        type="submit"
        className="jp-Button jp-mod-styled jp-mod-accept"
        aria-disabled={whyNot !== null || sending}
        aria-describedby={whyNot ? describedBy : undefined}
        title={whyNot ?? undefined}
      >
        {sending ? trans.__('Sending…') : trans.__('Deploy model')}
      </button>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-reject"
        onClick={props.onCancel}
      >
        {trans.__('Cancel')}
      </button>
      <CopyButton text={plan.code} label={trans.__('Copy code')} trans={trans} />
      {whyNot && (
        <p id={describedBy} className="smx-DeployPage-rule">
          {whyNot}
        </p>
      )}
    </div>
  );
}
