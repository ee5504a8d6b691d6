import type { Contents } from '@jupyterlab/services';
import { describe, expect, it } from 'vitest';

import { IContents, saveExample } from '../example';

const example = {
  folder: 'smx-lab-tutorial',
  notebook: 'handwritten-digits.ipynb',
  files: [
    { name: 'handwritten-digits.ipynb', text: '{"nbformat": 4, "cells": []}' },
    { name: 'digits.py', text: 'print("digits")\n' }
  ]
};

/** Folders and files by path, as a contents service keeps them. */
class Disk implements IContents {
  files = new Map<string, Partial<Contents.IModel>>();

  async get(path: string): Promise<Contents.IModel> {
    const below = [...this.files.keys()].filter(name =>
      path ? name.startsWith(`${path}/`) : !name.includes('/')
    );
    return { content: below.map(name => ({ name: name.split('/').at(-1) })) } as Contents.IModel;
  }

  async save(path: string, options: Partial<Contents.IModel>): Promise<Contents.IModel> {
    this.files.set(path, options);
    return options as Contents.IModel;
  }
}

describe('the example notebook', () => {
  it('is saved with its files into a folder of its own', async () => {
    const disk = new Disk();
    expect(await saveExample(disk, example)).toBe('smx-lab-tutorial/handwritten-digits.ipynb');
    expect([...disk.files]).toEqual([
      ['smx-lab-tutorial', { type: 'directory' }],
      [
        'smx-lab-tutorial/handwritten-digits.ipynb',
        { type: 'notebook', format: 'json', content: { nbformat: 4, cells: [] } }
      ],
      ['smx-lab-tutorial/digits.py', { type: 'file', format: 'text', content: 'print("digits")\n' }]
    ]);
  });

  it("leaves alone what is there: it is the user's own by now", async () => {
    const disk = new Disk();
    await saveExample(disk, example);
    disk.files.set('smx-lab-tutorial/digits.py', { content: 'mine' });
    await saveExample(disk, example);
    expect(disk.files.get('smx-lab-tutorial/digits.py')).toEqual({ content: 'mine' });
  });
});
