/** The parts of a list: its header and one row. */
import { caretDownEmptyThinIcon, caretUpEmptyThinIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IListColumn, IListProps, RowAttributes } from './options';
import type { ListSelection } from './selection';

function columnStyle(column: IListColumn<never>): React.CSSProperties {
  return column.width === undefined ? { flex: '1 1 0' } : { flex: `0 0 ${column.width}px` };
}

/** The attributes of the one tab stop of a list. */
const STOP = { tabIndex: 0, 'data-smx-stop': '' };
const NO_STOP = { tabIndex: -1 };

/** The row of column headers: a click or `Enter` sorts. */
export function ListHeader<T>(props: IListProps<T>): JSX.Element {
  const { columns, selection, sort, onSort } = props;
  const stop = Math.min(selection.focusColumn, columns.length - 1);
  return (
    <div className="smx-List-head" role="rowgroup">
      <div className="smx-List-headRow" role="row" aria-rowindex={1}>
        {columns.map((column, index) => {
          const order = sort?.columnId === column.id ? sort.order : null;
          const Arrow = order === 'Ascending' ? caretUpEmptyThinIcon : caretDownEmptyThinIcon;
          const sortable = column.sortable && onSort;
          return (
            <div
              key={column.id}
              role="columnheader"
              className={`smx-List-header${sortable ? ' smx-mod-sortable' : ''}`}
              style={columnStyle(column)}
              aria-colindex={index + 1}
              aria-sort={
                order === null ? undefined : order === 'Ascending' ? 'ascending' : 'descending'
              }
              title={column.label}
              onClick={() => {
                selection.moveToColumn(index);
                selection.setInHeader(true);
                if (sortable) {
                  onSort(column.id);
                }
              }}
              {...(selection.inHeader && index === stop ? STOP : NO_STOP)}
            >
              <span className="smx-List-headerLabel">{column.label}</span>
              {order !== null && <Arrow.react tag="span" className="smx-List-arrow" />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface IListRowProps<T> {
  row: T;
  rowKey: string;
  index: number;
  /** In CSS pixels. */
  rowHeight: number;
  columns: readonly IListColumn<T>[];
  selection: ListSelection;
  selected: boolean;
  /** The cell that is the tab stop, or -1. */
  focusColumn: number;
  attributes?: RowAttributes;
  onOpen: (row: T) => void;
}

/** One row. It is drawn at its own place, so that the rows around it need not be drawn. */
export function ListRow<T>(props: IListRowProps<T>): JSX.Element {
  const { row, rowKey, index, columns, selection, selected, attributes } = props;
  const { className = '', ...data } = attributes ?? {};
  const column = (event: React.MouseEvent): number => {
    const cell = (event.target as Element).closest<HTMLElement>('[aria-colindex]');
    return cell ? Number(cell.getAttribute('aria-colindex')) - 1 : 0;
  };
  const stop = Math.min(props.focusColumn, columns.length - 1);
  return (
    <div
      role="row"
      className={`smx-List-row${selected ? ' smx-mod-selected' : ''} ${className}`}
      style={{ top: index * props.rowHeight, height: props.rowHeight }}
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-smx-key={rowKey}
      {...data}
      onMouseDown={event => {
        if (event.button !== 0) {
          selection.pick(rowKey, column(event));
        } else if (event.shiftKey) {
          // Otherwise the browser selects the text in between.
          event.preventDefault();
          (event.currentTarget.querySelector('[role=gridcell]') as HTMLElement).focus();
        }
      }}
      onClick={event =>
        selection.click(
          rowKey,
          { range: event.shiftKey, add: event.ctrlKey || event.metaKey },
          column(event)
        )
      }
      onContextMenu={event => selection.pick(rowKey, column(event))}
      onDoubleClick={event => {
        if (!event.shiftKey && !event.ctrlKey && !event.metaKey) {
          props.onOpen(row);
        }
      }}
    >
      {columns.map((column, columnIndex) => (
        <div
          key={column.id}
          role="gridcell"
          className="smx-List-cell"
          style={columnStyle(column)}
          aria-colindex={columnIndex + 1}
          aria-label={column.text(row)}
          title={column.tooltip?.(row)}
          {...(columnIndex === stop ? STOP : NO_STOP)}
        >
          {column.draw ? column.draw(row) : column.text(row)}
        </div>
      ))}
    </div>
  );
}
