/** The list of plugins, nothing else. */
import clientPlugin from './api/plugin';
import cleanUpPlugin from './cleanup/plugin';
import componentPlugin from './component/plugin';
import connectionPlugin from './connection/plugin';
import copyingPlugin from './copying/plugin';
import deployPlugin from './deploy/plugin';
import endpointsPlugin from './endpoints/plugin';
import experimentsPlugin from './experiments/plugin';
import linksPlugin from './links/plugin';
import notebookPlugin from './notebook/plugin';
import operationsPlugin from './operations/plugin';
import tablePlugin from './table/plugin';

export default [
  clientPlugin,
  connectionPlugin,
  operationsPlugin,
  experimentsPlugin,
  copyingPlugin,
  cleanUpPlugin,
  componentPlugin,
  notebookPlugin,
  linksPlugin,
  tablePlugin,
  deployPlugin,
  endpointsPlugin
];
