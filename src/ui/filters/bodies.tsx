/** The contents of the filter dialog for each kind of column. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import { SmxError } from '../../api/errors';
import { Combobox } from '../forms/combobox';
import {
  FilterKind,
  FilterOperator,
  IFilterDraft,
  MIN_LETTERS,
  OTHERS,
  operatorWord,
  takesNothing,
  timeZoneText
} from './filters';
import type { IOption } from '../forms/options';
import { SearchBox } from '../forms/searchbox';

/** The values that a column has, with the number of rows that have each. */
interface IFilterValues {
  readonly values: readonly { value: string | number; count?: number }[];
  readonly distinct: number;
  readonly empty: number;
}

/** The question of a filter dialog. */
export interface IFilterQuestion {
  readonly kind: FilterKind;
  readonly column: string;
  readonly label: string;
  /** What the column shows of a metric; undefined for other columns. */
  readonly detail?: string;
  readonly isNumber?: boolean;
  /** The unit of the numbers, such as seconds. */
  readonly unit?: string;
  /** For a condition. */
  readonly operators?: readonly FilterOperator[];
  /** The operator that a new condition starts with; default `is`. */
  readonly first?: FilterOperator;
  readonly valueText?: (value: string | number) => string;
  readonly listValues?: (column: string, contains: string) => Promise<IFilterValues>;
  readonly listTagKeys?: (prefix: string) => Promise<readonly string[]>;
}

interface IBodyProps {
  question: IFilterQuestion;
  draft: IFilterDraft;
  problem: string | null;
  onDraft: (draft: IFilterDraft) => void;
  locale: string;
  trans: TranslationBundle;
}

export function FilterBody(props: IBodyProps): JSX.Element {
  const { kind } = props.question;
  const Part = { text: Text, choices: Choices, dates: Dates, creator: Creator, tag: Tag }[
    kind as Exclude<FilterKind, 'condition'>
  ];
  return (
    <>
      {Part ? <Part {...props} /> : <Condition {...props} />}
      <p className="smx-FilterDialog-problem" role="alert">
        {props.problem}
      </p>
    </>
  );
}

/** A box for one text; `id` belongs to its description. */
function ValueBox(
  props: IBodyProps & { label: string; inputMode?: 'decimal'; hint?: string }
): JSX.Element {
  const { draft, label, hint, problem } = props;
  const id = React.useId();
  return (
    <label className="smx-FilterDialog-field">
      <span>{label}</span>
      <input
        type="text"
        className="jp-mod-styled"
        value={String(draft.values[0] ?? '')}
        inputMode={props.inputMode}
        aria-invalid={problem !== null}
        aria-describedby={hint ? id : undefined}
        spellCheck={false}
        autoComplete="off"
        onChange={event => props.onDraft({ ...draft, values: [event.target.value] })}
      />
      {hint && (
        <span id={id} className="smx-FilterDialog-hint">
          {hint}
        </span>
      )}
    </label>
  );
}

function Text(props: IBodyProps): JSX.Element {
  const { trans } = props;
  return (
    <ValueBox
      {...props}
      label={trans.__('Contains')}
      hint={trans.__('%1 letters or more; case does not count.', MIN_LETTERS)}
    />
  );
}

function Condition(props: IBodyProps): JSX.Element {
  const { question, draft, trans } = props;
  const { operators = [], isNumber, unit } = question;
  return (
    <>
      <label className="smx-FilterDialog-field">
        <span>{trans.__('Condition')}</span>
        <HTMLSelect
          value={draft.operator}
          onChange={event => {
            const operator = event.target.value as FilterOperator;
            const keeps = draft.operator !== 'in' && operator !== 'in';
            props.onDraft({ ...draft, operator, values: keeps ? draft.values : [] });
          }}
        >
          {operators.map(operator => (
            <option key={operator} value={operator}>
              {operatorWord(operator, trans)}
            </option>
          ))}
        </HTMLSelect>
      </label>
      {draft.operator === 'in' ? (
        <Choices {...props} />
      ) : (
        !takesNothing(draft.operator) && (
          <ValueBox
            {...props}
            label={unit ? trans.__('Value in %1', unit) : trans.__('Value')}
            inputMode={isNumber && draft.operator !== 'contains' ? 'decimal' : undefined}
          />
        )
      )}
    </>
  );
}

function Dates({ draft, problem, onDraft, locale, trans }: IBodyProps): JSX.Element {
  const [from, to] = [String(draft.values[0] ?? ''), String(draft.values[1] ?? '')];
  const id = React.useId();
  const box = (label: string, value: string, change: (day: string) => string[]): JSX.Element => (
    <label className="smx-FilterDialog-field">
      <span>{label}</span>
      <input
        type="date"
        className="jp-mod-styled"
        value={value}
        aria-invalid={problem !== null}
        aria-describedby={id}
        onChange={event => onDraft({ ...draft, values: change(event.target.value) })}
      />
    </label>
  );
  return (
    <>
      {box(trans.__('From Date'), from, day => [day, to])}
      {box(trans.__('To Date'), to, day => [from, day])}
      <p id={id} className="smx-FilterDialog-hint">
        {trans.__('Both days are included. Local time zone: %1.', timeZoneText(locale))}
      </p>
    </>
  );
}

function Creator({ question, draft, onDraft, trans }: IBodyProps): JSX.Element {
  const name = React.useId();
  const option = (operator: FilterOperator, label: string): JSX.Element => (
    <label>
      <input
        type="radio"
        name={name}
        checked={draft.operator === operator}
        onChange={() => onDraft({ ...draft, operator, values: [] })}
      />
      {label}
    </label>
  );
  return (
    <fieldset className="smx-FilterDialog-choices" aria-label={question.label}>
      {option('mine', trans.__('Me'))}
      {option('not_mine', trans.__('Everyone else'))}
    </fieldset>
  );
}

