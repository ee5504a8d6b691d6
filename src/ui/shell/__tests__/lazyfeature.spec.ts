import type { JupyterFrontEnd } from '@jupyterlab/application';
import { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { describe, expect, it } from 'vitest';

import { LazyFeature } from '../lazyfeature';
import { LazyPanel } from '../lazypanel';

const COMMAND = 'smx-lab:open-endpoint';

function app(): { commands: CommandRegistry } & JupyterFrontEnd {
  return { commands: new CommandRegistry() } as JupyterFrontEnd;
}

describe('what is loaded late', () => {
  it('is loaded once, for whoever asks first', async () => {
    let loads = 0;
    const late = new LazyFeature(
      app(),
      async () => ({ load: ++loads }),
      module => ({ module })
    );
    expect(late.now).toBeNull();
    const [one, other] = await Promise.all([late.get(), late.get()]);
    expect(one).toBe(other);
    expect(late.now).toBe(one);
    expect(loads).toBe(1);
  });

  it('is asked for again after it could not be fetched', async () => {
    let tries = 0;
    const late = new LazyFeature(
      app(),
      async () => {
        if (++tries === 1) {
          throw new Error('offline');
        }
      },
      () => 'there'
    );
    await expect(late.get()).rejects.toThrow('offline');
    expect(await late.get()).toBe('there');
  });

  it('comes with the first input, and takes over the commands that stand in', async () => {
    const front = app();
    const heard: unknown[] = [];
    const late = new LazyFeature(
      front,
      async () => undefined,
      () =>
        front.commands.addCommand(COMMAND, {
          label: 'the real one',
          execute: args => heard.push(args.endpointName)
        })
    );
    late.standIn(COMMAND, { label: 'the early one' });
    expect(front.commands.label(COMMAND)).toBe('the early one');
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }));
    await front.commands.execute(COMMAND, { endpointName: 'digits' });
    expect(front.commands.label(COMMAND)).toBe('the real one');
    expect(heard).toEqual(['digits']);
  });
});

describe('a panel that is loaded late', () => {
  it('asks for its contents when it is first shown, and passes the focus on', async () => {
    let loads = 0;
    let activated = 0;
    const inner = new Widget();
    inner.processMessage = message => {
      activated += message.type === 'activate-request' ? 1 : 0;
    };
    const panel: LazyPanel = new LazyPanel(
      { id: 'list', caption: 'List', icon: undefined },
      async () => {
        loads += panel.widgets.length === 0 ? 1 : 0;
        panel.addWidget(inner);
      }
    );
    panel.hide();
    Widget.attach(panel, document.body);
    expect(loads).toBe(0);
    panel.show();
    expect(loads).toBe(1);
    panel.activate();
    MessageLoop.flush();
    await Promise.resolve();
    await new Promise(resolve => setTimeout(resolve));
    MessageLoop.flush();
    expect(activated).toBe(1);
    expect(loads).toBe(1);
    panel.dispose();
  });
});
