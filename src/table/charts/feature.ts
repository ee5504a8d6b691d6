/** The code of charts, which is loaded with the first chart. */
export { ChartsPanel } from './panel';
export { ChartProperties } from './properties';