/** With more values than this, there is a box to search them. Our choice. */
const MANY_VALUES = 12;

/** Return the values to choose from, or the error; they are read again when `key` changes. */
function useOffer<T>(ask: (() => Promise<T>) | null, key: string): T | SmxError | null {
  const [offer, setOffer] = React.useState<T | SmxError | null>(null);
  React.useEffect(() => {
    let isWanted = ask !== null;
    ask?.().then(
      answer => isWanted && setOffer(() => answer),
      (reason: unknown) => isWanted && setOffer(SmxError.from(reason))
    );
    return () => void (isWanted = false);
  }, [key]);
  return offer;
}

function Choices({ question, draft, onDraft, trans }: IBodyProps): JSX.Element {
  const [part, setPart] = React.useState('');
  const { column, listValues, valueText = String } = question;
  const offer = useOffer(listValues ? () => listValues(column, part) : null, part);
  const [isLong, setLong] = React.useState(false);
  const boxes = React.useRef<HTMLFieldSetElement>(null);
  React.useEffect(() => {
    // The dialog was opened before there was anything to focus in it.
    if (!boxes.current?.closest('.smx-FilterDialog')?.contains(document.activeElement)) {
      boxes.current?.querySelector('input')?.focus();
    }
  }, [offer !== null]);
  React.useEffect(() => {
    if (offer && !(offer instanceof SmxError) && offer.distinct > MANY_VALUES) {
      setLong(true);
    }
  }, [offer]);
  if (offer === null) {
    return <p role="status">{trans.__('Loading…')}</p>;
  }
  if (offer instanceof SmxError) {
    return <p role="alert">{offer.message}</p>;
  }
  const counts = new Map(offer.values.map(({ value, count }) => [value, count]));
  // A chosen value is listed even if no row has it any more.
  const missing = part ? [] : draft.values.filter(value => value !== OTHERS && !counts.has(value));
  const hasOthers = !part && (offer.empty > 0 || draft.values.includes(OTHERS));
  const toggle = (value: string | number, isOn: boolean): void => {
    const left = draft.values.filter(other => other !== value);
    onDraft({ ...draft, values: isOn ? [...left, value] : left });
  };
  const box = (value: string | number, label: string, count?: number): JSX.Element => (
    <label key={JSON.stringify(value)} title={label}>
      <input
        type="checkbox"
        checked={draft.values.includes(value)}
        onChange={event => toggle(value, event.target.checked)}
      />
      <span className="smx-FilterDialog-choice">{label}</span>
      <span className="smx-FilterDialog-count">{count}</span>
    </label>
  );
  const beyond = offer.distinct - offer.values.length;
  return (
    <>
      {isLong && (
        <SearchBox
          label={trans.__('Search values')}
          className="smx-FilterDialog-part"
          value={part}
          onChange={setPart}
        />
      )}
      <fieldset ref={boxes} className="smx-FilterDialog-choices" aria-label={question.label}>
        {offer.values.map(({ value, count }) => box(value, valueText(value), count))}
        {missing.map(value => box(value, valueText(value), 0))}
        {hasOthers && box(OTHERS, trans.__('Others'), offer.empty)}
        {beyond > 0 && <p>{trans._n('%1 more: search it', '%1 more: search them', beyond)}</p>}
        {offer.distinct === 0 && !hasOthers && missing.length === 0 && (
          <p>{trans.__('No row has a value.')}</p>
        )}
      </fieldset>
    </>
  );
}

function Tag({ question, draft, onDraft, trans }: IBodyProps): JSX.Element {
  const { listTagKeys, listValues } = question;
  const { tagKey } = draft;
  const value = String(draft.values[0] ?? '');
  const keys = useOffer(listTagKeys ? () => listTagKeys(tagKey) : null, tagKey);
  const known = Array.isArray(keys) && (keys as readonly string[]).includes(tagKey);
  const values = useOffer(
    listValues && known ? () => listValues(`tag:${tagKey}`, '') : null,
    known ? tagKey : ''
  );
  const option = (text: string, detail?: string): IOption => ({ id: text, label: text, detail });
  const offered = values && !(values instanceof SmxError) && known ? values.values : [];
  return (
    <>
      <span className="smx-FilterDialog-label" aria-hidden="true">
        {trans.__('Search tag key')}
      </span>
      <Combobox
        isInline
        label={trans.__('Search tag key')}
        text={tagKey}
        options={
          known || !Array.isArray(keys)
            ? []
            : (keys as readonly string[])
                .filter(key => key.startsWith(tagKey))
                .map(key => option(key))
        }
        onText={text => onDraft({ ...draft, tagKey: text })}
        onChoose={({ id }) => onDraft({ ...draft, tagKey: id })}
        trans={trans}
      />
      <span className="smx-FilterDialog-label" aria-hidden="true">
        {trans.__('Search tag value')}
      </span>
      <Combobox
        isInline
        label={trans.__('Search tag value')}
        text={value}
        options={offered
          .map(({ value: text, count }) => option(String(text), String(count ?? '')))
          .filter(({ id }) => id !== value && id.startsWith(value))}
        onText={text => onDraft({ ...draft, values: [text] })}
        onChoose={({ id }) => onDraft({ ...draft, values: [id] })}
        trans={trans}
      />
      <p className="smx-FilterDialog-hint">
        {trans.__('The whole value; leave it empty for any. Upper and lower case count.')}
      </p>
    </>
  );
}
