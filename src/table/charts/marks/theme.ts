/** The colours of JupyterLab's theme for Vega, which does not know CSS variables. */

export interface IChartTheme {
  /** Colours that everybody can tell apart. Each is used together with a shape or dash. */
  readonly palette: readonly string[];
  readonly background: string;
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly font: string;
}

/** Material Design's colours, in a shade with enough contrast on a light or dark page. */
const HUES = ['blue', 'deep-orange', 'green', 'purple', 'pink', 'brown', 'cyan', 'indigo'] as const;
const LIGHT_SHADE = 800;
const DARK_SHADE = 300;

/** Return the custom properties with the colours of the palette. */
function paletteNames(isLight: boolean): readonly string[] {
  return HUES.map(hue => `--md-${hue}-${isLight ? LIGHT_SHADE : DARK_SHADE}`);
}

/** Return the current theme. */
export function readTheme(node: HTMLElement): IChartTheme {
  const style = getComputedStyle(node);
  const read = (name: string, instead = ''): string =>
    style.getPropertyValue(name).trim() || instead;
  const text = read('--jp-ui-font-color1', style.color);
  const brand = read('--jp-brand-color1', text);
  const isLight = document.body.dataset.jpThemeLight !== 'false';
  return {
    palette: paletteNames(isLight).map(name => read(name, brand)),
    background: read('--jp-layout-color1'),
    text,
    faint: read('--jp-ui-font-color2', text),
    grid: read('--jp-border-color2', text),
    font: read('--jp-ui-font-family', 'sans-serif')
  };
}
