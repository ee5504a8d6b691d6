/** A chart on the screen, drawn by JupyterLab's renderer of Vega-Lite. */
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { PartialJSONObject as JSONObject } from '@lumino/coreutils';
import type { Message } from '@lumino/messaging';
import { ISignal, Signal } from '@lumino/signaling';
import { Panel, type Widget } from '@lumino/widgets';

import { DATA, POINTED, ZOOM } from './marks/spec';

/** The part of Vega's View API that is used. */
interface IVegaView {
  data(name: string, values: readonly object[]): unknown;
  signal(name: string, value: unknown): unknown;
  width(width: number): unknown;
  height(height: number): unknown;
  runAsync(): Promise<unknown>;
  getState(options: object): { signals: Record<string, unknown> };
  toImageURL(type: 'png', scale: number): Promise<string>;
  toSVG(): Promise<string>;
  addEventListener(
    type: string,
    handler: (event: Event, item?: { datum?: { id?: unknown } }) => void
  ): unknown;
}

/**
 * JupyterLab's renderer keeps the result of vega-embed in a property that is not in its interface.
 */
type VegaRenderer = IRenderMime.IRenderer & { _result?: { view?: IVegaView } };

/**
 * The types that can draw our specifications, newest first. The first one that JupyterLab has is
 * used.
 */
const MIME_TYPES = ['application/vnd.vegalite.v6+json', 'application/vnd.vegalite.v5+json'];

/** A log level of Vega. At the default level it warns of each legend that it cuts. */
const ONLY_ERRORS = 1;

/** With more marks than this, a canvas is faster than elements. Our choice. */
const MAX_ELEMENTS = 1500;

/** Return the MIME type for charts; null where JupyterLab's Vega extension is disabled. */
export function chartMimeType(rendermime: IRenderMimeRegistry | null): string | null {
  return MIME_TYPES.find(type => rendermime?.mimeTypes.includes(type)) ?? null;
}

/** One drawn chart. It uses Vega, and does not depend on tables. */
export class ChartDrawing extends Panel {
  constructor(private readonly _rendermime: IRenderMimeRegistry) {
    super();
    this.addClass('smx-Chart-drawing');
    this.node.setAttribute('aria-hidden', 'true');
    this.node.addEventListener('mouseleave', () => this._point(null));
  }

  /** The row whose mark is under the pointer has changed; null for none. */
  get hovered(): ISignal<this, string | null> {
    return this._pointed;
  }

  /** The available space has changed. */
  get resized(): ISignal<this, void> {
    return this._resized;
  }

  /** The available space, in CSS pixels. */
  get room(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.node;
    return { width: Math.max(clientWidth, 80), height: Math.max(clientHeight, 80) };
  }

  /** Draw a specification. If only its data have changed, only they are replaced. */
  async draw(spec: JSONObject): Promise<void> {
    const turn = ++this._turn;
    const { data, width, height, description: _, ...rest } = spec;
    const values = (data as { values: object[] }).values;
    const form = JSON.stringify([rest, values.length > MAX_ELEMENTS]);
    const view = this._view;
    if (view && form === this._form) {
      view.data(DATA, values);
      view.width(width as number);
      view.height(height as number);
      await view.runAsync();
      return;
    }
    const zoomed = this._axes === axesOf(spec) ? this._zoom() : [];
    const renderer = await render(this._rendermime, spec, values.length, this);
    if (turn !== this._turn || this.isDisposed) {
      renderer.dispose();
      return;
    }
    this._renderer?.dispose();
    this._renderer = renderer;
    this._form = form;
    this._axes = axesOf(spec);
    renderer.removeClass('smx-mod-coming');
    await zoomTo(this._view, zoomed);
    this._view?.addEventListener('mousemove', (_, item) => this._point(item?.datum?.id));
    this.mark(this._marked);
  }

