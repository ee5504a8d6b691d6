/** Test inference: a request to the model, its answer, the earlier answers, and the code. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IConnection } from '../../api/types';
import { IconButton } from '../../ui/pieces/iconbutton';
import { CodeToCopy, CopyButton, ErrorDetails } from '../../ui/pieces/states';
import { absoluteTime } from '../../ui/words/time';
import { CONTENT_TYPES, IFileBody, readable } from './body';
import { invokingCode } from './code';
import type { EndpointModel, IInvocation, Outcome } from './model';

interface IInferenceProps {
  model: EndpointModel;
  connection: IConnection | undefined;
  /** Null if invoking is allowed, else the sentence that says why not. */
  whyNot: string | null;
  idPrefix: string;
  trans: TranslationBundle;
  locale: string;
}

export function Inference(props: IInferenceProps): JSX.Element {
  const { model, connection, trans } = props;
  return (
    <div className="smx-Inference">
      <RequestForm {...props} />
      {model.current && <Answer {...props} invocation={model.current} />}
      {model.history.length > 1 && <History {...props} />}
      <details className="smx-Details">
        <summary>{trans.__('The same as code')}</summary>
        <CodeToCopy
          code={invokingCode(connection, model.endpointName, model.draft)}
          trans={trans}
        />
      </details>
    </div>
  );
}

/** Why a request cannot be sent; null if it can. */
function whyNotSend({ model, whyNot, trans }: IInferenceProps): string | null {
  const { state, draft } = model;
  if (whyNot !== null) {
    return whyNot;
  }
  if (
    state.is === 'ready' &&
    ['Creating', 'Failed', 'Deleting'].includes(state.endpoint.endpoint_status)
  ) {
    return trans.__('The endpoint does not answer while it is %1.', state.endpoint.endpoint_status);
  }
  if (draft.contentType.trim() === '') {
    return trans.__('Give the content type of the body.');
  }
  return draft.file || draft.text !== '' ? null : trans.__('Type a body or choose a file.');
}

function RequestForm(props: IInferenceProps): JSX.Element {
  const { model, idPrefix, trans } = props;
  const { draft } = model;
  const why = whyNotSend(props);
  const pending = model.current?.outcome.is === 'pending';
  return (
    <form
      className="smx-Inference-form"
      aria-label={trans.__('Request')}
      onSubmit={event => {
        event.preventDefault();
        if (why === null && !pending) {
          void model.send();
        }
      }}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.currentTarget.requestSubmit();
        }
      }}
    >
      <label htmlFor={`${idPrefix}-type`}>{trans.__('Content type')}</label>
      <input
        id={`${idPrefix}-type`}
        className="jp-mod-styled"
        list={`${idPrefix}-types`}
        spellCheck={false}
        value={draft.contentType}
        onChange={event => model.edit({ contentType: event.target.value })}
      />
      <datalist id={`${idPrefix}-types`}>
        {CONTENT_TYPES.map(type => (
          <option key={type} value={type} />
        ))}
      </datalist>
      <Body {...props} />
      <div className="smx-Inference-buttons">
        <button
          type="submit"
          className="jp-Button jp-mod-styled jp-mod-accept"
          aria-disabled={why !== null || pending}
          aria-describedby={why ? `${idPrefix}-why` : undefined}
          title={why ?? undefined}
        >
          {trans.__('Send Request')}
        </button>
        {pending && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-reject"
            onClick={() => model.stop()}
          >
            {trans.__('Stop')}
          </button>
        )}
        {why && (
          <span id={`${idPrefix}-why`} className="smx-Inference-why">
            {why}
          </span>
        )}
      </div>
    </form>
  );
}

function Body({ model, idPrefix, trans }: IInferenceProps): JSX.Element {
  const chooser = React.useRef<HTMLInputElement>(null);
  const { file, text } = model.draft;
  const choose = (chosen: File | undefined): void => {
    if (chosen) {
      model.edit({
        file: fileBody(chosen),
        ...(chosen.type && { contentType: chosen.type })
      });
    }
  };
  return (
    <>
      <label htmlFor={`${idPrefix}-body`}>{trans.__('Body')}</label>
      {file ? (
        <p className="smx-Inference-file">
          <span>{trans.__('%1 (%2 bytes)', file.name, file.size)}</span>
          <IconButton
            icon={closeIcon}
            id={`${idPrefix}-body`}
            label={trans.__('Remove the file and use the editor')}
            onClick={() => model.edit({ file: null })}
          />
        </p>
      ) : (
        <textarea
          id={`${idPrefix}-body`}
          className="smx-Inference-editor"
          data-smx-first-field
          rows={6}
          spellCheck={false}
          value={text}
          onChange={event => model.edit({ text: event.target.value })}
        />
      )}
      <div>
        <input
          ref={chooser}
          type="file"
          hidden
          aria-label={trans.__('File with the body')}
          onChange={event => {
            choose(event.target.files?.[0]);
            event.target.value = ''; // so that the same file can be chosen again
          }}
        />
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-reject"
          onClick={() => chooser.current?.click()}
        >
          {trans.__('Choose file…')}
        </button>
      </div>
    </>
  );
}

