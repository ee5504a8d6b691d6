import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const answer = { accept: true };
vi.mock('@jupyterlab/apputils', () => ({
  Dialog: { cancelButton: () => ({}), warnButton: () => ({}) },
  showDialog: () => Promise.resolve({ button: answer })
}));

import { WorkingFolder } from '../../commands/folder';
import { IViewSettings, NamedViews } from '../named';
import { originOf } from '../../view/origin';
import { viewFileText } from '../saved';
import { ViewFiles } from '../files';

const VIEW = { statistics: { 'metric:loss': 'Min' } };
const FILE = { connectionId: 'local', origin: originOf({ experiments: ['mnist'] }), view: VIEW };
const OTHER = { ...FILE, view: { types: [] } };

class MemorySettings implements IViewSettings {
  composite: Record<string, unknown> = { views: {}, defaultView: '' };
  changed = new Signal<this, void>(this);
  set(key: string, value: never): Promise<void> {
    this.composite = { ...this.composite, [key]: value };
    this.changed.emit();
    return Promise.resolve();
  }
}

/** Files by path, as JupyterLab's contents answer for them. */
class MemoryContents {
  files: Record<string, string> = {};
  get = (path: string, options?: { type?: string }): Promise<any> =>
    Promise.resolve(
      options?.type === 'directory'
        ? {
            content: Object.keys(this.files)
              .filter(name => name.startsWith(path ? `${path}/` : ''))
              .map(name => ({ name: name.slice(path ? path.length + 1 : 0) }))
          }
        : { content: this.files[path] }
    );
  save = (path: string, model: any): Promise<any> => {
    this.files[path] = model.content;
    return Promise.resolve({});
  };
}

describe('views with a name', () => {
  let settings: MemorySettings;
  let views: NamedViews;
  beforeEach(() => {
    settings = new MemorySettings();
    views = new NamedViews();
    views.follow(settings);
  });

  it('are kept in the settings, in the order of their names', async () => {
    await views.save('worst', VIEW);
    await views.save('best', VIEW);
    expect(views.names).toEqual(['best', 'worst']);
    expect(views.find('best')).toEqual(VIEW);
    expect(settings.composite.views).toEqual({ worst: VIEW, best: VIEW });
  });

  it('are renamed and deleted, and the default goes with them', async () => {
    await views.save('best', VIEW);
    await views.setDefault('best');
    await views.rename('best', 'good');
    expect([views.names, views.defaultName]).toEqual([['good'], 'good']);
    await views.delete('good');
    expect([views.names, views.defaultName]).toEqual([[], null]);
    expect(settings.composite.defaultView).toBe('');
  });

  it('may have names that objects know too', async () => {
    expect(views.find('constructor')).toBeUndefined();
    await views.save('toString', VIEW);
    expect(views.names).toEqual(['toString']);
    settings.composite = { views: {}, defaultView: 'toString' };
    expect(views.defaultName).toBeNull();
  });

  it('are none where somebody wrote nonsense into the settings', () => {
    settings.composite = { views: { best: 7, good: VIEW }, defaultView: 'best' };
    expect([views.names, views.defaultName]).toEqual([['good'], null]);
    settings.composite = { views: 'none', defaultView: 3 };
    expect([views.names, views.defaultName]).toEqual([[], null]);
  });

  it('cannot be saved without settings', async () => {
    const none = new NamedViews();
    expect(none.isReady).toBe(false);
    await expect(none.save('best', VIEW)).rejects.toThrow('settings');
  });
});

describe('views in files', () => {
  const trans = nullTranslator.load('smx_lab');
  let contents: MemoryContents;
  let files: ViewFiles;
  beforeEach(() => {
    answer.accept = true;
    contents = new MemoryContents();
    files = new ViewFiles({ contents, trans, folder: () => 'results' });
  });

  it('are suggested for the folder that is shown, and written as they are read', async () => {
    const path = files.suggest('mnist');
    expect(path).toBe('results/mnist.smxview');
    expect(await files.create(path, FILE)).toBe(true);
    expect(contents.files[path]).toBe(viewFileText(FILE));
    expect(files.known(path)).toEqual(VIEW);
    expect(await files.look(path)).toEqual(FILE);
  });

  it('replace a file that is there only after asking', async () => {
    contents.files['a.smxview'] = 'mine';
    answer.accept = false;
    expect(await files.create('a.smxview', FILE)).toBe(false);
    expect(contents.files['a.smxview']).toBe('mine');
    answer.accept = true;
    expect(await files.create('a.smxview', FILE)).toBe(true);
  });

  it('are saved again without asking, as long as nobody else has changed them', async () => {
    await files.create('a.smxview', FILE);
    answer.accept = false;
    expect(await files.overwrite('a.smxview', OTHER)).toBe(true);
    contents.files['a.smxview'] = viewFileText(FILE);
    expect(await files.overwrite('a.smxview', FILE)).toBe(false);
    expect(files.known('a.smxview')).toEqual(OTHER.view);
  });

  it('are not replaced by what this release does not know', async () => {
    await files.create('a.smxview', FILE);
    for (const text of ['{"version": 2}', '<<<<<<< ours', '{}']) {
      contents.files['a.smxview'] = text;
      await expect(files.overwrite('a.smxview', FILE)).rejects.toThrow('a.smxview');
      expect(contents.files['a.smxview']).toBe(text);
      expect(await files.look('a.smxview')).toBeNull();
    }
  });
});

describe('exports in the working folder', () => {
  it('take a name that is free', async () => {
    const contents = new MemoryContents();
    const folder = new WorkingFolder(contents, () => 'results');
    expect(await folder.save('mnist.csv', new Blob(['a,b\n']), false)).toBe('results/mnist.csv');
    expect(await folder.save('mnist.csv', new Blob(['PAR1']), true)).toBe('results/mnist-1.csv');
    expect(contents.files).toEqual({
      'results/mnist.csv': 'a,b\n',
      'results/mnist-1.csv': btoa('PAR1')
    });
  });
});
