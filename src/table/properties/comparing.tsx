/**
 * The part of TABLE PROPERTIES about comparing rows: differences, best values, baseline, groups.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IColumn } from '../../api/types';
import { serverId } from '../view/choices';
import { Box } from './box';
import { hasBest } from '../../ui/words/statistics';
import { Goal, MAX_KEYS, compare, goalOf, groupRows } from '../view/comparing';
import type { TableModel } from '../model';

interface IPaneProps {
  model: TableModel;
  trans: TranslationBundle;
}

/** With more columns than this, a column is found by typing. Our choice. */
const MANY_COLUMNS = 100;
/** This many metrics are drawn at once. Our choice. */
const MAX_METRICS = 50;

export function Comparing(props: IPaneProps): JSX.Element {
  const { model, trans } = props;
  const { onlyDifferences, markBest } = model.view.comparing;
  return (
    <fieldset className="smx-Comparing">
      <legend>{trans.__('Compare')}</legend>
      <Box
        label={trans.__('Only columns that differ')}
        checked={onlyDifferences}
        onChange={checked => model.update(view => compare(view, { onlyDifferences: checked }))}
      />
      <Box
        label={trans.__('Mark the best value')}
        checked={markBest}
        onChange={checked => model.update(view => compare(view, { markBest: checked }))}
      />
      {markBest && <Goals {...props} />}
      <BaselineRow {...props} />
      <GroupRows {...props} />
    </fieldset>
  );
}

/** Which value is best, for each metric on the screen. */
function Goals({ model, trans }: IPaneProps): JSX.Element {
  const metrics = new Map(
    model.shown
      .filter(column => column.kind === 'metric' && hasBest(column.statistic))
      .map(column => [serverId(column.id), column])
  );
  const words: Record<Goal, string> = {
    Max: trans.__('Highest'),
    Min: trans.__('Lowest'),
    None: trans.__('Not marked')
  };
  const set = (column: IColumn['id'], goal: Goal): void =>
    model.update(view =>
      compare(view, { goals: { ...view.comparing.goals, [serverId(column)]: goal } })
    );
  return (
    <div className="smx-Comparing-goals" role="group" aria-label={trans.__('The best value')}>
      {metrics.size === 0 && <p>{trans.__('No metric is shown')}</p>}
      {[...metrics.values()].slice(0, MAX_METRICS).map(column => (
        <label key={column.id} className="smx-Comparing-goal">
          <span title={column.label}>{column.label}</span>
          <select
            className="jp-mod-styled"
            value={goalOf(model.view.comparing, column)}
            onChange={event => set(column.id, event.target.value as Goal)}
          >
            {Object.entries(words).map(([goal, word]) => (
              <option key={goal} value={goal}>
                {word}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}

function BaselineRow({ model, trans }: IPaneProps): JSX.Element {
  const { baseline } = model.view.comparing;
  const { rows } = model;
  const isMissing = baseline !== null && !rows.isStale && !model.isWaiting && !rows.baseline;
  return (
    <div className="smx-Comparing-part" role="group" aria-label={trans.__('Baseline row')}>
      <div className="smx-Comparing-label">{trans.__('Baseline row')}</div>
      {baseline === null ? (
        <p>{trans.__('None. Choose Set as baseline in the menu of a row.')}</p>
      ) : (
        <div className="smx-Comparing-baseline">
          <span title={baseline.label}>{baseline.label}</span>
          <button
            type="button"
            className="jp-Button jp-mod-minimal"
            title={trans.__('Clear baseline')}
            aria-label={trans.__('Clear baseline')}
            onClick={() => model.update(view => compare(view, { baseline: null }))}
          >
            <closeIcon.react tag="span" className="smx-Icon" />
          </button>
        </div>
      )}
      {isMissing && <p>{trans.__('It is not in this table now.')}</p>}
    </div>
  );
}

/** A choice for each column that the rows are grouped by, and one for the next. */
function GroupRows({ model, trans }: IPaneProps): JSX.Element {
  const { groupBy } = model.view.comparing;
  const set = (at: number, column: string | null): void =>
    model.update(view => {
      const others = [...view.comparing.groupBy];
      others.splice(at, 1, ...(column === null ? [] : [column]));
      return groupRows(view, others);
    });
  const choices = [...groupBy, ''].slice(0, MAX_KEYS);
  return (
    <div className="smx-Comparing-part" role="group" aria-label={trans.__('Group rows by')}>
      {choices.map((column, at) => (
        <label key={at} className="smx-Comparing-choice">
          <span className="smx-Comparing-label">
            {at === 0 ? trans.__('Group rows by') : trans.__('then by')}
          </span>
          <ColumnChoice
            model={model}
            trans={trans}
            column={column}
            without={groupBy.filter(other => other !== column)}
            onChange={chosen => set(at, chosen)}
          />
        </label>
      ))}
    </div>
  );
}

/** A choice of a parameter, a tag, or none. */
function ColumnChoice(
  props: IPaneProps & {
    column: string;
    without: readonly string[];
    onChange: (column: string | null) => void;
  }
): JSX.Element {
  const { model, trans, column, without } = props;
  const groups = [
    { label: trans.__('Parameters'), kind: 'parameter' },
    { label: trans.__('Tags'), kind: 'tag' }
  ].map(({ label, kind }) => ({
    label,
    columns: model.columns.filter(other => other.kind === kind && !without.includes(other.id))
  }));
  const all = groups.flatMap(({ columns }) => columns);
  if (all.length > MANY_COLUMNS) {
    return <ColumnSearch {...props} columns={all} />;
  }
  const isGone = column !== '' && !all.some(other => other.id === column);
  return (
    <select
      className="jp-mod-styled"
      value={column}
      onChange={event => props.onChange(event.target.value || null)}
    >
      <option value="">{trans.__('No grouping')}</option>
      {isGone && (
        <option value={column}>
          {trans.__('%1 (not in this table now)', column.slice(column.indexOf(':') + 1))}
        </option>
      )}
      {groups
        .filter(({ columns }) => columns.length > 0)
        .map(({ label, columns }) => (
          <optgroup key={label} label={label}>
            {columns.map(({ id, label: name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </optgroup>
        ))}
    </select>
  );
}

/** A box that finds one of many columns by its name. */
function ColumnSearch(
  props: IPaneProps & {
    column: string;
    columns: readonly IColumn[];
    onChange: (column: string | null) => void;
  }
): JSX.Element {
  const { trans, column, columns, onChange } = props;
  const listId = React.useId();
  const nameOf = (id: string): string => id.slice(id.indexOf(':') + 1);
  const [text, setText] = React.useState(nameOf(column));
  const word = text.trim().toLocaleLowerCase();
  const found = columns
    .filter(({ label }) => label.toLocaleLowerCase().includes(word))
    .slice(0, MANY_COLUMNS);
  const choose = (typed: string): void => {
    setText(typed);
    const chosen = columns.find(({ label }) => label === typed.trim());
    if (chosen || typed.trim() === '') {
      onChange(chosen?.id ?? null);
    }
  };
  return (
    <>
      <input
        type="search"
        className="jp-mod-styled"
        list={listId}
        placeholder={trans.__('Name of a parameter or tag')}
        value={text}
        onChange={event => choose(event.target.value)}
      />
      <datalist id={listId}>
        {found.map(({ id, label }) => (
          <option key={id} value={label} />
        ))}
      </datalist>
    </>
  );
}
