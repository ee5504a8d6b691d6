/** The **Compare** document: a few trial components side by side. */
import { MainAreaWidget, ReactWidget } from '@jupyterlab/apputils';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import type { IRow } from '../../api/types';
import { CommandIDs } from '../../commands';
import { tableIcon } from '../../ui/pieces/icons';
import {
  CopyButton,
  EmptyState,
  ErrorState,
  LiveRegion,
  LoadingRows,
  StaleNotice,
  useNow
} from '../../ui/pieces/states';
import { VisibilityWidget } from '../../ui/shell/visibility';
import { SearchBox } from '../../ui/forms/searchbox';
import { statusWord } from '../../ui/pieces/status';
import { localeOf } from '../../ui/words/time';
import { Box } from '../properties/box';
import { CompareGrid } from './grid';
import type { ComparisonModel, ComparisonState } from './model';
import {
  comparedGoals,
  comparedSections,
  comparisonTsv,
  withNameLike,
  onlyDifferent
} from './comparison';
import type { IShownColumn } from '../view/columns';
import { contentWord } from '../view/words';

import '../../../style/comparing.css';
import '../../../style/table.css';
import '../../../style/tablegrid.css';
import '../../../style/tableproperties.css';

interface IComparePanelOptions {
  model: ComparisonModel;
  commands: CommandRegistry;
  translator: ITranslator;
}

interface IContext extends IComparePanelOptions {
  trans: TranslationBundle;
  locale: string;
  close: () => void;
}

class CompareContent extends VisibilityWidget {
  constructor(private readonly _options: IComparePanelOptions) {
    super();
    this.addClass('smx-Comparison');
    this.node.tabIndex = -1;
  }

  protected render(): JSX.Element {
    const { model, translator } = this._options;
    const context: IContext = {
      ...this._options,
      trans: translator.load('smx_lab'),
      locale: localeOf(translator),
      close: () => this.parent?.close()
    };
    return <UseSignal signal={model.changed}>{() => <Body {...context} />}</UseSignal>;
  }

  protected onVisibilityChange(isVisible: boolean): void {
    this._options.model.poll.visible = isVisible;
  }

  protected onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    const stop = this.node.querySelector<HTMLElement>('.smx-CompareGrid [tabindex="0"]');
    (stop ?? this.node).focus();
  }
}

/** A comparison in a tab of the main area. */
export class ComparePanel extends MainAreaWidget<ReactWidget> {
  constructor(options: IComparePanelOptions) {
    super({ content: new CompareContent(options) });
    this.model = options.model;
    this.toolbar.hide();
    this.title.icon = tableIcon;
    this.title.closable = true;
  }

  readonly model: ComparisonModel;

  dispose(): void {
    this.model.dispose();
    super.dispose();
  }
}

function Body(context: IContext): JSX.Element {
  const { model, trans } = context;
  const { state } = model;
  const retry = (): void => void model.poll.refresh();
  switch (state.is) {
    case 'loading':
      return <LoadingRows trans={trans} onStop={context.close} />;
    case 'failed':
      return (
        <ErrorState
          error={state.error}
          actions={[{ label: trans.__('Retry now'), accept: true, onClick: retry }]}
          trans={trans}
        />
      );
    case 'ready':
      return (
        <>
          {state.error && (
            <StaleNotice
              error={state.error}
              nextTime={model.poll.nextTime}
              onRetry={retry}
              trans={trans}
            />
          )}
          <Comparison {...context} state={state} />
        </>
      );
  }
}

/** Relative times are drawn again this often, in milliseconds. */
const CLOCK_MS = 20_000;

function Comparison(
  context: IContext & { state: Extract<ComparisonState, { is: 'ready' }> }
): JSX.Element {
  const { model, state, trans, locale } = context;
  const { window, fields, table } = state;
  const { view, onlyDifferences = false, hiddenColumns = false, rows: asked } = model.args;
  const [filter, setFilter] = React.useState('');
  const now = useNow(CLOCK_MS);
  const all = React.useMemo(() => {
    const format = { locale, now, status: statusWordOf(trans) };
    return comparedSections(fields, window, comparedGoals({ view }), format);
  }, [fields, window, view, locale, now, trans]);
  const sections = withNameLike(onlyDifferences ? onlyDifferent(all) : all, filter);
  const count = sections.reduce((sum, section) => sum + section.fields.length, 0);
  const isMissing = table.complete && window.rows.length < asked.length;
  if (window.rows.length === 0 && table.complete) {
    return (
      <EmptyState
        message={trans.__('These trial components are not in the table any more.')}
        actions={[{ label: trans.__('Close tab'), accept: true, onClick: context.close }]}
        trans={trans}
      />
    );
  }
  return (
    <>
      <div className="smx-Comparison-head">
        <h2>{trans.__('COMPARE')}</h2>
        <Box
          label={trans.__('Only differences')}
          checked={onlyDifferences}
          onChange={on => model.update({ onlyDifferences: on })}
        />
        <Box
          label={trans.__('Hidden columns too')}
          checked={hiddenColumns}
          onChange={on => model.update({ hiddenColumns: on })}
        />
        <SearchBox label={trans.__('Filter field names')} value={filter} onChange={setFilter} />
        <CopyButton
          text={comparisonTsv(sections, fields, window.rows, trans.__('Field'), column =>
            labelOf(column, trans)
          )}
          label={trans.__('Copy')}
          trans={trans}
        />
        <LiveRegion text={trans._n('%1 field', '%1 fields', count)} />
      </div>
      {isMissing && (
        <p className="smx-Comparison-missing" role="status">
          {trans._n(
            '%1 trial component is not in the table any more.',
            '%1 trial components are not in the table any more.',
            asked.length - window.rows.length
          )}
        </p>
      )}
      <div className="smx-Comparison-scroll">
        {count > 0 ? (
          <CompareGrid
            sections={sections}
            rows={window.rows}
            onlyDifferent={onlyDifferences}
            onOpen={row => openDetails(context, row)}
            onRemove={
              window.rows.length > 2
                ? row => model.update({ rows: asked.filter(id => id !== row.id) })
                : null
            }
            trans={trans}
          />
        ) : (
          <EmptyState
            message={filter ? trans.__('No field has such a name.') : trans.__('Nothing differs.')}
            trans={trans}
          />
        )}
      </div>
    </>
  );
}

function statusWordOf(trans: TranslationBundle): (status: NonNullable<IRow['status']>) => string {
  return status => statusWord(status, trans);
}

function labelOf(column: IShownColumn, trans: TranslationBundle): string {
  const word = contentWord(column, trans);
  return word ? `${column.label} (${word})` : column.label;
}

function openDetails({ model, commands }: IContext, row: IRow): void {
  void commands.execute(CommandIDs.openTrialComponent, {
    connectionId: model.args.connectionId,
    trialComponentName: row.trial_component_name,
    ...(row.trial_name === null ? {} : { trialName: row.trial_name }),
    ...(row.experiment_name === null ? {} : { experimentName: row.experiment_name })
  });
}
