/** The commands for saved views of the table in front: under names, as files, as links. */
import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Menu } from '@lumino/widgets';

import { SmxError } from '../../api/errors';
import { CommandIDs } from '../../commands';
import { copy } from '../../ui/clipboard';
import { dropDown } from '../../ui/shell/dropdown';
import { SHORT_MS } from '../../ui/notify';
import { linkTo } from '../../ui/words/links';
import { explainDisabled } from '../../ui/shell/menureasons';
import { noTableReason } from './actions';
import { fileStem } from './exporting';
import type { TableModel } from '../model';
import { MAX_NAME_LENGTH, NamedViews } from '../views/named';
import { originOf } from '../view/origin';
import type { TablePanel } from '../panel';
import { FILE_SUFFIX, applySaved, isChanged, savedForm } from '../views/saved';
import { reset } from '../view/view';
import type { ITableView } from '../view/options';
import type { ViewFiles } from '../views/files';

interface IViewOptions {
  commands: CommandRegistry;
  trans: TranslationBundle;
  views: NamedViews;
  files: ViewFiles;
  /** The base URL of the Jupyter server, for links. */
  baseUrl: string;
  /** The table in front; null without any. */
  table: () => TablePanel | null;
}

/** The commands for views in the palette. */
export const VIEW_PALETTE = [
  CommandIDs.openViewsMenu,
  CommandIDs.saveTableView,
  CommandIDs.saveTableViewAs,
  CommandIDs.renameTableView,
  CommandIDs.deleteTableView,
  CommandIDs.setDefaultTableView,
  CommandIDs.saveTableViewFile,
  CommandIDs.copyTableLink
].map(command => ({ command, args: { inPalette: true } }));

const NAME_ARG = {
  type: 'object',
  properties: { name: { type: 'string', description: 'The name of the view; asked for if none.' } }
};

export function addViewCommands(options: IViewOptions): void {
  const { commands, table } = options;
  addMenu(options);
  addApplying(options);
  addSaving(options);
  addNaming(options);
  addSharing(options);
  options.views.changed.connect(() => {
    commands.notifyCommandChanged();
    table()?.head.update();
  });
}

/** Return the text about the view in the head of a table; null if the view is not saved. */
export function viewText(
  model: TableModel,
  views: NamedViews,
  files: ViewFiles,
  trans: TranslationBundle
): string | null {
  const { saved } = model.view;
  if (saved === null) {
    return null;
  }
  const name = 'name' in saved ? saved.name : saved.file;
  const kept = 'name' in saved ? views.find(saved.name) : files.known(saved.file);
  return kept && isChanged(model.view, kept) ? trans.__('%1 (changed)', name) : name;
}

/** Return an argument of type text; empty without it. */
function textIn(args: ReadonlyPartialJSONObject, name: string): string {
  const text = args[name];
  return typeof text === 'string' ? text : '';
}

/** Return a label that is longer in the palette, where the menu's label says too little. */
function label(inMenu: string, inPalette: string): CommandRegistry.CommandFunc<string> {
  return args => (args.inPalette ? inPalette : inMenu);
}

/** Options of a command that shows why it is disabled. */
function explained(
  { table, trans }: IViewOptions,
  whyNot: (model: TableModel) => string | null
): Pick<CommandRegistry.ICommandOptions, 'caption' | 'dataset' | 'isEnabled'> {
  const reason = (): string | null => {
    const panel = table();
    return panel ? whyNot(panel.model) : noTableReason(trans);
  };
  return explainDisabled(reason);
}

function addMenu(options: IViewOptions): void {
  const { commands, table, trans } = options;
  commands.addCommand(CommandIDs.openViewsMenu, {
    ...explained(options, () => null),
    label: trans.__('Views of the Trial Component List…'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      const anchor = table()?.head.button('views');
      if (anchor) {
        dropDown(viewsMenu(options), anchor);
      }
    }
  });
}

function viewsMenu({ commands, views }: IViewOptions): Menu {
  const menu = new MenuSvg({ commands });
  menu.addClass('smx-ViewsMenu');
  menu.addItem({ command: CommandIDs.applyTableView });
  for (const name of views.names) {
    menu.addItem({ command: CommandIDs.applyTableView, args: { name } });
  }
  menu.addItem({ type: 'separator' });
  menu.addItem({ command: CommandIDs.saveTableView });
  menu.addItem({ command: CommandIDs.saveTableViewAs });
  menu.addItem({ command: CommandIDs.renameTableView });
  menu.addItem({ command: CommandIDs.deleteTableView });
  menu.addItem({ command: CommandIDs.setDefaultTableView });
  menu.addItem({ type: 'separator' });
  menu.addItem({ command: CommandIDs.saveTableViewFile });
  menu.addItem({ command: CommandIDs.copyTableLink });
  return menu;
}

