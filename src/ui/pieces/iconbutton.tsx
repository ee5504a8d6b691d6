/** A button with an icon and a text for screen readers and the tooltip. */
import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import '../../../style/pieces.css';

export function IconButton(props: {
  icon: LabIcon;
  label: string;
  onClick: (button: HTMLElement) => void;
  /** Added to `smx-IconButton`. */
  className?: string;
  id?: string;
  hasMenu?: boolean;
}): JSX.Element {
  const { icon: Icon, label, onClick, className, id, hasMenu } = props;
  return (
    <button
      type="button"
      id={id}
      className={`smx-IconButton ${className ?? ''}`}
      title={label}
      aria-label={label}
      aria-haspopup={hasMenu ? 'menu' : undefined}
      onClick={event => onClick(event.currentTarget)}
    >
      <Icon.react tag="span" className="smx-Icon" />
    </button>
  );
}
