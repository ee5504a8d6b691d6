/** The current filters as chips. A click on a chip changes the filter, its cross removes it. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import '../../../style/filters.css';

interface IFilterChipsProps {
  texts: readonly string[];
  onEdit: (place: number) => void;
  onRemove: (place: number) => void;
  onClear: () => void;
  /** Moves the focus when the last chip is removed. */
  onEmpty: () => void;
  trans: TranslationBundle;
}

export function FilterChips(props: IFilterChipsProps): JSX.Element | null {
  const { texts, trans } = props;
  const list = React.useRef<HTMLUListElement>(null);
  const remove = (place: number): void => {
    const chips = [...(list.current?.querySelectorAll<HTMLElement>('.smx-FilterChip-text') ?? [])];
    // The focus stays among the chips: on the next one, or else on the previous one.
    const next = chips[place + 1] ?? chips[place - 1];
    const index = chips.indexOf(next);
    props.onRemove(place);
    if (next) {
      requestAnimationFrame(() => {
        const left = list.current?.querySelectorAll<HTMLElement>('.smx-FilterChip-text');
        left?.[index > place ? index - 1 : index]?.focus();
      });
    } else {
      props.onEmpty();
    }
  };
  if (texts.length === 0) {
    return null;
  }
  return (
    <ul ref={list} className="smx-FilterChips" aria-label={trans.__('Filters')}>
      {texts.map((text, place) => (
        <li key={place} className="smx-FilterChip">
          <button
            type="button"
            className="smx-FilterChip-text"
            title={trans.__('Change the filter “%1”', text)}
            aria-haspopup="dialog"
            onClick={() => props.onEdit(place)}
            onKeyDown={event => {
              if (event.key === 'Delete' || event.key === 'Backspace') {
                event.preventDefault();
                remove(place);
              }
            }}
          >
            {text}
          </button>
          <button
            type="button"
            className="smx-FilterChip-remove"
            title={trans.__('Remove the filter “%1”', text)}
            aria-label={trans.__('Remove the filter “%1”', text)}
            onClick={() => remove(place)}
          >
            <closeIcon.react tag="span" className="smx-Icon" />
          </button>
        </li>
      ))}
      {texts.length > 1 && (
        <li>
          <button
            type="button"
            className="smx-FilterChips-clear jp-Button jp-mod-minimal"
            onClick={() => {
              props.onClear();
              props.onEmpty();
            }}
          >
            {trans.__('Clear all')}
          </button>
        </li>
      )}
    </ul>
  );
}
