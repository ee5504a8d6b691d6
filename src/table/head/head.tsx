/** The line above the table: its name, the number of rows, and the actions. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal, caretDownIcon, settingsIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { deployIcon } from '../../ui/pieces/icons';
import { isFiltered } from '../view/filters';
import type { TableModel } from '../model';

interface ITableHeadProps {
  model: TableModel;
  trans: TranslationBundle;
  /** Why no model can be deployed now; null if one can. */
  whyNotDeploy: () => string | null;
  /** Why no chart can be added now; null if one can. */
  whyNotAddChart: () => string | null;
  onAddChart: () => void;
  onDeploy: () => void;
  onProperties: () => void;
  onExport: () => void;
  onViews: () => void;
  /** The saved view of the table, such as `best runs` or `best runs (changed)`. */
  viewText: () => string | null;
}

export class TableHead extends ReactWidget {
  constructor(private readonly _props: ITableHeadProps) {
    super();
    this.addClass('smx-TableHead');
  }

  /** Focus the gear button. */
  focusGear(): void {
    this.node.querySelector<HTMLElement>('.smx-TableHead-gear')?.focus();
  }

  /** Return the button of a menu. */
  button(menu: 'export' | 'views'): HTMLElement | null {
    return this.node.querySelector<HTMLElement>(`[data-smx-menu="${menu}"]`);
  }

  protected render(): JSX.Element {
    const { model } = this._props;
    return (
      <UseSignal signal={model.selection.changed}>
        {() => (
          <UseSignal signal={model.changed}>
            {() => (
              <UseSignal signal={model.viewChanged}>{() => <Head {...this._props} />}</UseSignal>
            )}
          </UseSignal>
        )}
      </UseSignal>
    );
  }
}

function Head(props: ITableHeadProps): JSX.Element {
  const { model, trans } = props;
  const total = model.rows.total;
  const viewText = props.viewText();
  return (
    <>
      <div className="smx-TableHead-titles">
        <h2>{trans.__('TRIAL COMPONENTS')}</h2>
        <p>
          <span className="smx-TableHead-selected">
            {trans._n('%1 row selected', '%1 rows selected', model.selection.size)}
          </span>
          {total !== null && !model.isWaiting && (
            <span className="smx-TableHead-total">{totalText(model, total, trans)}</span>
          )}
          <SeriesProgress model={model} trans={trans} />
          {viewText !== null && (
            <span className="smx-TableHead-view">{trans.__('View: %1', viewText)}</span>
          )}
        </p>
      </div>
      <div className="smx-TableHead-actions">
        <ActionButton
          className="jp-mod-minimal smx-TableHead-menu"
          label={trans.__('Add chart')}
          reason={props.whyNotAddChart()}
          onClick={props.onAddChart}
        />
        <ActionButton
          className="jp-mod-styled jp-mod-accept smx-TableHead-deploy"
          label={trans.__('Deploy model')}
          icon={<deployIcon.react tag="span" className="smx-Icon" />}
          reason={props.whyNotDeploy()}
          onClick={props.onDeploy}
        />
        <MenuButton menu="export" label={trans.__('Export')} onClick={props.onExport} />
        <MenuButton menu="views" label={trans.__('Views')} onClick={props.onViews} />
        <button
          type="button"
          className="jp-Button jp-mod-minimal smx-TableHead-gear"
          title={trans.__('Table properties')}
          aria-label={trans.__('Table properties')}
          aria-expanded={model.view.propertiesOpen}
          onClick={props.onProperties}
        >
          <settingsIcon.react tag="span" className="smx-Icon" />
        </button>
      </div>
    </>
  );
}

/** A button that says why it is disabled. */
function ActionButton(props: {
  className: string;
  label: string;
  icon?: JSX.Element;
  reason: string | null;
  onClick: () => void;
}): JSX.Element {
  const { className, label, icon, reason, onClick } = props;
  const id = React.useId();
  return (
    <>
      <button
        type="button"
        className={`jp-Button ${className}`}
        aria-disabled={reason !== null}
        aria-describedby={reason === null ? undefined : id}
        title={reason ?? undefined}
        onClick={() => reason === null && onClick()}
      >
        {icon}
        {label}
      </button>
      <span id={id} hidden>
        {reason}
      </span>
    </>
  );
}

/** The progress of reading values at the best step. */
function SeriesProgress({
  model,
  trans
}: Pick<ITableHeadProps, 'model' | 'trans'>): JSX.Element | null {
  const { series, seriesLeft } = model;
  if (!series || (!series.error && seriesLeft === 0)) {
    return null;
  }
  return (
    <span className="smx-TableHead-series" title={series.error?.message}>
      {series.error
        ? trans.__('The logged steps could not be read: %1', series.error.message)
        : trans.__('Reading logged steps: %1 of %2', series.done, series.total)}
    </span>
  );
}

function MenuButton(props: { menu: string; label: string; onClick: () => void }): JSX.Element {
  return (
    <button
      type="button"
      className="jp-Button jp-mod-minimal smx-TableHead-menu"
      data-smx-menu={props.menu}
      aria-haspopup="menu"
      aria-expanded="false"
      onClick={props.onClick}
    >
      {props.label}
      <caretDownIcon.react tag="span" className="smx-Icon" />
    </button>
  );
}

function totalText(model: TableModel, lines: number, trans: TranslationBundle): string {
  const { groups, passed, baseline, hiddenByType } = model.rows;
  // If the baseline does not pass the filters, it has a line of its own.
  const total = groups !== null || baseline ? passed : lines;
  const all = Math.max(model.totalRows ?? 0, total + hiddenByType);
  const rows = isFiltered(model.view)
    ? trans.__('%1 of %2 rows', total, all)
    : trans._n('%1 row', '%1 rows', total);
  return groups === null ? rows : trans._n('%2 in %1 group', '%2 in %1 groups', groups, rows);
}
