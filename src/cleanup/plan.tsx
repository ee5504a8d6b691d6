/** The plan of a clean-up, with the checkboxes and the box for the name. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { SmxError } from '../api/errors';
import type { ICleanUpPlan } from '../api/types';
import { CopyButton, ErrorDetails } from '../ui/pieces/states';
import type { CleanUpModel } from './model';
import { Endpoints } from './endpoints';
import { IPart, partsOf, splitCounts } from './words';

interface IBodyProps {
  model: CleanUpModel;
  trans: TranslationBundle;
}

export function Plan(
  props: IBodyProps & { plan: ICleanUpPlan; error: SmxError | null }
): JSX.Element {
  const { model, plan, error, trans } = props;
  return (
    <div className="smx-CleanUp-plan" aria-busy={model.isBusy}>
      <Counts plan={plan} trans={trans} />
      {plan.unfinished !== null && <Unfinished {...props} id={plan.unfinished} />}
      {plan.warnings.map(warning => (
        <p key={warning} className="smx-CleanUp-warning">
          {warning}
        </p>
      ))}
      {plan.running.length > 0 && (
        <details className="smx-CleanUp-things">
          <summary>{trans.__('Still running: %1', plan.running.length)}</summary>
          <ul tabIndex={0} aria-label={trans.__('Still running: %1', plan.running.length)}>
            {plan.running.map(name => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </details>
      )}
      <Choices model={model} trans={trans} />
      <Endpoints plan={plan} deleting={model.choices.deleteEndpoints} trans={trans} />
      <Staying plan={plan} trans={trans} />
      {plan.name_to_type !== null && plan.counts.to_delete > 0 && (
        <NameToType model={model} name={plan.name_to_type} trans={trans} />
      )}
      <CopyButton text={plan.code} label={trans.__('Copy as code')} trans={trans} />
      {error && (
        <div role="alert" className="smx-Problem">
          <p>{error.message}</p>
          <ErrorDetails error={error} trans={trans} />
        </div>
      )}
    </div>
  );
}

/** The sentence with the counts; each count can be unfolded to its names. */
function Counts({ plan, trans }: { plan: ICleanUpPlan; trans: TranslationBundle }): JSX.Element {
  const [open, setOpen] = React.useState<ReadonlySet<string>>(new Set());
  const parts = partsOf(plan, trans);
  const toggle = (id: string): void => {
    const next = new Set(open);
    if (!next.delete(id)) {
      next.add(id);
    }
    setOpen(next);
  };
  return (
    <>
      <p className="smx-CleanUp-counts" role="status">
        {splitCounts(trans).map((piece, at) =>
          typeof piece === 'string' ? (
            <React.Fragment key={at}>{piece}</React.Fragment>
          ) : (
            <span key={at} className="smx-CleanUp-piece">
              <Count
                part={parts[piece.part]}
                isOpen={open.has(parts[piece.part].id)}
                onToggle={() => toggle(parts[piece.part].id)}
              />
              {piece.after}
            </span>
          )
        )}
      </p>
      {parts
        .filter(({ id, count }) => open.has(id) && count > 0)
        .map(part => (
          <Names key={part.id} part={part} trans={trans} />
        ))}
    </>
  );
}

function Count(props: { part: IPart; isOpen: boolean; onToggle: () => void }): JSX.Element {
  const { part, isOpen, onToggle } = props;
  if (part.count === 0) {
    return <>{part.text}</>;
  }
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  return (
    <button
      type="button"
      className="smx-CleanUp-count"
      aria-expanded={isOpen}
      aria-controls={isOpen ? `smx-clean-up-${part.id}` : undefined}
      onClick={onToggle}
    >
      <Caret.react tag="span" className="smx-Icon" />
      {part.text}
    </button>
  );
}

function Names({ part, trans }: { part: IPart; trans: TranslationBundle }): JSX.Element {
  const left = part.count - part.names.length;
  return (
    <section id={`smx-clean-up-${part.id}`} className="smx-CleanUp-names" aria-label={part.text}>
      <h3>{part.text}</h3>
      {/* In the Tab order, so that the keyboard can scroll it. */}
      <ul tabIndex={0} aria-label={part.text}>
        {part.names.map(({ name, detail }, at) => (
          <li key={at}>
            {name}
            {detail && <span className="smx-CleanUp-detail">{detail}</span>}
          </li>
        ))}
        {left > 0 && <li>{trans._n('and %1 more', 'and %1 more', left)}</li>}
      </ul>
    </section>
  );
}

export function Choices({ model, trans }: IBodyProps): JSX.Element {
  const { keepTrialComponents, deleteEndpoints } = model.choices;
  return (
    <div className="smx-CleanUp-choices">
      <label>
        <input
          type="checkbox"
          checked={keepTrialComponents}
          onChange={event => void model.choose({ keepTrialComponents: event.target.checked })}
        />
        {trans.__('Keep trial components')}
      </label>
      <label>
        <input
          type="checkbox"
          checked={deleteEndpoints}
          onChange={event => void model.choose({ deleteEndpoints: event.target.checked })}
        />
        {trans.__('Also delete endpoints deployed from these')}
      </label>
    </div>
  );
}

function Staying({ plan, trans }: { plan: ICleanUpPlan; trans: TranslationBundle }): JSX.Element {
  return (
    <section className="smx-CleanUp-staying" aria-label={trans.__('Not deleted')}>
      <h3>{trans.__('Not deleted')}</h3>
      <ul>
        {plan.staying.map(({ kind, reason }) => (
          <li key={kind}>{reason}</li>
        ))}
      </ul>
    </section>
  );
}

function Unfinished({ model, id, trans }: IBodyProps & { id: string }): JSX.Element {
  return (
    <p className="smx-CleanUp-warning">
      {trans.__('An earlier clean-up of these stopped on the way.')}{' '}
      <button type="button" className="smx-Link" onClick={() => void model.resume(id)}>
        {trans.__('Go on with it')}
      </button>
    </p>
  );
}

function NameToType(props: IBodyProps & { name: string }): JSX.Element {
  const { model, name, trans } = props;
  return (
    <label className="smx-CleanUp-type">
      <span>{trans.__('To confirm, type the name %1', name)}</span>
      <input
        type="text"
        className="jp-mod-styled"
        spellCheck={false}
        autoComplete="off"
        value={model.typedName}
        onChange={event => model.type(event.target.value)}
      />
    </label>
  );
}
