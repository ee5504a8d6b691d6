/** Tabs by the ARIA pattern: arrows move, one tab stop. */
import * as React from 'react';

import '../../../style/pieces.css';

export interface ITab {
  id: string;
  label: string;
  draw: () => React.ReactNode;
}

export function Tabs(props: {
  /** Makes ids unique on the page. */
  prefix: string;
  label: string;
  tabs: readonly ITab[];
  current: string;
  onSelect: (id: string) => void;
  /** Whether the panel contains tab stops, so that it is none itself. */
  hasStops?: boolean;
}): JSX.Element {
  const { prefix, tabs, onSelect } = props;
  const list = React.useRef<HTMLDivElement>(null);
  const index = Math.max(
    0,
    tabs.findIndex(tab => tab.id === props.current)
  );
  const current = tabs[index];

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const next = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
    const targets: Record<string, number> = {
      ArrowRight: (index + tabs.length + next) % tabs.length,
      ArrowLeft: (index + tabs.length - next) % tabs.length,
      Home: 0,
      End: tabs.length - 1
    };
    if (event.key in targets) {
      event.preventDefault();
      const target = targets[event.key];
      onSelect(tabs[target].id);
      (list.current?.children[target] as HTMLElement).focus();
    }
  };

  return (
    <>
      <div
        ref={list}
        className="smx-Tabs"
        role="tablist"
        aria-label={props.label}
        onKeyDown={onKeyDown}
      >
        {tabs.map((tab, at) => (
          <button
            key={tab.id}
            type="button"
            id={`${prefix}-tab-${tab.id}`}
            role="tab"
            aria-selected={at === index}
            aria-controls={at === index ? `${prefix}-panel` : undefined}
            tabIndex={at === index ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        id={`${prefix}-panel`}
        className="smx-Tabs-panel"
        role="tabpanel"
        aria-labelledby={`${prefix}-tab-${current.id}`}
        tabIndex={props.hasStops ? undefined : 0}
      >
        {current.draw()}
      </div>
    </>
  );
}
