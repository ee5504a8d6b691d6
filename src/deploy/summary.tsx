/** What is being deployed: the trial component, its job, its model and its metrics. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IDeploymentPlan } from '../api/types';
import type { IDeployModelArgs } from '../commands';

export function DeploySummary(props: {
  args: IDeployModelArgs;
  plan: IDeploymentPlan | null;
  trans: TranslationBundle;
}): JSX.Element {
  const { args, plan, trans } = props;
  const waiting = <span className="smx-DeployPage-waiting" />;
  const metrics = Object.entries(args.metrics ?? {});
  return (
    <dl className="smx-DeployPage-summary">
      <dt>{trans.__('Trial component')}</dt>
      <dd>
        {plan && plan.display_name !== args.trialComponentName && `${plan.display_name} · `}
        {args.trialComponentName}
      </dd>
      <dt>{trans.__('Training job')}</dt>
      <dd>{plan ? plan.training_job_name : waiting}</dd>
      <dt>{trans.__('Model data')}</dt>
      <dd>{plan ? plan.model_data : waiting}</dd>
      <dt>{trans.__('Image')}</dt>
      <dd>{plan ? (plan.image ?? trans.__('None')) : waiting}</dd>
      {metrics.length > 0 && (
        <>
          <dt>{trans.__('Metrics')}</dt>
          <dd>
            <ul className="smx-DeployPage-metrics">
              {metrics.map(([name, value]) => (
                <li key={name}>
                  <span>{name}</span> <b>{value}</b>
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
    </dl>
  );
}
