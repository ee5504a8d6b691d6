/** What charts need, loaded with the first one. */
export { ChartsPanel } from './panel';
export { ChartProperties } from './properties';
