/** Our own icons. All others are JupyterLab's. */
import { LabIcon } from '@jupyterlab/ui-components';

import cloudSvg from '../../../style/icons/cloud.svg';
import deploySvg from '../../../style/icons/deploy.svg';
import flaskSvg from '../../../style/icons/flask.svg';
import localSvg from '../../../style/icons/local.svg';
import networkSvg from '../../../style/icons/network.svg';
import tableSvg from '../../../style/icons/table.svg';

/** The experiments browser. */
export const flaskIcon = new LabIcon({
  name: 'smx-lab:flask',
  svgstr: flaskSvg
});
/** The endpoints browser. */
export const networkIcon = new LabIcon({
  name: 'smx-lab:network',
  svgstr: networkSvg
});
/** A connection to the local service. */
export const localIcon = new LabIcon({
  name: 'smx-lab:local',
  svgstr: localSvg
});
/** A connection to AWS. */
export const cloudIcon = new LabIcon({
  name: 'smx-lab:cloud',
  svgstr: cloudSvg
});
/** The Deploy model page. */
export const deployIcon = new LabIcon({
  name: 'smx-lab:deploy',
  svgstr: deploySvg
});
/** A trial component list. */
export const tableIcon = new LabIcon({
  name: 'smx-lab:table',
  svgstr: tableSvg
});
