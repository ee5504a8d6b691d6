/**
 * Dragging of trial components onto a trial. Resting on an experiment or a breadcrumb opens it, so
 * that the trial may be in another list.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';

import type { ExperimentsModel } from '../model';
import type { IPlace } from '../rows/rows';

/**
 * The type under which a drag carries the trial components. Their names are added as plain text.
 */
const MIME = 'application/vnd.smx-lab.trial-components+json';
/**
 * An experiment or a step of the breadcrumb opens after the pointer has rested on it this long, in
 * milliseconds. Our choice.
 */
const REST_MS = 600;

const TRIAL = '.smx-ExperimentsPanel-row[data-kind=trial]';
const WAY =
  '.smx-ExperimentsPanel-row[data-kind=experiment], .smx-ExperimentsPanel-breadcrumb button';
const DRAGGING = 'smx-mod-dragging';
const TARGET = 'smx-mod-dropTarget';

/** The dragged trial components, all of one connection. */
interface IDragged {
  readonly connectionId: string;
  readonly names: readonly string[];
}

interface IComponentDragOptions {
  node: HTMLElement;
  model: ExperimentsModel;
  connectionId: () => string;
  onDrop: (dragged: IDragged, trialName: string) => void;
  trans: TranslationBundle;
}

/**
 * Handles the drags of a panel, and calls its owner when something is dropped.
 *
 * #### Notes
 * The row that a drag started on may disappear when another list opens. Then there is no `dragend`,
 * so the next move of the pointer ends the drag: a browser sends no moves during a drag.
 */
export class ComponentDrag implements IDisposable {
  constructor(private readonly _options: IComponentDragOptions) {
    for (const type of EVENTS) {
      _options.node.addEventListener(type, this);
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._end();
    for (const type of EVENTS) {
      this._options.node.removeEventListener(type, this);
    }
  }

  handleEvent(event: Event): void {
    switch (event.type) {
      case 'dragstart':
        this._start(event as DragEvent);
        break;
      case 'dragenter':
      case 'dragover':
        this._over(event as DragEvent);
        break;
      case 'dragleave':
        if (!this._options.node.contains((event as DragEvent).relatedTarget as Node | null)) {
          this._point(null);
        }
        break;
      case 'drop':
        this._drop(event as DragEvent);
        break;
      default:
        this._giveUp();
    }
  }

  private _start(event: DragEvent): void {
    const { model, node, connectionId, trans } = this._options;
    const key = (event.target as HTMLElement).closest?.<HTMLElement>('[data-smx-key]')?.dataset;
    if (!event.dataTransfer || key?.smxKey === undefined || key.kind !== 'component') {
      return;
    }
    if (!model.selection.selected.has(key.smxKey)) {
      model.selection.click(key.smxKey);
    }
    const rows = model.selectedRows;
    const dragged: IDragged = { connectionId: connectionId(), names: rows.map(row => row.name) };
    event.dataTransfer.effectAllowed = 'copyLink';
    event.dataTransfer.setData(MIME, JSON.stringify(dragged));
    event.dataTransfer.setData('text/plain', dragged.names.join('\n'));
    const [first, ...others] = rows;
    showBeside(
      event.dataTransfer,
      others.length ? trans.__('%1 trial components', rows.length) : first.displayName
    );
    this._from = model.place;
    // Chromium ends a drag if the document changes in the event that starts it.
    window.setTimeout(() => this._from && node.classList.add(DRAGGING));
    document.addEventListener('dragend', this, true);
    document.addEventListener('pointermove', this, true);
  }

  private _over(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes(MIME)) {
      return;
    }
    const target = event.target as Element;
    const trial = target.closest<HTMLElement>(TRIAL);
    this._point(trial ?? target.closest<HTMLElement>(WAY));
    if (trial) {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'link';
    }
  }

  private _drop(event: DragEvent): void {
    const trial = (event.target as Element).closest<HTMLElement>(TRIAL);
    const data = event.dataTransfer?.getData(MIME);
    this._end();
    if (trial && data) {
      event.preventDefault();
      const dragged = parseDragged(data);
      if (dragged) {
        this._options.onDrop(dragged, trial.dataset.name!);
      }
    }
  }

  /** Mark the target below the pointer. An experiment or breadcrumb opens after a rest. */
  private _point(target: HTMLElement | null): void {
    if (target === this._target) {
      return;
    }
    window.clearTimeout(this._rest);
    this._target?.classList.remove(TARGET);
    this._target = target?.hasAttribute('aria-current') ? null : target;
    this._target?.classList.add(TARGET);
    if (this._target && !this._target.matches(TRIAL)) {
      this._rest = window.setTimeout(() => this._open(), REST_MS);
    }
  }

  private _open(): void {
    const { model } = this._options;
    const target = this._target;
    const row = model.rows.find(({ key }) => key === target?.dataset.smxKey);
    this._point(null);
    if (row) {
      model.enter(row);
    } else {
      target?.click();
    }
  }

  /** Nothing was dropped: go back to the list where the drag started. */
  private _giveUp(): void {
    const { model } = this._options;
    const from = this._from;
    this._end();
    if (from && JSON.stringify(from) !== JSON.stringify(model.place)) {
      model.open(from);
    }
  }

  private _end(): void {
    this._point(null);
    this._from = null;
    this._options.node.classList.remove(DRAGGING);
    document.removeEventListener('dragend', this, true);
    document.removeEventListener('pointermove', this, true);
  }

  private _from: IPlace | null = null;
  private _isDisposed = false;
  private _rest = 0;
  private _target: HTMLElement | null = null;
}

/** Return what was dropped; null if it is not ours, because any page can use our type. */
export function parseDragged(data: string): IDragged | null {
  let found: Partial<IDragged> | null;
  try {
    found = JSON.parse(data) as Partial<IDragged> | null;
  } catch {
    return null; // not JSON, so not ours
  }
  const { connectionId, names } = found ?? {};
  const isOurs =
    typeof connectionId === 'string' &&
    Array.isArray(names) &&
    names.length > 0 &&
    names.every(name => typeof name === 'string');
  return isOurs ? { connectionId, names } : null;
}

const EVENTS = ['dragstart', 'dragenter', 'dragover', 'dragleave', 'drop'] as const;

/** Show a label beside the pointer. */
function showBeside(transfer: DataTransfer, text: string): void {
  const label = document.createElement('div');
  label.className = 'smx-DragLabel';
  label.textContent = text;
  document.body.append(label);
  transfer.setDragImage(label, -12, -4);
  // The browser has taken the picture of it by then.
  window.setTimeout(() => label.remove());
}
