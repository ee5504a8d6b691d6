/** The dialog of one filter, which stays open until the filter is valid or the user cancels. */
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { FilterBody, IFilterQuestion } from './bodies';
import { draftOf, finish, IColumnFilter, IFilterDraft } from './filters';

import '../../../style/filters.css';

interface IAskOptions {
  /** The filter to change; null for a new one. */
  filter: IColumnFilter | null;
  locale: string;
  trans: TranslationBundle;
}

class FilterForm extends ReactWidget implements Dialog.IBodyWidget<IColumnFilter | null> {
  constructor(
    private readonly _question: IFilterQuestion,
    private readonly _options: IAskOptions
  ) {
    super();
    const { kind, column, first } = _question;
    this._draft = draftOf(kind, column, _options.filter, first);
    this.addClass('smx-FilterDialog');
  }

  /** Whether the filter is valid; if not, the form shows why. */
  check(): boolean {
    const { kind, column, isNumber = false } = this._question;
    const done = finish(kind, column, this._draft, isNumber, this._options.trans);
    this._problem = 'problem' in done ? done.problem : null;
    this._filter = 'filter' in done ? done.filter : null;
    this.update();
    if (this._problem !== null) {
      this.node.querySelector<HTMLElement>('input, select')?.focus();
    }
    return this._problem === null;
  }

  getValue(): IColumnFilter | null {
    return this._filter;
  }

  protected render(): JSX.Element {
    const { locale, trans } = this._options;
    return (
      <FilterBody
        question={this._question}
        draft={this._draft}
        problem={this._problem}
        onDraft={draft => {
          this._draft = draft;
          this._problem = null;
          this.update();
        }}
        locale={locale}
        trans={trans}
      />
    );
  }

  private _draft: IFilterDraft;
  private _filter: IColumnFilter | null = null;
  private _problem: string | null = null;
}

const CANCEL = 0;
const APPLY = 1;

class FilterDialog extends Dialog<IColumnFilter | null> {
  constructor(
    private readonly _form: FilterForm,
    title: string,
    trans: TranslationBundle
  ) {
    super({
      title,
      body: _form,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Apply') })
      ],
      defaultButton: APPLY,
      focusNodeSelector: 'input[type=radio]:checked, input:not([type=radio]), select'
    });
    this.node.setAttribute('aria-label', title);
  }

  resolve(index = APPLY): void {
    if (index === CANCEL || this._form.check()) {
      super.resolve(index);
    }
  }

  handleEvent(event: Event): void {
    const target = event.target as Element | null;
    const isChoosing =
      event instanceof KeyboardEvent &&
      event.key === 'Enter' &&
      target?.hasAttribute('aria-activedescendant');
    // Enter first takes the marked option, and only then applies the filter.
    if (!isChoosing) {
      super.handleEvent(event);
    }
  }
}

/** Ask for a filter; null if the user cancelled. The focus goes back to where it was. */
export async function askFilter(
  question: IFilterQuestion,
  options: IAskOptions
): Promise<IColumnFilter | null> {
  const { trans } = options;
  const title = question.detail
    ? trans.__('Filter: %1 (%2)', question.label, question.detail)
    : trans.__('Filter: %1', question.label);
  const form = new FilterForm(question, options);
  const { button, value } = await new FilterDialog(form, title, trans).launch();
  return button.accept ? value : null;
}
