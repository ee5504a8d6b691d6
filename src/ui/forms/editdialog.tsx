/** A dialog to edit tags and, for experiments and trials, display name and description. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { addIcon, closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Form, showForm } from './dialog';
import {
  ITagEdit,
  ITagRow,
  NEW_TAG,
  editOf,
  isMixed,
  nameProblem,
  rowsOf,
  tagProblem
} from './tags';

import '../../../style/forms.css';

/** Display name and description; only some things have a description. */
interface IWords {
  readonly displayName: string;
  readonly description?: string;
}

interface IEditOptions {
  title: string;
  /** The tags of each resource. */
  tags: readonly Readonly<Record<string, string>>[];
  /** Null where only tags are edited. */
  words: IWords | null;
  /** Send the changes. A part without changes is null. */
  send: (tags: ITagEdit | null, words: IWords | null) => Promise<void>;
  trans: TranslationBundle;
}

/** Show the dialog; return whether something was changed. */
export function editDetails(options: IEditOptions): Promise<boolean> {
  const { title, trans } = options;
  return showForm(new EditForm(options), title, trans.__('Save'), trans);
}

class EditForm extends Form {
  constructor(private readonly _options: IEditOptions) {
    super();
    this.addClass('smx-EditForm');
    const rows = rowsOf(_options.tags);
    this._rows = rows.length ? rows : [NEW_TAG];
    this._words = _options.words;
  }

  check(): boolean {
    const { trans } = this._options;
    const found = tagProblem(this._rows, trans);
    this._place = found?.place ?? null;
    const words = this._hasNewName() ? nameProblem(this._words!.displayName, trans) : null;
    this.problem = words ?? found?.sentence ?? null;
    return this.problem === null;
  }

  async send(): Promise<void> {
    const tags = editOf(this._rows);
    const isTagged = Object.keys(tags.put).length + tags.remove.length > 0;
    const words = JSON.stringify(this._words) === JSON.stringify(this._options.words);
    await this._options.send(isTagged ? tags : null, words ? null : this._words);
  }

  protected render(): JSX.Element {
    const { trans } = this._options;
    return (
      <>
        {this._words && (
          <WordFields
            words={this._words}
            onChange={words => {
              this._words = words;
              this.update();
            }}
            trans={trans}
          />
        )}
        <TagFields
          rows={this._rows}
          wrong={this._place}
          onChange={rows => {
            this._rows = rows;
            this._place = this.problem = null;
            this.update();
          }}
          trans={trans}
        />
        <p className="smx-Form-problem" role="alert">
          {this.problem}
        </p>
      </>
    );
  }

  private _hasNewName(): boolean {
    return this._words?.displayName !== this._options.words?.displayName;
  }

  private _place: number | null = null;
  private _rows: readonly ITagRow[];
  private _words: IWords | null;
}

function WordFields(props: {
  words: IWords;
  onChange: (words: IWords) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { words, onChange, trans } = props;
  return (
    <>
      <label className="smx-Form-field">
        <span>{trans.__('Display name')}</span>
        <input
          type="text"
          className="jp-mod-styled"
          value={words.displayName}
          onChange={event => onChange({ ...words, displayName: event.target.value })}
        />
      </label>
      {words.description !== undefined && (
        <label className="smx-Form-field">
          <span>{trans.__('Description')}</span>
          <textarea
            className="jp-mod-styled"
            rows={3}
            value={words.description}
            onChange={event => onChange({ ...words, description: event.target.value })}
          />
        </label>
      )}
    </>
  );
}

function TagFields(props: {
  rows: readonly ITagRow[];
  /** The line that breaks a rule. */
  wrong: number | null;
  onChange: (rows: readonly ITagRow[]) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { rows, wrong, onChange, trans } = props;
  const last = React.useRef<HTMLInputElement>(null);
  const change = (place: number, changed: Partial<ITagRow>): void =>
    onChange(rows.map((row, at) => (at === place ? { ...row, ...changed } : row)));
  // A removed tag stays in the list, hidden, so that its removal can be sent.
  const remove = (place: number): void =>
    rows[place].isOld
      ? change(place, { isRemoved: true })
      : onChange(rows.filter((_, at) => at !== place));
  React.useEffect(() => {
    if (rows.at(-1)?.isOld === false && rows.at(-1)?.key === '' && rows.length > 1) {
      last.current?.focus();
    }
  }, [rows.length]);
  return (
    <fieldset className="smx-TagFields">
      <legend>{trans.__('Tags')}</legend>
      {rows.map((row, place) =>
        row.isRemoved ? null : (
          <div key={place} className="smx-TagFields-row">
            <input
              ref={place === rows.length - 1 ? last : undefined}
              type="text"
              className="jp-mod-styled"
              aria-label={trans.__('Key')}
              placeholder={trans.__('Key')}
              aria-invalid={place === wrong}
              readOnly={row.isOld}
              value={row.key}
              onChange={event => change(place, { key: event.target.value })}
            />
            <input
              type="text"
              className="jp-mod-styled"
              aria-label={row.key ? trans.__('Value of %1', row.key) : trans.__('Value')}
              placeholder={isMixed(row) ? trans.__('Different values') : trans.__('Value')}
              aria-invalid={place === wrong}
              value={row.value}
              onChange={event => change(place, { value: event.target.value })}
            />
            <button
              type="button"
              className="jp-Button jp-mod-minimal"
              aria-label={trans.__('Remove tag %1', row.key)}
              title={trans.__('Remove tag %1', row.key)}
              onClick={() => remove(place)}
            >
              <closeIcon.react tag="span" className="smx-Icon" />
            </button>
          </div>
        )
      )}
      <button
        type="button"
        className="jp-Button jp-mod-minimal smx-TagFields-add"
        onClick={() => onChange([...rows, NEW_TAG])}
      >
        <addIcon.react tag="span" className="smx-Icon" />
        {trans.__('Add tag')}
      </button>
    </fieldset>
  );
}
