/** The parts around the picture of a chart. */
import {
  ReactWidget,
  closeIcon,
  copyIcon,
  downloadIcon,
  editIcon,
  launchIcon,
  tableRowsIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';

import { CommandIDs } from '../../commands';
import { IconButton } from '../../ui/pieces/iconbutton';
import type { IChartCardOptions, IShownCard } from './options';
import { valuesOf } from './texts';
import { chartNotes } from './words';

interface IPartOptions extends IChartCardOptions {
  card: IShownCard;
}

/** The card lists this many rows of values; the file has all. Our choice. */
const MAX_SHOWN = 200;

export class CardHead extends ReactWidget {
  constructor(private readonly _options: IPartOptions) {
    super();
    this.addClass('smx-Chart-head');
  }

  protected render(): JSX.Element {
    const { card, trans, execute } = this._options;
    return (
      <>
        <h3 title={card.title_}>{card.title_}</h3>
        <div className="smx-Chart-buttons">
          <IconButton
            icon={editIcon}
            label={trans.__('Edit')}
            onClick={() => execute(CommandIDs.editTableChart)}
          />
          <IconButton
            icon={tableRowsIcon}
            label={card.isTable ? trans.__('Show as chart') : trans.__('Show as table')}
            onClick={() => execute(CommandIDs.toggleTableChartValues)}
          />
          <IconButton
            icon={launchIcon}
            label={card.isFull ? trans.__('Close full view') : trans.__('Full view')}
            onClick={() => execute(CommandIDs.toggleTableChartFull)}
          />
          <IconButton
            icon={downloadIcon}
            label={trans.__('Download')}
            hasMenu
            className="smx-Chart-download"
            onClick={() => execute(CommandIDs.openTableChartMenu)}
          />
          <IconButton
            icon={copyIcon}
            label={trans.__('Copy code')}
            onClick={() => execute(CommandIDs.copyTableChartCode)}
          />
          <IconButton
            icon={closeIcon}
            label={trans.__('Remove chart')}
            onClick={() => execute(CommandIDs.removeTableChart)}
          />
        </div>
      </>
    );
  }
}

/** The values or the message that is shown instead of the picture. */
export class CardBody extends ReactWidget {
  constructor(private readonly _options: IPartOptions) {
    super();
    this.addClass('smx-Chart-body');
  }

  protected render(): JSX.Element | null {
    const { card, trans } = this._options;
    const { state } = card.feed;
    switch (state.is) {
      case 'empty':
        return <p>{trans.__('Choose what it shows in CHART PROPERTIES.')}</p>;
      case 'loading':
        return <p role="status">{trans.__('Reading…')}</p>;
      case 'failed':
        return <p role="alert">{state.error.message}</p>;
      case 'ready':
        return (
          <>
            {!card.canDraw && (
              <p>
                {trans.__(
                  'JupyterLab’s Vega extension is disabled here, so that no chart can be drawn.'
                )}
              </p>
            )}
            {card.drawError && (
              <p role="alert">
                {trans.__('The chart could not be drawn: %1', card.drawError.message)}
              </p>
            )}
            {card.isTable && <Values {...this._options} />}
          </>
        );
    }
  }
}

function Values({ card, locale, trans }: IPartOptions): JSX.Element | null {
  const { state } = card.feed;
  if (state.is !== 'ready') {
    return null;
  }
  const { headers, rows } = valuesOf(card.chart, state.drawn);
  return (
    <div className="smx-Chart-values" tabIndex={0} role="region" aria-label={card.title_}>
      <table>
        <thead>
          <tr>
            {headers.map((header, at) => (
              <th key={at} scope="col">
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MAX_SHOWN).map((row, at) => (
            <tr key={at}>
              {row.map((value, place) => (
                <td key={place} className={typeof value === 'number' ? 'smx-mod-right' : ''}>
                  {typeof value === 'number'
                    ? value.toLocaleString(locale, { maximumSignificantDigits: 6 })
                    : value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MAX_SHOWN && (
        <p>
          {trans.__(
            'The first %1 of %2 values; all of them are in the CSV file.',
            MAX_SHOWN,
            rows.length
          )}
        </p>
      )}
    </div>
  );
}

export class CardNotes extends ReactWidget {
  constructor(private readonly _options: IPartOptions) {
    super();
    this.addClass('smx-Chart-notes');
  }

  protected render(): JSX.Element {
    const { card, trans } = this._options;
    return (
      <>
        {chartNotes(card.chart, card.feed.state, trans).map(note => (
          <p key={note}>{note}</p>
        ))}
      </>
    );
  }
}