  /** Emphasise the marks of a row; null for none. */
  mark(id: string | null): void {
    this._marked = id;
    const view = this._view;
    if (view && this._form.includes(`"${POINTED}"`)) {
      view.signal(POINTED, id ?? '');
      void view.runAsync();
    }
  }

  /** Return the chart as a picture, with its current zoom. */
  async picture(spec: JSONObject, format: 'png' | 'svg'): Promise<Blob> {
    const renderer = await render(this._rendermime, spec, 0, this);
    try {
      const view = renderer._result?.view;
      if (!view) {
        throw new Error('JupyterLab drew nothing.');
      }
      await zoomTo(view, this._zoom());
      if (format === 'svg') {
        return new Blob([await view.toSVG()], { type: 'image/svg+xml' });
      }
      // Twice the pixels, for screens and prints of high resolution.
      const url = await view.toImageURL('png', 2);
      return await (await fetch(url)).blob();
    } finally {
      renderer.dispose();
    }
  }

  dispose(): void {
    Signal.clearData(this);
    super.dispose();
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._observer = new ResizeObserver(() => this._resized.emit());
    this._observer.observe(this.node);
  }

  protected onBeforeDetach(msg: Message): void {
    this._observer?.disconnect();
    super.onBeforeDetach(msg);
  }

  private get _view(): IVegaView | null {
    return this._renderer?._result?.view ?? null;
  }

  /** The zoomed parts of the axes; empty without zoom. */
  private _zoom(): Domains {
    const signals = (name?: string): boolean => ZOOM_SIGNALS.includes(name ?? '');
    const state = this._view?.getState({ signals, data: () => false, recurse: false });
    return Object.entries(state?.signals ?? {}).filter(([, domain]) => Array.isArray(domain));
  }

  private _point(id: unknown): void {
    const found = typeof id === 'string' && id ? id : null;
    if (found !== this._last) {
      this._last = found;
      this._pointed.emit(found);
    }
  }

  private _axes = '';
  /** The drawn specification without its data and size. */
  private _form = '';
  private _last: string | null = null;
  private _marked: string | null = null;
  private _observer: ResizeObserver | null = null;
  private _pointed = new Signal<this, string | null>(this);
  private _renderer: (VegaRenderer & Widget) | null = null;
  private _resized = new Signal<this, void>(this);
  private _turn = 0;
}

type Domains = readonly (readonly [signal: string, domain: unknown])[];

/** The signals in which Vega-Lite keeps the ends of zoomed axes. */
const ZOOM_SIGNALS: readonly string[] = [`${ZOOM}_x`, `${ZOOM}_y`];

async function zoomTo(view: IVegaView | null, domains: Domains): Promise<void> {
  if (view && domains.length > 0) {
    domains.forEach(([signal, domain]) => view.signal(signal, domain));
    await view.runAsync();
  }
}

/** Return what identifies the axes: the zoom is kept as long as it stays the same. */
function axesOf({ encoding, layer }: JSONObject): string {
  return JSON.stringify([encoding, Array.isArray(layer)]);
}

/** Draw off the screen, so that the old chart stays until the new one is ready. */
async function render(
  rendermime: IRenderMimeRegistry,
  spec: JSONObject,
  count: number,
  host: Panel
): Promise<VegaRenderer & Widget> {
  const mimeType = chartMimeType(rendermime)!;
  const renderer: VegaRenderer & Widget = rendermime.createRenderer(mimeType);
  renderer.addClass('smx-mod-coming');
  host.addWidget(renderer);
  const metadata = {
    [mimeType]: {
      embed_options: {
        actions: false,
        logLevel: ONLY_ERRORS,
        renderer: count > MAX_ELEMENTS ? 'canvas' : 'svg'
      }
    }
  };
  try {
    await renderer.renderModel({
      trusted: false,
      // The renderer makes its own picture only if there is none.
      data: { [mimeType]: spec, 'image/png': '-' },
      metadata,
      setData: () => undefined
    });
  } catch (reason) {
    renderer.dispose();
    throw reason;
  }
  return renderer;
}
