/** A dialog that stays open until its form is accepted, or the user cancels. */
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { SmxError } from '../../api/errors';

/** The body of the dialog, which checks the form and sends it. */
export abstract class Form extends ReactWidget implements Dialog.IBodyWidget<void> {
  /** What is wrong, as a sentence in the form; null if nothing is wrong. */
  problem: string | null = null;

  /** Whether the form can be sent; if not, `problem` says why. */
  abstract check(): boolean;

  /** Send the form. Rejects with an SmxError, which is shown. */
  abstract send(): Promise<void>;
}

const CANCEL = 0;
const ACCEPT = 1;

class FormDialog extends Dialog<void> {
  constructor(
    private readonly _form: Form,
    title: string,
    accept: string,
    trans: TranslationBundle
  ) {
    super({
      title,
      body: _form,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: accept })
      ],
      defaultButton: ACCEPT,
      focusNodeSelector: 'input, textarea'
    });
    this.addClass('smx-FormDialog');
    this.node.setAttribute('aria-label', title);
  }

  resolve(index = ACCEPT): void {
    if (index === CANCEL) {
      super.resolve(index);
    } else if (!this._isSending && this._form.check()) {
      void this._send();
    } else {
      this._form.update();
    }
  }

  handleEvent(event: Event): void {
    const target = event.target as Element | null;
    const isEnter = event instanceof KeyboardEvent && event.key === 'Enter';
    const isWriting =
      target?.hasAttribute('aria-activedescendant') || target?.tagName === 'TEXTAREA';
    // Enter in a text area or an open list does not submit the form.
    if (!isEnter || !isWriting) {
      super.handleEvent(event);
    }
  }

  private async _send(): Promise<void> {
    this._isSending = true;
    try {
      await this._form.send();
      super.resolve(ACCEPT);
    } catch (reason) {
      this._form.problem = SmxError.from(reason).message;
      this._form.update();
    } finally {
      this._isSending = false;
    }
  }

  private _isSending = false;
}

/** Show a form; return whether it was sent. The focus goes back to where it was. */
export async function showForm(
  form: Form,
  title: string,
  accept: string,
  trans: TranslationBundle
): Promise<boolean> {
  const { button } = await new FormDialog(form, title, accept, trans).launch();
  return button.accept;
}
