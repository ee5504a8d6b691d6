/** The colours of JupyterLab's theme, as Vega takes them: it knows no CSS variables. */

export interface IChartTheme {
  /** Told apart, and from the background, by everybody; each is used with a shape or dash. */
  readonly palette: readonly string[];
  readonly background: string;
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly font: string;
}

/** The names of Material Design's colours, in the shade that stands out on a light or dark page. */
const HUES = ['blue', 'deep-orange', 'green', 'purple', 'pink', 'brown', 'cyan', 'indigo'] as const;
const LIGHT_SHADE = 800;
const DARK_SHADE = 300;

/** The custom properties that the palette is read from. */
function paletteNames(isLight: boolean): readonly string[] {
  return HUES.map(hue => `--md-${hue}-${isLight ? LIGHT_SHADE : DARK_SHADE}`);
}

/** Read the theme as it is now. */
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
