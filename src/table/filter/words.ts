/** The texts of a table's filters: in the list of columns, in chips and in dialogs. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IColumn, Statistic } from '../../api/types';
import type { IFilterQuestion } from '../../ui/filters/bodies';
import { FilterOperator, IColumnFilter, filterText, TAG_PREFIX } from '../../ui/filters/filters';
import type { IOption } from '../../ui/forms/options';
import { statusWord } from '../../ui/words/status';
import { typeWord } from '../../ui/words/type';
import { serverId } from '../view/choices';
import { filterContent, kindOf } from '../view/filters';
import type { ITableView } from '../view/options';
import { contentWord, groupWord } from '../view/words';

/** The entry in the list of columns for any tag, also for a new one. */
const ANY_TAG = TAG_PREFIX;

const CONDITIONS: readonly FilterOperator[] = [
  'is',
  'is_not',
  'gt',
  'ge',
  'lt',
  'le',
  'contains',
  'exists',
  'empty'
];
const DURATION_CONDITIONS: readonly FilterOperator[] = ['ge', 'gt', 'le', 'lt', 'exists', 'empty'];

/** Return the searchable columns in the order of the table. A tag first asks for its key. */
export function searchable(
  columns: readonly IColumn[],
  trans: TranslationBundle
): readonly IOption[] {
  const option = (column: IColumn): IOption => ({
    id: column.id,
    label: column.label,
    detail: column.kind === 'summary' ? undefined : groupWord(column.kind, trans)
  });
  const summary = columns.filter(({ kind }) => kind === 'summary').map(option);
  const others = columns.filter(({ kind }) => kind !== 'summary').map(option);
  return [...summary, { id: ANY_TAG, label: trans.__('Tags') }, ...others];
}

export interface IColumnWords {
  readonly columns: readonly IColumn[];
  readonly view: Pick<ITableView, 'statistics' | 'bestSteps'>;
  readonly defaultStatistic: Statistic;
  readonly locale: string;
  readonly trans: TranslationBundle;
}

function labelOf(columnId: string, columns: readonly IColumn[]): string {
  // The name of a column that is missing (or not read yet) is the part after its kind.
  const id = serverId(columnId);
  return columns.find(column => column.id === id)?.label ?? id.slice(id.indexOf(':') + 1);
}

/** Return the text of a value of a column. */
function valueText(columnId: string, trans: TranslationBundle): (value: string | number) => string {
  return value => {
    switch (columnId) {
      case 'summary:Status':
        return statusWord(String(value) as Parameters<typeof statusWord>[0], trans);
      case 'summary:Type':
        return typeWord(String(value), trans);
      case 'summary:Duration':
        return trans.__('%1 s', value);
      default:
        return String(value);
    }
  };
}

export function chipText(filter: IColumnFilter, words: IColumnWords): string {
  const { columns, view, defaultStatistic, locale, trans } = words;
  const { column } = filter;
  const label = labelOf(column, columns);
  const content = filterContent(view, column, defaultStatistic);
  const shown = column.startsWith(TAG_PREFIX)
    ? trans.__('Tag %1', label)
    : content.at || (content.statistic && content.statistic !== 'Last')
      ? trans.__('%1 (%2)', label, contentWord(content, trans))
      : label;
  return filterText(filter, { label: shown, value: valueText(column, trans), locale, trans });
}

/** Return the question of the dialog for a column. */
export function questionOf(
  columnId: string,
  words: IColumnWords
): Omit<IFilterQuestion, 'listValues' | 'listTagKeys'> {
  const { columns, view, defaultStatistic, trans } = words;
  const column = columns.find(({ id }) => id === columnId);
  const kind = kindOf(columnId);
  const isDuration = columnId === 'summary:Duration';
  const isMetric = serverId(columnId).startsWith('metric:');
  return {
    kind,
    column: columnId,
    label: kind === 'tag' ? trans.__('Tags') : labelOf(columnId, columns),
    detail: contentWord(filterContent(view, columnId, defaultStatistic), trans) || undefined,
    isNumber: isDuration || isMetric || column?.type === 'number',
    first: isMetric || isDuration ? 'ge' : undefined,
    unit: isDuration ? trans.__('seconds') : undefined,
    operators: isDuration
      ? DURATION_CONDITIONS
      : isMetric
        ? CONDITIONS
        : [...CONDITIONS.slice(0, -2), 'in', ...CONDITIONS.slice(-2)],
    valueText: valueText(columnId, trans)
  };
}
