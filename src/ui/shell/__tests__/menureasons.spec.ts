import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import { expect, it, vi } from 'vitest';

import { reasonDataset, showMenuReasons } from '../menureasons';

it('a menu tells why an entry is disabled, and not of the one that stood there before', async () => {
  showMenuReasons();
  const commands = new CommandRegistry();
  let reason: string | null = 'Disabled by your administrator';
  commands.addCommand('deploy', {
    label: 'Deploy model',
    isEnabled: () => reason === null,
    dataset: () => reasonDataset(reason),
    execute: () => undefined
  });
  const menu = new Menu({ commands });
  menu.addItem({ command: 'deploy' });
  const open = (): Element => {
    menu.open(0, 0);
    return menu.contentNode.children[0];
  };
  const entry = open();
  await vi.waitFor(() => expect(entry.getAttribute('title')).toBe(reason));
  expect(entry.getAttribute('aria-description')).toBe(reason);
  menu.close();
  reason = null;
  expect(open()).toBe(entry);
  await vi.waitFor(() => expect(entry.hasAttribute('title')).toBe(false));
  expect(entry.hasAttribute('aria-description')).toBe(false);
  menu.dispose();
});
