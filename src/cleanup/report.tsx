/** What happened to each thing that a clean-up was to delete. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IOutcome } from '../api/types';
import { deletedText, kindWord } from './words';

type Thing = IOutcome['kept'][number];

export function Report(props: { outcome: IOutcome; trans: TranslationBundle }): JSX.Element {
  const { outcome, trans } = props;
  const { deleted, kept, kept_count, failed, failed_count } = outcome;
  return (
    <section className="smx-CleanUp-report" aria-label={trans.__('Report')}>
      <dl>
        <dt>{trans.__('Deleted')}</dt>
        <dd>{deletedText(deleted, trans)}</dd>
      </dl>
      <Things
        label={trans.__('Failed: %1', failed_count)}
        things={failed}
        all={failed_count}
        trans={trans}
        isOpen
      />
      <Things
        label={trans.__('Kept: %1', kept_count)}
        things={kept}
        all={kept_count}
        trans={trans}
      />
    </section>
  );
}

function Things(props: {
  label: string;
  things: readonly Thing[];
  all: number;
  isOpen?: boolean;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { label, things, all, isOpen, trans } = props;
  if (all === 0) {
    return null;
  }
  const left = all - things.length;
  return (
    <details className="smx-CleanUp-things" open={isOpen}>
      <summary>{label}</summary>
      <ul tabIndex={0} aria-label={label}>
        {things.map(({ kind, name, reason }) => (
          <li key={`${kind}/${name}`}>
            {trans.__('%1 %2', kindWord(kind, trans), name)}
            <span className="smx-CleanUp-detail">{reason}</span>
          </li>
        ))}
        {left > 0 && <li>{trans._n('and %1 more', 'and %1 more', left)}</li>}
      </ul>
    </details>
  );
}
