/** What the credentials allow, part by part, and policies that would allow it. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IConnectionTest, IPermissionCheck } from '../api/types';
import { CodeToCopy } from '../ui/pieces/states';
import { statusIcons } from '../ui/pieces/status';

type Feature = IPermissionCheck['feature'];

const FEATURES: readonly Feature[] = [
  'browse',
  'read',
  'charts',
  'deploy',
  'clean_up',
  'organise',
  'track'
];

function featureWord(feature: Feature, trans: TranslationBundle): string {
  switch (feature) {
    case 'browse':
      return trans.__('Browse lists and tables');
    case 'read':
      return trans.__('Read details and metrics');
    case 'charts':
      return trans.__('Read logs and instance metrics');
    case 'deploy':
      return trans.__('Deploy models and test inference');
    case 'clean_up':
      return trans.__('Clean up, and delete endpoints');
    case 'organise':
      return trans.__('Edit experiments and stop jobs');
    case 'track':
      return trans.__('Log trial components');
  }
}

/** One line for each part: allowed, denied (and which actions), or not known (and why). */
export function Permissions(props: {
  checks: readonly IPermissionCheck[];
  trans: TranslationBundle;
}): JSX.Element {
  const { checks, trans } = props;
  const parts = FEATURES.map(feature => ({
    feature,
    checks: checks.filter(check => check.feature === feature)
  })).filter(part => part.checks.length > 0);
  return (
    <table className="smx-Permissions">
      <caption>{trans.__('Permissions')}</caption>
      <tbody>
        {parts.map(({ feature, checks: own }) => (
          <tr key={feature}>
            <th scope="row">{featureWord(feature, trans)}</th>
            <td>
              <Outcome checks={own} trans={trans} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Outcome(props: {
  checks: readonly IPermissionCheck[];
  trans: TranslationBundle;
}): JSX.Element {
  const { checks, trans } = props;
  const denied = checks.filter(({ outcome }) => outcome === 'denied');
  const unknown = checks.filter(({ outcome }) => outcome === 'unknown');
  const reason = (denied[0] ?? unknown[0] ?? checks[0]).reason;
  const [Icon, word] = denied.length
    ? [statusIcons.Failed, trans.__('Denied')]
    : unknown.length
      ? [statusIcons.Stopped, trans.__('Not known')]
      : [statusIcons.Completed, trans.__('Allowed')];
  const named = denied.length ? denied : unknown.length < checks.length ? unknown : [];
  return (
    <>
      <span className="smx-Permissions-outcome" title={reason ?? undefined}>
        <Icon.react tag="span" className="smx-Icon" />
        {word}
      </span>
      {named.map(({ action }) => (
        <code key={action}>{action}</code>
      ))}
      {denied.length === 0 && unknown.length > 0 && <p>{reason}</p>}
    </>
  );
}

/** The policies, folded. The policy for what is denied now comes first. */
export function Policies(props: { test: IConnectionTest; trans: TranslationBundle }): JSX.Element {
  const { policy, policies } = props.test;
  const { trans } = props;
  return (
    <>
      {policy && (
        <details className="smx-Details" open>
          <summary>{trans.__('Policy for the missing permissions')}</summary>
          <CodeToCopy code={policy} trans={trans} />
        </details>
      )}
      {policies.map(({ features, document }) => (
        <details key={features[0]} className="smx-Details">
          <summary>
            {trans.__(
              'Policy: %1',
              features.map(feature => featureWord(feature, trans)).join(' · ')
            )}
          </summary>
          <CodeToCopy code={document} trans={trans} />
        </details>
      ))}
    </>
  );
}