function addApplying(options: IViewOptions): void {
  const { commands, table, trans, views } = options;
  commands.addCommand(CommandIDs.applyTableView, {
    ...explained(options, () => null),
    label: args => textIn(args, 'name') || trans.__('Standard view'),
    isToggleable: true,
    isToggled: args => (nameOf(table()?.model.view) ?? '') === textIn(args, 'name'),
    describedBy: { args: NAME_ARG },
    execute: args => {
      const name = textIn(args, 'name');
      const view = views.find(name);
      if (name && !view) {
        Notification.error(trans.__('There is no view named %1.', name), { autoClose: false });
        return;
      }
      table()?.model.update(old => (view ? applySaved(old, view, { name }) : reset(old)));
    }
  });
}

/** Return the name of the view that a table shows; empty for the standard view, null for a file. */
function nameOf(view: ITableView | undefined): string | null {
  const saved = view?.saved;
  return saved && 'file' in saved ? null : (saved?.name ?? '');
}

function addSaving(options: IViewOptions): void {
  const { commands, table, trans, views, files } = options;
  commands.addCommand(CommandIDs.saveTableView, {
    ...explained(options, model => whyNotSave(options, model)),
    label: label(trans.__('Save'), trans.__('Save View of the Trial Component List')),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      const { model } = table()!;
      const { saved } = model.view;
      if (saved === null) {
        await commands.execute(CommandIDs.saveTableViewAs);
      } else if ('name' in saved) {
        await notifyFailure(trans, () => views.save(saved.name, savedForm(model.view)));
      } else {
        await notifyFailure(trans, () => files.overwrite(saved.file, contentOf(model)));
        table()?.head.update();
      }
    }
  });
  commands.addCommand(CommandIDs.saveTableViewAs, {
    ...explained(options, () => whyNoSettings(options)),
    label: label(trans.__('Save as…'), trans.__('Save View of the Trial Component List as…')),
    describedBy: { args: NAME_ARG },
    execute: async args => {
      const { model } = table()!;
      const name = await askForName(options, args, trans.__('Save view as'), '');
      if (name !== null) {
        await notifyFailure(trans, () => views.save(name, savedForm(model.view)));
        model.update(view => ({ ...view, saved: { name } }));
      }
    }
  });
}

function whyNoSettings({ trans, views }: IViewOptions): string | null {
  return views.isReady ? null : trans.__('The settings of JupyterLab could not be read');
}

function whyNotSave(options: IViewOptions, { view }: TableModel): string | null {
  const { saved } = view;
  if (saved && 'file' in saved) {
    return null;
  }
  const kept = saved && options.views.find(saved.name);
  return kept && !isChanged(view, kept)
    ? options.trans.__('The view has not changed')
    : whyNoSettings(options);
}

/** Why a command on a named view is not possible; null if such a view is shown. */
function whyNoName({ trans, views }: IViewOptions, { view }: TableModel): string | null {
  if (view.saved && 'file' in view.saved) {
    return trans.__('This view is a file: use the file browser');
  }
  return view.saved && views.find(view.saved.name)
    ? null
    : trans.__('Choose a saved view, or save this one');
}

function addNaming(options: IViewOptions): void {
  const { commands, table, trans, views } = options;
  const shown = (): string => nameOf(table()?.model.view) ?? '';
  commands.addCommand(CommandIDs.renameTableView, {
    ...explained(options, model => whyNoName(options, model)),
    label: label(trans.__('Rename…'), trans.__('Rename View of the Trial Component List…')),
    describedBy: { args: NAME_ARG },
    execute: async args => {
      const { model } = table()!;
      const from = shown();
      const name = await askForName(options, args, trans.__('Rename view'), from);
      if (name !== null && name !== from) {
        await notifyFailure(trans, () => views.rename(from, name));
        model.update(view => ({ ...view, saved: { name } }));
      }
    }
  });
  commands.addCommand(CommandIDs.deleteTableView, {
    ...explained(options, model => whyNoName(options, model)),
    label: label(trans.__('Delete…'), trans.__('Delete View of the Trial Component List…')),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      const { model } = table()!;
      const name = shown();
      const { button } = await showDialog({
        title: trans.__('Delete the view %1?', name),
        body: trans.__('The table stays as it is.'),
        buttons: [
          Dialog.cancelButton({ label: trans.__('Cancel') }),
          Dialog.warnButton({ label: trans.__('Delete') })
        ]
      });
      if (button.accept) {
        await notifyFailure(trans, () => views.delete(name));
        model.update(view => ({ ...view, saved: null }));
      }
    }
  });
  commands.addCommand(CommandIDs.setDefaultTableView, {
    ...explained(options, model =>
      model.view.saved === null ? whyNoSettings(options) : whyNoName(options, model)
    ),
    label: label(
      trans.__('Set as default for new tables'),
      trans.__('Set View as Default for New Trial Component Lists')
    ),
    isToggleable: true,
    isToggled: () => (views.defaultName ?? '') === (nameOf(table()?.model.view) ?? null),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => notifyFailure(trans, () => views.setDefault(shown() || null))
  });
}

