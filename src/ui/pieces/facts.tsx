/** Names and values of one thing, without those that have no value. */
import * as React from 'react';

type Fact = readonly [name: string, value: React.ReactNode];

export function Facts({ facts }: { facts: readonly Fact[] }): JSX.Element {
  return (
    <dl className="smx-Facts">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
    </dl>
  );
}
