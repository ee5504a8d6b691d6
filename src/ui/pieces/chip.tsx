/** The connection chip, and the menu that the chip and the status bar open. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import type { IConnection } from '../../api/types';
import { CommandIDs } from '../../commands';
import type { IConnections } from '../../tokens';
import { cloudIcon, localIcon } from './icons';

/** `Local`, or those parts of `profile · region · account` that are known. */
export function connectionText(connection: IConnection): string {
  if (connection.kind === 'local') {
    return connection.label;
  }
  const parts = [connection.profile, connection.region, connection.account];
  return parts.filter(part => part).join(' · ') || connection.label;
}

/** Open the menu of connections: below a chip in a panel, above the status bar. */
export function openConnectionMenu(
  anchor: HTMLElement,
  connections: IConnections,
  commands: CommandRegistry,
  trans: TranslationBundle
): void {
  const menu = new MenuSvg({ commands });
  menu.addClass('smx-ConnectionMenu');
  for (const { id } of connections.connections) {
    menu.addItem({ command: CommandIDs.selectConnection, args: { connectionId: id } });
  }
  menu.addItem({ type: 'separator' });
  const { regions } = connections;
  if (regions.length > 0) {
    const submenu = new MenuSvg({ commands });
    submenu.title.label = trans.__('Region');
    for (const region of regions) {
      submenu.addItem({ command: CommandIDs.selectRegion, args: { region } });
    }
    menu.addItem({ type: 'submenu', submenu });
  } else if (connections.current?.kind === 'aws') {
    menu.addItem({ command: CommandIDs.selectRegion });
  }
  menu.addItem({ command: CommandIDs.selectConnection });
  menu.addItem({ command: CommandIDs.testConnection });
  menu.aboutToClose.connect(() => {
    anchor.setAttribute('aria-expanded', 'false');
    anchor.focus();
    // Lumino executes the chosen command after this signal.
    requestAnimationFrame(() => menu.dispose());
  });
  const box = anchor.getBoundingClientRect();
  anchor.setAttribute('aria-expanded', 'true');
  menu.open(box.left, box.bottom);
  menu.activeIndex = Math.max(
    0,
    connections.connections.findIndex(({ id }) => id === connections.current?.id)
  );
}

/** The current connection, as a button that opens the menu of connections. */
export function ConnectionChip(props: {
  connections: IConnections;
  commands: CommandRegistry;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { connections, commands, trans } = props;
  const { current } = connections;
  if (!current) {
    return null;
  }
  const Icon = current.kind === 'local' ? localIcon : cloudIcon;
  const text = connectionText(current);
  return (
    <button
      className="smx-Chip"
      data-kind={current.kind}
      data-tint={current.tint ?? undefined}
      aria-haspopup="menu"
      aria-expanded="false"
      aria-label={trans.__('Connection: %1', text)}
      title={trans.__('Connection: %1', text)}
      onClick={event => openConnectionMenu(event.currentTarget, connections, commands, trans)}
    >
      <Icon.react tag="span" className="smx-Icon" />
      <span className="smx-Chip-text">{text}</span>
      <caretDownIcon.react tag="span" className="smx-Icon" />
    </button>
  );
}