function addSharing(options: IViewOptions): void {
  const { commands, table, trans, files, baseUrl } = options;
  commands.addCommand(CommandIDs.saveTableViewFile, {
    ...explained(options, () => null),
    label: label(trans.__('Save as file…'), trans.__('Save Trial Component List as View File…')),
    describedBy: {
      args: {
        type: 'object',
        properties: { path: { type: 'string', description: 'The file; asked for if none.' } }
      }
    },
    execute: async args => {
      const { model } = table()!;
      const suggested = files.suggest(fileStem(originOf(model.origin)));
      const path = textIn(args, 'path') || (await askForPath(trans, suggested));
      if (path !== null) {
        const isSaved = await notifyFailure(trans, () => files.create(path, contentOf(model)));
        if (isSaved) {
          model.update(view => ({ ...view, saved: { file: path } }));
          Notification.success(trans.__('Saved as %1.', path), { autoClose: SHORT_MS });
        }
      }
    }
  });
  commands.addCommand(CommandIDs.copyTableLink, {
    ...explained(options, () => null),
    label: label(trans.__('Copy link'), trans.__('Copy Link to the Trial Component List')),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () =>
      copy(linkTo(tableLink(table()!.model), baseUrl), trans, trans.__('The link was copied.'))
  });
}

/** Return the command and arguments that open the same table with the same view. */
function tableLink(model: TableModel): { command: string; args: ReadonlyPartialJSONObject } {
  const view = savedForm(model.view) as ReadonlyPartialJSONObject;
  const { connectionId } = model;
  return {
    command: CommandIDs.openTable,
    args: {
      connectionId,
      ...originOf(model.origin),
      ...(Object.keys(view).length ? { view } : {})
    }
  };
}

function contentOf(model: TableModel): Parameters<ViewFiles['create']>[1] {
  return {
    connectionId: model.connectionId,
    origin: originOf(model.origin),
    view: savedForm(model.view)
  };
}

/** Ask for a name that is free or may be replaced; null if cancelled. */
async function askForName(
  { trans, views }: IViewOptions,
  args: ReadonlyPartialJSONObject,
  title: string,
  text: string
): Promise<string | null> {
  const given = textIn(args, 'name').trim().slice(0, MAX_NAME_LENGTH);
  if (given) {
    return given;
  }
  const answer = await InputDialog.getText({
    title,
    label: trans.__('Name'),
    text,
    okLabel: trans.__('Save')
  });
  const name = (answer.value ?? '').trim().slice(0, MAX_NAME_LENGTH);
  if (!answer.button.accept || !name) {
    return null;
  }
  if (name === text || views.find(name) === undefined) {
    return name;
  }
  const { button } = await showDialog({
    title: trans.__('Replace the view %1?', name),
    body: trans.__('There is a view of this name already.'),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Replace') })
    ]
  });
  return button.accept ? name : null;
}

async function askForPath(trans: TranslationBundle, text: string): Promise<string | null> {
  const answer = await InputDialog.getText({
    title: trans.__('Save view as file'),
    label: trans.__('File'),
    text,
    okLabel: trans.__('Save')
  });
  const path = (answer.value ?? '').trim().replace(/^\/+/, '');
  if (!answer.button.accept || !path) {
    return null;
  }
  return path.endsWith(FILE_SUFFIX) ? path : `${path}${FILE_SUFFIX}`;
}

/** Run `act` and notify a failure; return whether it succeeded. */
async function notifyFailure(
  trans: TranslationBundle,
  act: () => Promise<unknown>
): Promise<boolean> {
  try {
    return (await act()) !== false;
  } catch (reason) {
    Notification.error(trans.__('The view was not saved. %1', SmxError.from(reason).message), {
      autoClose: false
    });
    return false;
  }
}
