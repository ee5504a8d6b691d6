/** Dragging trial components onto a trial, also one of another list: resting on a way opens it. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';

import type { ExperimentsModel } from '../model';
import type { IPlace } from '../rows/rows';

/** What a drag carries besides the names as text, which any editor takes. */
const MIME = 'application/vnd.smx-lab.trial-components+json';
/** An experiment, or a step of the breadcrumb, opens after this rest, in milliseconds. Our choice. */
const REST_MS = 600;

const TRIAL = '.smx-ExperimentsPanel-row[data-kind=trial]';
const WAY =
  '.smx-ExperimentsPanel-row[data-kind=experiment], .smx-ExperimentsPanel-breadcrumb button';
const DRAGGING = 'smx-mod-dragging';
const TARGET = 'smx-mod-dropTarget';

/** What is dragged: trial components of one connection. */
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
 * Listens to a panel while it lives; what becomes of a drop is its owner's.
 *
 * #### Notes
 * The list that a drag began in may be left on the way, and its row be gone: no `dragend` comes
 * then. The pointer does not move by itself while something is dragged, so that its next move tells.
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
    // Whatever the start changes in the document at once would end the drag in Chromium.
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
      const dragged = draggedFrom(data);
      if (dragged) {
        this._options.onDrop(dragged, trial.dataset.name!);
      }
    }
  }

  /** Mark what is below the pointer; a way opens once the pointer has rested on it. */
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

  /** Nothing was dropped here: back to where it began. */
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

/** What was dropped; null if it is not ours: any page may begin a drag with our type. */
export function draggedFrom(data: string): IDragged | null {
  let found: Partial<IDragged> | null;
  try {
    found = JSON.parse(data) as Partial<IDragged> | null;
  } catch {
    return null; // no JSON, so that none of ours
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

/** Let a label follow the pointer. */
function showBeside(transfer: DataTransfer, text: string): void {
  const label = document.createElement('div');
  label.className = 'smx-DragLabel';
  label.textContent = text;
  document.body.append(label);
  transfer.setDragImage(label, -12, -4);
  // The picture has been taken by then.
  window.setTimeout(() => label.remove());
}
