/** The grid of a comparison: fields down, trial components across. It has one tab stop. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IRow } from '../../api/types';
import { statusIcons } from '../../ui/pieces/status';
import type { IComparedField, IComparedSection } from './comparison';
import { contentWord, groupWord } from '../view/words';

interface ICompareGridProps {
  sections: readonly IComparedSection[];
  rows: readonly IRow[];
  /** Whether all drawn fields differ, so that they are not marked. */
  onlyDifferent: boolean;
  onOpen: (row: IRow) => void;
  /** Removes a row; null while there are only two. */
  onRemove: ((row: IRow) => void) | null;
  trans: TranslationBundle;
}

/** This many fields of one kind are drawn; the filter finds the others. Our choice. */
const MAX_FIELDS = 300;

/** A place in the grid. Line 0 has the names of the components, column 0 those of the fields. */
interface IPlace {
  readonly line: number;
  readonly column: number;
}

export function CompareGrid(props: ICompareGridProps): JSX.Element {
  const { sections, rows, trans } = props;
  const grid = React.useRef<HTMLTableElement>(null);
  const [active, setActive] = React.useState<IPlace>({ line: 0, column: 0 });
  const drawn = sections.map(section => section.fields.slice(0, MAX_FIELDS));
  const lines = drawn.reduce((count, fields) => count + fields.length, 0);
  const place: IPlace = {
    line: Math.min(active.line, lines),
    column: Math.min(active.column, rows.length)
  };
  const at = (line: number, column: number): ICellAttributes => ({
    'data-line': line,
    'data-column': column,
    tabIndex: line === place.line && column === place.column ? 0 : -1
  });

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const target = targetOf(event, place, lines, rows.length);
    if (target) {
      event.preventDefault();
      setActive(target);
      const cell = grid.current?.querySelector<HTMLElement>(
        `[data-line="${target.line}"][data-column="${target.column}"]`
      );
      cell?.focus();
    }
  };
  const onFocus = (event: React.FocusEvent): void => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-line]');
    if (cell) {
      setActive({ line: Number(cell.dataset.line), column: Number(cell.dataset.column) });
    }
  };

  let line = 0;
  return (
    <table
      ref={grid}
      className="smx-CompareGrid"
      role="grid"
      aria-label={trans.__('Comparison')}
      aria-colcount={rows.length + 1}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      <thead>
        <tr>
          <th scope="col" className="smx-CompareGrid-corner" {...at(0, 0)}>
            {trans.__('Field')}
          </th>
          {rows.map((row, column) => (
            <th key={row.id} scope="col" {...at(0, column + 1)}>
              <ComponentHead {...props} row={row} isFirst={column === 0} />
            </th>
          ))}
        </tr>
      </thead>
      {sections.map(({ kind, fields }, index) => (
        <tbody key={kind}>
          <tr className="smx-CompareGrid-kind">
            <th scope="rowgroup" colSpan={rows.length + 1}>
              {groupWord(kind, trans)}
              {fields.length > MAX_FIELDS && (
                <span>
                  {trans.__('the first %1 of %2: filter their names', MAX_FIELDS, fields.length)}
                </span>
              )}
            </th>
          </tr>
          {drawn[index].map(field => {
            line += 1;
            return <FieldLine key={field.column.id} {...props} field={field} at={at} line={line} />;
          })}
        </tbody>
      ))}
    </table>
  );
}

interface ICellAttributes {
  'data-line': number;
  'data-column': number;
  tabIndex: number;
}

/** Return where a key leads from a place; null for other keys. */
function targetOf(
  event: React.KeyboardEvent,
  { line, column }: IPlace,
  lines: number,
  columns: number
): IPlace | null {
  const isWhole = event.ctrlKey || event.metaKey;
  const mirrored = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
  const targets: Record<string, IPlace> = {
    ArrowUp: { line: line - 1, column },
    ArrowDown: { line: line + 1, column },
    ArrowLeft: { line, column: column - mirrored },
    ArrowRight: { line, column: column + mirrored },
    PageUp: { line: line - 10, column },
    PageDown: { line: line + 10, column },
    Home: { line: isWhole ? 0 : line, column: 0 },
    End: { line: isWhole ? lines : line, column: columns }
  };
  const target = event.altKey || event.shiftKey ? undefined : targets[event.key];
  return target
    ? {
        line: Math.max(0, Math.min(target.line, lines)),
        column: Math.max(0, Math.min(target.column, columns))
      }
    : null;
}

function ComponentHead(props: ICompareGridProps & { row: IRow; isFirst: boolean }): JSX.Element {
  const { row, isFirst, onOpen, onRemove, trans } = props;
  const Status = row.status && statusIcons[row.status];
  return (
    <div className="smx-CompareGrid-component">
      <div className="smx-CompareGrid-names">
        <button
          type="button"
          className="smx-CompareGrid-open"
          title={trans.__('Open in trial details')}
          onClick={() => onOpen(row)}
        >
          {Status && (
            <span className="smx-TableGrid-status" data-status={row.status} aria-hidden="true">
              <Status.react tag="span" />
            </span>
          )}
          {row.display_name}
        </button>
        <small title={row.trial_component_name}>{row.trial_name ?? row.trial_component_name}</small>
        {isFirst && props.rows.length > 1 && (
          <small>{trans.__('Differences are to this one')}</small>
        )}
      </div>
      <button
        type="button"
        className="jp-Button jp-mod-minimal smx-CompareGrid-remove"
        aria-label={trans.__('Remove %1 from the comparison', row.trial_component_name)}
        title={
          onRemove ? trans.__('Remove from the comparison') : trans.__('Two are needed to compare')
        }
        aria-disabled={onRemove === null}
        onClick={() => onRemove?.(row)}
      >
        <closeIcon.react tag="span" className="smx-Icon" />
      </button>
    </div>
  );
}

function FieldLine(
  props: ICompareGridProps & {
    field: IComparedField;
    line: number;
    at: (line: number, column: number) => ICellAttributes;
  }
): JSX.Element {
  const { field, line, at, trans } = props;
  const { column, cells, differs, isNumber } = field;
  const isMarked = differs && !props.onlyDifferent;
  return (
    <tr className={isMarked ? 'smx-mod-different' : undefined}>
      <th scope="row" title={column.label} {...at(line, 0)}>
        <span className="smx-CompareGrid-field">{column.label}</span>
        {contentWord(column, trans) && <small>{contentWord(column, trans)}</small>}
        {isMarked && (
          <span
            className="smx-CompareGrid-differs"
            role="img"
            aria-label={trans.__('differs')}
            title={trans.__('The values differ')}
          >
            ≠
          </span>
        )}
      </th>
      {cells.map((cell, index) => (
        <td
          key={props.rows[index].id}
          title={cell.title}
          className={`${isNumber ? 'smx-mod-right' : ''} ${cell.isBest ? 'smx-mod-best' : ''}`}
          aria-description={cell.isBest ? trans.__('Best') : undefined}
          {...at(line, index + 1)}
        >
          <span>{cell.text}</span>
          {cell.difference && <span className="smx-TableGrid-note">{cell.difference}</span>}
        </td>
      ))}
    </tr>
  );
}
