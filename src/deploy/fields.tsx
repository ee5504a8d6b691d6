/** Parts of the Deploy model form: a field with rule and error, and an editor of pairs. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { addIcon, closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IconButton } from '../ui/pieces/iconbutton';
import type { IPair } from './draft';

/** The attributes that tie an input to its label, rule and error for screen readers. */
interface IInputProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

/** A label, an input, its rule and its problem. */
export function Field(props: {
  id: string;
  label: string;
  rule?: string;
  problem?: string;
  required?: boolean;
  trans: TranslationBundle;
  children: (input: IInputProps) => React.ReactNode;
}): JSX.Element {
  const { id, label, problem, children } = props;
  // A broken rule is shown once, as the problem.
  const rule = props.rule === problem ? undefined : props.rule;
  const described = [rule && `${id}-rule`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div className={`smx-DeployPage-field${problem ? ' smx-mod-wrong' : ''}`}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': problem ? true : undefined
      })}
      {problem && (
        <p id={`${id}-problem`} className="smx-DeployPage-problem">
          {problem}
        </p>
      )}
      {rule && (
        <p id={`${id}-rule`} className="smx-DeployPage-rule">
          {rule}
        </p>
      )}
    </div>
  );
}

/**
 * A text field that has the plan's value until the user types.
 *
 * #### Notes
 * An empty field takes the plan's value again when it loses the focus, not while the user types.
 */
export function DerivedInput(props: {
  input: IInputProps;
  value: string | null;
  derived: string;
  onChange: (value: string | null) => void;
}): JSX.Element {
  const { input, value, derived, onChange } = props;
  return (
    <input
      {...input}
      type="text"
      className="jp-mod-styled"
      spellCheck={false}
      autoComplete="off"
      value={value ?? derived}
      placeholder={derived}
      onChange={event => onChange(event.target.value)}
      onBlur={() => value?.trim() === '' && onChange(null)}
    />
  );
}

/** Lines of key and value, for environment and tags. */
export function PairEditor(props: {
  id: string;
  label: string;
  rule?: string;
  problem?: string;
  addLabel: string;
  pairs: readonly IPair[];
  /** Other values that are set, unless a line has the same key. */
  derived?: Readonly<Record<string, string>>;
  trans: TranslationBundle;
  onChange: (pairs: readonly IPair[]) => void;
}): JSX.Element {
  const { id, label, pairs, trans, onChange } = props;
  const group = React.useRef<HTMLFieldSetElement>(null);
  const focusLast = React.useRef(false);
  React.useEffect(() => {
    if (focusLast.current) {
      focusLast.current = false;
      const keys = group.current?.querySelectorAll<HTMLInputElement>('input[data-part="key"]');
      const last = keys?.[keys.length - 1];
      (last ?? group.current?.querySelector('button'))?.focus();
    }
  });
  const change = (at: number, part: Partial<IPair>): void =>
    onChange(pairs.map((pair, index) => (index === at ? { ...pair, ...part } : pair)));
  const remove = (at: number): void => {
    focusLast.current = true; // the focus was on a line that is removed
    onChange(pairs.filter((_, index) => index !== at));
  };
  const described = [props.rule && `${id}-rule`, props.problem && `${id}-problem`]
    .filter(Boolean)
    .join(' ');
  return (
    <fieldset
      ref={group}
      className={`smx-DeployPage-pairs${props.problem ? ' smx-mod-wrong' : ''}`}
      aria-describedby={described || undefined}
    >
      <legend>{label}</legend>
      {pairs.map((pair, at) => (
        <div key={pair.id} className="smx-DeployPage-pair">
          <input
            id={at === 0 ? id : undefined}
            type="text"
            data-part="key"
            className="jp-mod-styled"
            spellCheck={false}
            autoComplete="off"
            aria-label={trans.__('%1: key %2', label, at + 1)}
            aria-invalid={props.problem ? true : undefined}
            placeholder={trans.__('Key')}
            value={pair.key}
            onChange={event => change(at, { key: event.target.value })}
          />
          <input
            type="text"
            className="jp-mod-styled"
            spellCheck={false}
            autoComplete="off"
            aria-label={trans.__('%1: value %2', label, at + 1)}
            placeholder={trans.__('Value')}
            value={pair.value}
            onChange={event => change(at, { value: event.target.value })}
          />
          <IconButton
            icon={closeIcon}
            label={trans.__('Remove %1', pair.key || trans.__('this line'))}
            onClick={() => remove(at)}
          />
        </div>
      ))}
      <DerivedPairs derived={props.derived ?? {}} pairs={pairs} trans={trans} />
      <button
        type="button"
        id={pairs.length === 0 ? id : undefined}
        className="jp-Button jp-mod-styled smx-DeployPage-add"
        onClick={() => {
          focusLast.current = true;
          const next = 1 + Math.max(-1, ...pairs.map(pair => pair.id));
          onChange([...pairs, { id: next, key: '', value: '' }]);
        }}
      >
        <addIcon.react tag="span" className="smx-Icon" />
        {props.addLabel}
      </button>
      {props.problem && (
        <p id={`${id}-problem`} className="smx-DeployPage-problem">
          {props.problem}
        </p>
      )}
      {props.rule && (
        <p id={`${id}-rule`} className="smx-DeployPage-rule">
          {props.rule}
        </p>
      )}
    </fieldset>
  );
}

function DerivedPairs(props: {
  derived: Readonly<Record<string, string>>;
  pairs: readonly IPair[];
  trans: TranslationBundle;
}): JSX.Element | null {
  const typed = new Set(props.pairs.map(({ key }) => key.trim()));
  const besides = Object.entries(props.derived).filter(([key]) => !typed.has(key));
  if (besides.length === 0) {
    return null;
  }
  return (
    <div className="smx-DeployPage-derived">
      <span>{props.trans.__('Set by the training job:')}</span>
      <ul>
        {besides.map(([key, value]) => (
          <li key={key}>
            <code>{`${key}=${value}`}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
