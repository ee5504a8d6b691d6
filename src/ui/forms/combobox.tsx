/** A box with a list of options that follow the typed text: the combobox of the ARIA patterns. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { searchIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import '../../../style/filters.css';
import type { IOption } from './options';

/** This many options are drawn; further typing finds the others. Our choice. */
const MAX_DRAWN = 100;

interface IComboboxProps {
  label: string;
  text: string;
  options: readonly IOption[];
  /** The list stays open below the box, in the flow of the page. */
  isInline?: boolean;
  /** Draw a magnifying glass, and the label as a placeholder. */
  isSearch?: boolean;
  className?: string;
  /** Drawn after the text, inside the box. */
  end?: React.ReactNode;
  onText: (text: string) => void;
  onChoose: (option: IOption) => void;
  /** `Escape`, or `Enter` and `↓` where there is nothing to choose. */
  onLeave?: (key: string) => void;
  trans: TranslationBundle;
}

/**
 * Draws the options it is given and keeps the active one. The owner filters the options.
 *
 * #### Notes
 * The focus stays in the box: `aria-activedescendant` names the active option.
 */
export function Combobox(props: IComboboxProps): JSX.Element {
  const { options, isInline = false, trans } = props;
  const id = React.useId();
  const [isOpen, setOpen] = React.useState(false);
  const [active, setActive] = React.useState(-1);
  const shown = (isInline || isOpen) && options.length > 0;
  const drawn = shown ? options.slice(0, MAX_DRAWN) : [];
  const at = active < drawn.length ? active : -1;
  const list = React.useRef<HTMLUListElement>(null);
  React.useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const choose = (option: IOption): void => {
    setOpen(false);
    setActive(-1);
    props.onChoose(option);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const opens = event.key === 'ArrowDown' && options.length > 0;
    if (step !== undefined && (shown || opens)) {
      event.preventDefault();
      setOpen(true);
      // In the box itself, ↓ goes to the first option and ↑ to the last.
      const last = Math.min(options.length, MAX_DRAWN) - 1;
      setActive(at < 0 ? (step > 0 ? 0 : last) : at + step > last ? -1 : at + step);
    } else if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      choose(drawn[at]);
    } else if (['Escape', 'Enter', 'ArrowDown'].includes(event.key) && props.onLeave) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      setActive(-1);
      props.onLeave(event.key);
    }
  };
  return (
    <div className={`smx-Combobox ${isInline ? 'smx-mod-inline' : ''} ${props.className ?? ''}`}>
      <div className="smx-Combobox-box">
        {props.isSearch && <searchIcon.react tag="span" className="smx-Icon" />}
        <input
          type="text"
          role="combobox"
          className="smx-Combobox-input"
          value={props.text}
          placeholder={props.isSearch ? props.label : undefined}
          aria-label={props.label}
          aria-autocomplete="list"
          aria-expanded={shown}
          aria-controls={shown ? `${id}-list` : undefined}
          aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
          spellCheck={false}
          autoComplete="off"
          onChange={event => {
            setOpen(true);
            setActive(-1);
            props.onText(event.target.value);
          }}
          onClick={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            setActive(-1);
          }}
          onKeyDown={onKeyDown}
        />
        {props.end}
      </div>
      {shown && (
        <ul
          id={`${id}-list`}
          ref={list}
          role="listbox"
          aria-label={props.label}
          className="smx-Combobox-list"
          // The focus stays in the box.
          onPointerDown={event => event.preventDefault()}
          onMouseDown={event => event.preventDefault()}
        >
          {drawn.map((option, index) => (
            <li
              key={option.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              title={option.label}
              onClick={() => choose(option)}
            >
              <span className="smx-Combobox-label">{option.label}</span>
              {option.detail && <span className="smx-Combobox-detail">{option.detail}</span>}
            </li>
          ))}
          {options.length > MAX_DRAWN && (
            <li role="presentation" className="smx-Combobox-more">
              {trans._n('%1 more: type on', '%1 more: type on', options.length - MAX_DRAWN)}
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
