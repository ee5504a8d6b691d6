/** The status of a trial component: icon and word, never colour alone. */
import { LabIcon } from '@jupyterlab/ui-components';

import completedSvg from '../../../style/icons/status-completed.svg';
import failedSvg from '../../../style/icons/status-failed.svg';
import inProgressSvg from '../../../style/icons/status-in-progress.svg';
import stoppedSvg from '../../../style/icons/status-stopped.svg';
import stoppingSvg from '../../../style/icons/status-stopping.svg';
import type { Status } from '../words/status';

export { type Status, statusWord } from '../words/status';

export const statusIcons: Readonly<Record<Status, LabIcon>> = {
  InProgress: new LabIcon({
    name: 'smx-lab:status-in-progress',
    svgstr: inProgressSvg
  }),
  Completed: new LabIcon({
    name: 'smx-lab:status-completed',
    svgstr: completedSvg
  }),
  Failed: new LabIcon({ name: 'smx-lab:status-failed', svgstr: failedSvg }),
  Stopping: new LabIcon({
    name: 'smx-lab:status-stopping',
    svgstr: stoppingSvg
  }),
  Stopped: new LabIcon({ name: 'smx-lab:status-stopped', svgstr: stoppedSvg })
};
