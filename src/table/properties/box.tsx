/** A checkbox with its label, as in TABLE PROPERTIES and Compare. */
import * as React from 'react';

export function Box(props: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label className="smx-TableProperties-box">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={event => props.onChange(event.target.checked)}
      />
      <span>{props.label}</span>
    </label>
  );
}
