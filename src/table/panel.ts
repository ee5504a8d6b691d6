/** The Trial Component List: heading, grid and properties in one tab. */
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { type Menu, Panel, Widget } from '@lumino/widgets';

import { TableAnnouncer } from './head/announcer';
import { ChartsHost } from './charts/host';
import type { IChartsOptions } from './charts/options';
import { TableFilterBar } from './filter/bar';
import { TableGrid } from './grid/grid';
import { TableHead } from './head/head';
import { IMessageProps, TableMessage, TableNotice } from './head/message';
import type { TableModel } from './model';
import { HoveredRow } from './grid/hover';
import { TableProperties } from './properties/panel';
import { SeriesChecks } from './rows/series';
import { ViewNotice } from './views/notice';

import '../../style/comparing.css';
import '../../style/table.css';
import '../../style/tablegrid.css';
import '../../style/tableproperties.css';
import '../../style/views.css';

/** Arranges the parts of a table. Each part draws the model on its own. */
export class TablePanel extends Panel {
  constructor(options: TablePanel.IOptions) {
    super();
    const { model, trans, locale } = options;
    this.model = model;
    this.series = new SeriesChecks(model);
    this.addClass('smx-TablePanel');
    const hovered = new HoveredRow();
    this.grid = new TableGrid({ ...options, hovered });
    this.charts = new ChartsHost({ ...options, hovered, execute: options.onChart });
    this.head = new TableHead({
      model,
      trans,
      whyNotDeploy: options.whyNotDeploy,
      whyNotAddChart: options.whyNotAddChart,
      onAddChart: options.onAddChart,
      onDeploy: options.onDeploy,
      onProperties: () => this.toggleProperties(),
      onExport: options.onExport,
      onViews: options.onViews,
      viewText: options.viewText
    });
    this.filters = new TableFilterBar({
      model,
      trans,
      locale,
      focusGrid: () => this.grid.focusActive()
    });
    this._properties = new TableProperties({ model, trans, locale });
    const rows = new Panel();
    rows.addClass('smx-TablePanel-rows');
    rows.addWidget(this.grid);
    rows.addWidget(new TableMessage(options));
    rows.addWidget(new RowsAbove(this.grid, trans));
    const below = new Panel();
    below.addClass('smx-TablePanel-below');
    const main = new Panel();
    main.addClass('smx-TablePanel-main');
    main.addWidget(this.charts);
    main.addWidget(rows);
    below.addWidget(main);
    below.addWidget(this._properties);
    below.addWidget(this.charts.pane);
    this.addWidget(this.head);
    this.addWidget(this.filters);
    this.addWidget(new TableNotice({ model, trans, locale }));
    this.addWidget(new ViewNotice({ model, trans }));
    this.addWidget(below);
    this.addWidget(new TableAnnouncer({ model, trans }));
    model.viewChanged.connect(this._onView, this);
    this.charts.state.changed.connect(this._onView, this);
    // Going on in the table ends the choice of a chart.
    this.grid.node.addEventListener('focusin', () => this.charts.state.choose(null));
    this._onView();
  }

  readonly model: TableModel;
  readonly grid: TableGrid;
  readonly head: TableHead;
  readonly filters: TableFilterBar;
  readonly series: SeriesChecks;
  readonly charts: ChartsHost;

  dispose(): void {
    this.model.dispose();
    super.dispose();
  }

  /** Open or close TABLE PROPERTIES. If a closed pane had the focus, the focus moves. */
  toggleProperties(): void {
    if (this.charts.state.isPaneOpen) {
      // The gear belongs to the table, so its properties replace those of the chart.
      this.charts.state.choose(null);
      this.model.update(view => ({ ...view, propertiesOpen: true }));
      return;
    }
    const hadFocus = this._properties.node.contains(document.activeElement);
    this.model.update(view => ({
      ...view,
      propertiesOpen: !view.propertiesOpen
    }));
    if (hadFocus) {
      this.head.focusGear();
    }
  }

  /** Close CHART PROPERTIES; the focus moves to the chart. */
  closeChart(): void {
    this.charts.state.closePane();
    this.charts.charts?.chosen?.node.focus();
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this.model.setVisible(this.isVisible);
  }

  protected onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this.model.setVisible(true);
  }

  protected onBeforeHide(msg: Message): void {
    this.model.setVisible(false);
    super.onBeforeHide(msg);
  }

  protected onBeforeDetach(msg: Message): void {
    this.model.setVisible(false);
    super.onBeforeDetach(msg);
  }

  protected onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    this.grid.focusActive();
  }

  private _onView(): void {
    const { isPaneOpen } = this.charts.state;
    this._properties.setHidden(!this.model.view.propertiesOpen || isPaneOpen);
  }

  private readonly _properties: TableProperties;
}

/** A button that shows the number of new rows above the screen, and scrolls to them. */
class RowsAbove extends Widget {
  constructor(grid: TableGrid, trans: TranslationBundle) {
    super({ node: document.createElement('button') });
    this.addClass('smx-List-above');
    this.addClass('smx-TablePanel-above');
    this.hide();
    this.node.addEventListener('click', () => {
      grid.scrollToTop();
      grid.focusActive();
    });
    grid.aboveChanged.connect((_, count) => {
      this.node.textContent = trans._n('%1 new row above', '%1 new rows above', count);
      this.setHidden(count === 0);
    });
  }
}

export namespace TablePanel {
  /** Options of a table's tab. */
  export interface IOptions extends IMessageProps {
    model: TableModel;
    trans: TranslationBundle;
    locale: string;
    contextMenu: Menu;
    whyNotDeploy: () => string | null;
    whyNotAddChart: () => string | null;
    onAddChart: () => void;
    /** Execute a command for charts. */
    onChart: IChartsOptions['execute'];
    /** JupyterLab's renderers for charts; null without any. */
    rendermime: IRenderMimeRegistry | null;
    onDeploy: () => void;
    onExport: () => void;
    onViews: () => void;
    /** Returns the name of the saved view; null for none. */
    viewText: () => string | null;
    /** Open the active row. */
    onOpen: () => void;
  }
}
