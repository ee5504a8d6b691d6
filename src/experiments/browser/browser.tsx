/** The parts of the experiments browser, from the top. */
import { ellipsesIcon, homeIcon, refreshIcon, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { CommandIDs } from '../../commands';
import { ConnectionChip } from '../../ui/pieces/chip';
import { IconButton } from '../../ui/pieces/iconbutton';
import { List } from '../../ui/list/list';
import { Name } from '../../ui/pieces/names';
import { LiveRegion, StaleNotice, useNow } from '../../ui/pieces/states';
import { browserColumns, shownName } from './columns';
import { FilterBox } from './filterbox';
import type { SortBy } from '../rows/sort';
import type { IPanelContext } from '../options';
import { IBrowserRow, IPlace, levelOf } from '../rows/rows';
import { ListEnd } from './states';

import '../../../style/experiments.css';

/** Relative times are drawn again this often, in milliseconds. */
const TICK_MS = 5000;

/** Draws the model. */
export function Browser(context: IPanelContext): JSX.Element {
  const { model, connections } = context;
  return (
    <UseSignal signal={connections.changed}>
      {() => (
        <UseSignal signal={model.stateChanged}>
          {() => (
            <UseSignal signal={model.selection.changed}>{() => <Content {...context} />}</UseSignal>
          )}
        </UseSignal>
      )}
    </UseSignal>
  );
}

function Content(context: IPanelContext): JSX.Element {
  const { model, trans } = context;
  const { state, selection } = model;
  const heading = {
    experiments: trans.__('EXPERIMENTS'),
    trials: trans.__('TRIALS'),
    components: trans.__('TRIAL COMPONENTS')
  }[model.level];
  const count = selection.selected.size;
  const selected = trans._n('%1 row selected', '%1 rows selected', count);
  const stale = state.is === 'ready' ? state.error : null;
  return (
    <>
      <Toolbar {...context} />
      <Breadcrumb {...context} />
      <FilterBox key={JSON.stringify(model.place)} {...context} />
      <h2 className="smx-ExperimentsPanel-heading">{heading}</h2>
      <div className="smx-ExperimentsPanel-selected">
        <span>{selected}</span>
        <span className="smx-ExperimentsPanel-hint">
          {trans.__('Drop on a trial; rest on Home or an experiment to open it')}
        </span>
      </div>
      {stale && (
        <UseNextTime {...context}>
          {nextTime => (
            <StaleNotice
              error={stale}
              nextTime={nextTime}
              onRetry={() => void model.refresh()}
              trans={trans}
            />
          )}
        </UseNextTime>
      )}
      <Rows {...context} heading={heading} />
      <LiveRegion text={count ? selected : spokenCount(context)} />
    </>
  );
}

/** Draws the time of the next try again whenever it changes. */
function UseNextTime(
  props: IPanelContext & { children: (nextTime: number | null) => JSX.Element }
): JSX.Element {
  const { poll } = props.model;
  const [, redraw] = React.useReducer((turns: number) => turns + 1, 0);
  React.useEffect(() => {
    const onChanged = (): void => redraw();
    poll.changed.connect(onChanged);
    return () => void poll.changed.disconnect(onChanged);
  }, [poll]);
  return props.children(poll.nextTime);
}

function spokenCount({ model, trans }: IPanelContext): string {
  const { state } = model;
  if (state.is !== 'ready') {
    return state.is === 'loading' ? trans.__('Loading…') : '';
  }
  const count = state.rows.length;
  if (!state.complete) {
    return trans.__('%1 rows, more follow', count);
  }
  return trans._n('%1 row', '%1 rows', count);
}

function Toolbar(context: IPanelContext): JSX.Element {
  const { model, connections, commands, trans } = context;
  const menu = model.level === 'components' ? 'smx-mod-component' : 'smx-mod-hierarchy';
  return (
    <div className="smx-Toolbar" role="group" aria-label={trans.__('Toolbar')}>
      <IconButton
        icon={refreshIcon}
        label={trans.__('Refresh')}
        onClick={() => void commands.execute(CommandIDs.refreshExperiments)}
      />
      <ConnectionChip connections={connections} commands={commands} trans={trans} />
      <IconButton
        icon={ellipsesIcon}
        label={trans.__('More actions')}
        className={menu}
        hasMenu
        onClick={context.openMenu}
      />
    </div>
  );
}

function Breadcrumb({ model, trans }: IPanelContext): JSX.Element {
  const { place } = model;
  const steps: { label: string; place: IPlace }[] = [{ label: trans.__('Home'), place: {} }];
  if (place.unassigned) {
    steps.push({ label: trans.__('Unassigned trial components'), place: { unassigned: true } });
  }
  if (place.experimentName !== undefined) {
    const { experimentName } = place;
    steps.push({ label: experimentName, place: { experimentName } });
    if (place.trialName !== undefined) {
      steps.push({ label: place.trialName, place });
    }
  }
  return (
    <nav className="smx-ExperimentsPanel-breadcrumb" aria-label={trans.__('Breadcrumb')}>
      <ol>
        {steps.map((step, index) => {
          const isLast = index === steps.length - 1;
          return (
            <li key={levelOf(step.place) + step.label}>
              <button
                aria-current={isLast ? 'location' : undefined}
                aria-label={step.label}
                title={step.label}
                onClick={() => {
                  if (!isLast) {
                    model.open(step.place);
                  }
                }}
              >
                {index === 0 ? (
                  <>
                    <homeIcon.react tag="span" className="smx-Icon" />
                    <span>{step.label}</span>
                  </>
                ) : (
                  <Name name={step.label} />
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function Rows(context: IPanelContext & { heading: string }): JSX.Element {
  const { model, commands, trans, locale } = context;
  const { state, sort } = model;
  const now = useNow(TICK_MS);
  const columns = React.useMemo(() => browserColumns(trans, locale, now), [now, locale]);
  const complete = state.is === 'ready' && state.complete;
  return (
    <List<IBrowserRow>
      listId={model.listId}
      label={context.heading}
      rows={model.rows}
      keyOf={row => row.key}
      columns={columns}
      selection={model.selection}
      trans={trans}
      locale={locale}
      total={complete ? model.rows.length : state.is === 'ready' ? null : 0}
      busy={state.is === 'loading' || model.isChanging}
      sort={{ columnId: sort.by, order: sort.order }}
      onSort={id => model.sortBy(id as SortBy)}
      onOpen={() => void commands.execute(CommandIDs.openSelected)}
      onVisible={(first, last) => model.setVisible(first, last)}
      rowAttributes={row => ({
        className: `smx-ExperimentsPanel-row ${
          row.kind === 'component' ? 'smx-mod-component' : 'smx-mod-hierarchy'
        }${row.kind === 'unassigned' ? ' smx-mod-unassigned' : ''}`,
        draggable: row.kind === 'component',
        'data-kind': row.kind,
        'data-name': row.name || shownName(row, trans)
      })}
      end={<ListEnd {...context} />}
    />
  );
}
