/** TABLE PROPERTIES: what the table shows, and how it is refreshed. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal, caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IColumn } from '../../api/types';
import { SearchBox } from '../../ui/forms/searchbox';
import { useNow } from '../../ui/pieces/states';
import { relativeTime } from '../../ui/words/time';
import { typeWord } from '../../ui/words/type';
import { isAdded, withAdded } from '../view/choices';
import { ColumnKind, GROUPS, TYPES } from '../view/columns';
import { Comparing } from './comparing';
import type { TableModel } from '../model';
import {
  groupState,
  isShown,
  isTypeShown,
  reset,
  showColumn,
  showGroup,
  showType
} from '../view/view';
import { contentWord, groupWord } from '../view/words';

/** With more columns than this, a box filters their names. Our choice. */
const MANY_COLUMNS = 20;
/** This many checkboxes of a group are drawn; the filter box finds the others. Our choice. */
const MAX_SHOWN = 200;

interface IPartProps {
  model: TableModel;
  trans: TranslationBundle;
}

/** The pane at the right of the table, which draws the view and changes it. */
export class TableProperties extends ReactWidget {
  constructor(private readonly _props: IPartProps & { locale: string }) {
    super();
    this.addClass('smx-TableProperties');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _props.trans.__('Table properties'));
  }

  protected render(): JSX.Element {
    const { model } = this._props;
    return (
      <UseSignal signal={model.viewChanged}>
        {() => (
          <UseSignal signal={model.changed}>{() => <Properties {...this._props} />}</UseSignal>
        )}
      </UseSignal>
    );
  }
}

function Properties(props: IPartProps & { locale: string }): JSX.Element {
  const { model, trans } = props;
  return (
    <>
      <h2 className="smx-TableProperties-title">{trans.__('TABLE PROPERTIES')}</h2>
      <AutoRefresh {...props} />
      <ColumnGroups {...props} />
      <fieldset>
        <legend>{trans.__('Type filter')}</legend>
        {TYPES.map(type => (
          <Checkbox
            key={type}
            label={typeWord(type, trans)}
            state={isTypeShown(model.view, type) ? 'all' : 'none'}
            onChange={shown => model.update(view => showType(view, type, shown))}
          />
        ))}
      </fieldset>
      <Comparing {...props} />
      <button className="jp-Button jp-mod-styled jp-mod-reject" onClick={() => model.update(reset)}>
        {trans.__('Reset')}
      </button>
    </>
  );
}

function AutoRefresh(props: IPartProps & { locale: string }): JSX.Element {
  const { model, trans, locale } = props;
  const now = useNow(1000);
  return (
    <div className="smx-TableProperties-refresh">
      <label className="smx-Switch">
        <input
          type="checkbox"
          role="switch"
          checked={model.view.autoRefresh}
          onChange={event => {
            const autoRefresh = event.target.checked;
            model.update(view => ({ ...view, autoRefresh }));
          }}
        />
        {trans.__('Auto refresh enabled')}
      </label>
      <div className="smx-TableProperties-updated">
        {model.updatedTime !== null &&
          trans.__('Updated %1', relativeTime(model.updatedTime, now, locale))}
      </div>
    </div>
  );
}

function ColumnGroups({ model, trans }: IPartProps): JSX.Element {
  const [unfolded, setUnfolded] = React.useState<ReadonlySet<ColumnKind>>(new Set(['summary']));
  const [filter, setFilter] = React.useState('');
  const word = filter.trim().toLocaleLowerCase();
  const fold = (kind: ColumnKind): void => {
    const next = new Set(unfolded);
    if (!next.delete(kind)) {
      next.add(kind);
    }
    setUnfolded(next);
  };
  return (
    <fieldset>
      <legend>{trans.__('Column group presets')}</legend>
      {model.columns.length > MANY_COLUMNS && (
        <SearchBox
          label={trans.__('Filter column names')}
          className="smx-TableProperties-filter"
          value={filter}
          onChange={setFilter}
        />
      )}
      {GROUPS.map(kind => {
        const columns = withAdded(model.view, model.columns).filter(column => column.kind === kind);
        const found = word
          ? columns.filter(column => column.label.toLocaleLowerCase().includes(word))
          : columns;
        return (
          <ColumnGroup
            key={kind}
            kind={kind}
            count={columns.length}
            columns={found}
            isOpen={word ? found.length > 0 : unfolded.has(kind)}
            onFold={() => fold(kind)}
            model={model}
            trans={trans}
          />
        );
      })}
    </fieldset>
  );
}

function ColumnGroup(
  props: IPartProps & {
    kind: ColumnKind;
    count: number;
    columns: readonly IColumn[];
    isOpen: boolean;
    onFold: () => void;
  }
): JSX.Element {
  const { kind, count, columns, isOpen, model, trans } = props;
  const id = React.useId();
  const name = groupWord(kind, trans);
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  return (
    <div className="smx-TableProperties-group" role="group" aria-label={name}>
      <div className="smx-TableProperties-groupLine">
        <button
          className="smx-IconButton"
          aria-expanded={isOpen}
          aria-controls={id}
          aria-label={isOpen ? trans.__('Fold %1', name) : trans.__('Unfold %1', name)}
          onClick={props.onFold}
        >
          <Caret.react tag="span" className="smx-Icon" />
        </button>
        <Checkbox
          label={name}
          state={groupState(model.view, model.columns, kind)}
          onChange={shown => model.update(view => showGroup(view, kind, shown))}
        />
        <span className="smx-TableProperties-count" aria-hidden="true">
          {count}
        </span>
      </div>
      <div id={id} hidden={!isOpen} className="smx-TableProperties-columns">
        {isOpen &&
          columns
            .slice(0, MAX_SHOWN)
            .map(column => (
              <ColumnBox key={column.id} column={column} model={model} trans={trans} />
            ))}
        {isOpen && count === 0 && <p>{trans.__('None in these rows')}</p>}
        {isOpen && columns.length > MAX_SHOWN && (
          <p>
            {trans._n(
              '%1 more: filter their names',
              '%1 more: filter their names',
              columns.length - MAX_SHOWN
            )}
          </p>
        )}
      </div>
    </div>
  );
}

function ColumnBox({ column, model, trans }: IPartProps & { column: IColumn }): JSX.Element {
  const { statistics, bestSteps } = model.view;
  // A metric that is shown more than once is identified by its contents.
  const content = isAdded(column.id)
    ? { statistic: statistics[column.id] ?? null, at: bestSteps[column.id] ?? null }
    : null;
  return (
    <Checkbox
      label={content ? `${column.label} (${contentWord(content, trans)})` : column.label}
      state={isShown(model.view, column) ? 'all' : 'none'}
      onChange={shown => model.update(view => showColumn(view, column, shown))}
    />
  );
}

function Checkbox(props: {
  label: string;
  state: 'all' | 'none' | 'mixed';
  onChange: (checked: boolean) => void;
}): JSX.Element {
  const { label, state, onChange } = props;
  const box = React.useRef<HTMLInputElement>(null);
  const isMixed = state === 'mixed';
  React.useEffect(() => {
    // There is no HTML attribute for it.
    box.current!.indeterminate = isMixed;
  }, [isMixed]);
  return (
    <label className="smx-TableProperties-box" title={label}>
      <input
        ref={box}
        type="checkbox"
        checked={state === 'all'}
        aria-checked={isMixed ? 'mixed' : state === 'all'}
        onChange={event => onChange(event.target.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
