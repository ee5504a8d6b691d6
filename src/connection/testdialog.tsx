/** The result of **Test connection**: the identity, and the missing permissions. */
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { SmxError } from '../api/errors';
import type { IConnection, IConnectionTest } from '../api/types';
import { connectionText } from '../ui/pieces/chip';
import { Facts } from '../ui/pieces/facts';
import { ErrorState } from '../ui/pieces/states';
import { Permissions, Policies } from './permissions';

import '../../style/connection.css';

interface IResultProps {
  test: IConnectionTest | null;
  error: SmxError | null;
  trans: TranslationBundle;
}

function Result({ test, error, trans }: IResultProps): JSX.Element {
  if (error) {
    return <ErrorState error={error} trans={trans} />;
  }
  if (!test) {
    return <p role="status">{trans.__('Testing the connection…')}</p>;
  }
  const facts: [string, string | null][] = [
    [trans.__('Caller'), test.caller_arn],
    [trans.__('Account'), test.account],
    [trans.__('Region'), test.region]
  ];
  return (
    <div>
      <p role="status">
        {test.denied_actions.length
          ? trans.__('The connection works, with missing permissions.')
          : trans.__('The connection works.')}
      </p>
      <Facts facts={facts} />
      <Permissions checks={test.checks} trans={trans} />
      <Policies test={test} trans={trans} />
    </div>
  );
}

class ResultWidget extends ReactWidget {
  constructor(private readonly _trans: TranslationBundle) {
    super();
    this.addClass('smx-TestConnection');
  }

  setResult(test: IConnectionTest | null, error: SmxError | null): void {
    this._test = test;
    this._error = error;
    this.update();
  }

  protected render(): JSX.Element {
    return <Result test={this._test} error={this._error} trans={this._trans} />;
  }

  private _error: SmxError | null = null;
  private _test: IConnectionTest | null = null;
}

/** Open the dialog at once, and fill it when `answer` arrives; resolves when it is closed. */
export async function showConnectionTest(
  connection: IConnection,
  answer: Promise<IConnectionTest>,
  trans: TranslationBundle
): Promise<void> {
  const body = new ResultWidget(trans);
  const dialog = new Dialog({
    title: trans.__('Test connection: %1', connectionText(connection)),
    body,
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  });
  answer.then(
    test => {
      const { error } = test;
      const failed =
        error && !test.ok ? new SmxError(error.message, error.code, 0, error.details) : null;
      body.setResult(failed ? null : test, failed);
    },
    (reason: unknown) => body.setResult(null, SmxError.from(reason))
  );
  await dialog.launch();
}
