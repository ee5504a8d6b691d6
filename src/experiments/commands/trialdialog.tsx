/** **Associate with trial…**: choose a trial of any experiment by typing a part of its name. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { Debouncer } from '@lumino/polling';
import * as React from 'react';

import type { ITrial } from '../../api/types';
import { Combobox } from '../../ui/forms/combobox';
import { Form, showForm } from '../../ui/forms/dialog';
import type { IOption } from '../../ui/forms/options';

import '../../../style/filters.css';
import '../../../style/forms.css';

/** The trials are asked for after this pause in typing, in milliseconds. Our choice. */
const TYPING_MS = 200;

interface IChooseTrialOptions {
  title: string;
  /** The trials whose names contain a text, newest change first. */
  listTrials: (contains: string) => Promise<readonly ITrial[]>;
  send: (trialName: string) => Promise<void>;
  trans: TranslationBundle;
}

/** Show the dialog; return whether the components were associated with a trial. */
export function chooseTrial(options: IChooseTrialOptions): Promise<boolean> {
  const { title, trans } = options;
  return showForm(new TrialForm(options), title, trans.__('Associate'), trans);
}

class TrialForm extends Form {
  constructor(private readonly _options: IChooseTrialOptions) {
    super();
    this.addClass('smx-TrialForm');
    void this._list();
  }

  check(): boolean {
    const { trans } = this._options;
    this.problem = this._text.trim() === '' ? trans.__('Choose a trial first') : null;
    return this.problem === null;
  }

  send(): Promise<void> {
    return this._options.send(this._text.trim());
  }

  dispose(): void {
    this._typing.dispose();
    super.dispose();
  }

  protected render(): JSX.Element {
    const { trans } = this._options;
    return (
      <>
        <Combobox
          label={trans.__('Trial')}
          text={this._text}
          options={this._found}
          isInline
          isSearch
          onText={text => this._onText(text)}
          onChoose={option => {
            this._text = option.id;
            this.problem = null;
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

  private _onText(text: string): void {
    this._text = text;
    this.problem = null;
    this.update();
    void this._typing.invoke();
  }

  private async _list(): Promise<void> {
    const turn = ++this._turn;
    const { listTrials, trans } = this._options;
    try {
      const trials = await listTrials(this._text.trim());
      if (turn === this._turn) {
        this._found = trials.map(({ trial_name, experiment_name }) => ({
          id: trial_name,
          label: trial_name,
          detail: experiment_name ?? undefined
        }));
      }
    } catch (reason) {
      console.warn('smx-lab: the trials could not be listed.', reason);
      this.problem = trans.__('The trials could not be listed; type the whole name');
    }
    if (!this.isDisposed) {
      this.update();
    }
  }

  private _found: readonly IOption[] = [];
  private _text = '';
  private readonly _typing = new Debouncer(() => this._list(), TYPING_MS);
  private _turn = 0;
}