function fileBody(file: File): IFileBody {
  return {
    name: file.name,
    size: file.size,
    read: async () => new Uint8Array(await file.arrayBuffer())
  };
}

function statusWord(outcome: Outcome, trans: TranslationBundle): string {
  switch (outcome.is) {
    case 'pending':
      return trans.__('Pending');
    case 'complete':
      return trans.__('Complete');
    case 'failed':
      return trans.__('Failed');
  }
}

/** The duration in milliseconds below one second, else in seconds with three digits. */
function executionLength(outcome: Outcome, locale: string): string {
  if (outcome.is === 'pending') {
    return '';
  }
  const inSeconds = outcome.durationMs >= 1000;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: inSeconds ? 'second' : 'millisecond',
    maximumSignificantDigits: 3
  }).format(inSeconds ? outcome.durationMs / 1000 : outcome.durationMs);
}

function Answer(props: IInferenceProps & { invocation: IInvocation }): JSX.Element {
  const { invocation, trans, locale } = props;
  const { outcome } = invocation;
  return (
    <section className="smx-Inference-answer" aria-label={trans.__('Response')}>
      <dl className="smx-Facts">
        <dt>{trans.__('Status')}</dt>
        <dd>
          <span role="status">{statusWord(outcome, trans)}</span>
        </dd>
        <dt>{trans.__('Execution Length')}</dt>
        <dd>{executionLength(outcome, locale)}</dd>
        {outcome.is === 'complete' && (
          <>
            <dt>{trans.__('Content type')}</dt>
            <dd>{outcome.result.content_type}</dd>
          </>
        )}
      </dl>
      {outcome.is === 'complete' && <Response {...props} outcome={outcome} />}
      {outcome.is === 'failed' && (
        <div role="alert" className="smx-Problem">
          <p>{outcome.error.message}</p>
          <ErrorDetails error={outcome.error} trans={trans} />
        </div>
      )}
    </section>
  );
}

function Response(props: {
  outcome: Outcome & { is: 'complete' };
  trans: TranslationBundle;
}): JSX.Element {
  const { outcome, trans } = props;
  const { result } = outcome;
  const text = React.useMemo(() => readable(result), [result]);
  if (text === null) {
    return (
      <a
        className="jp-Button jp-mod-styled"
        download="response"
        href={`data:application/octet-stream;base64,${result.body_base64 ?? ''}`}
      >
        {trans.__('Download the response')}
      </a>
    );
  }
  return (
    <>
      <h2>{trans.__('Response')}</h2>
      <pre
        className="smx-CodeBox smx-Inference-response"
        tabIndex={0}
        aria-label={trans.__('Response')}
      >
        {text}
      </pre>
      <CopyButton text={result.body ?? ''} label={trans.__('Copy')} trans={trans} />
    </>
  );
}

function History({ model, trans, locale }: IInferenceProps): JSX.Element {
  return (
    <section>
      <h2>{trans.__('History')}</h2>
      <div
        className="smx-EndpointPage-scroll"
        tabIndex={0}
        role="group"
        aria-label={trans.__('History')}
      >
        <table className="smx-EndpointPage-table">
          <thead>
            <tr>
              <th scope="col">{trans.__('Sent on')}</th>
              <th scope="col">{trans.__('Status')}</th>
              <th scope="col">{trans.__('Execution Length')}</th>
              <th scope="col">{trans.__('Content type')}</th>
              <th scope="col">{trans.__('Body')}</th>
              <th scope="col">{trans.__('Actions')}</th>
            </tr>
          </thead>
          <tbody>
            {model.history.map(invocation => (
              <tr
                key={invocation.id}
                aria-current={invocation === model.current ? 'true' : undefined}
              >
                <td>{absoluteTime(invocation.startTime, locale)}</td>
                <td>{statusWord(invocation.outcome, trans)}</td>
                <td>{executionLength(invocation.outcome, locale)}</td>
                <td>{invocation.contentType}</td>
                <td className="smx-Inference-summary" title={invocation.summary}>
                  {invocation.summary}
                </td>
                <td>
                  <button
                    type="button"
                    className="smx-Link"
                    onClick={() => model.choose(invocation.id)}
                  >
                    {trans.__('Show')}
                  </button>{' '}
                  <button
                    type="button"
                    className="smx-Link"
                    onClick={() => model.edit(invocation.request)}
                  >
                    {trans.__('Use again')}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
