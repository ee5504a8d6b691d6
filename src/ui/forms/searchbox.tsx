/** A box that filters the list below it. */
import * as React from 'react';

export function SearchBox(props: {
  /** Its placeholder and its accessible name. */
  label: string;
  value: string;
  onChange: (text: string) => void;
  className?: string;
  onKeyDown?: React.KeyboardEventHandler;
}): JSX.Element {
  const { label, value, onChange, className, onKeyDown } = props;
  return (
    <input
      type="search"
      className={`jp-mod-styled ${className ?? ''}`}
      placeholder={label}
      aria-label={label}
      spellCheck={false}
      value={value}
      onChange={event => onChange(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}
