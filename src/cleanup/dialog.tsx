/** The dialog of a clean-up: first its plan, then its progress. */
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import { Panel, type Widget } from '@lumino/widgets';
import * as React from 'react';

import type { IOperation } from '../api/types';
import { trapTab } from '../ui/focus';
import { ErrorState, LoadingRows } from '../ui/pieces/states';
import type { CleanUpModel } from './model';
import { Choices, Plan } from './plan';
import { CleanUpProgress } from './progress';
import { titleOf } from './words';

import '../../style/cleanup.css';
import '../../style/deploy.css';

interface IProps {
  model: CleanUpModel;
  trans: TranslationBundle;
  locale: string;
  /** The connection, as text. */
  place: string;
}

class Body extends ReactWidget {
  constructor(private readonly _props: IProps) {
    super();
    this.addClass('smx-CleanUp');
  }

  protected render(): JSX.Element {
    const { model, place } = this._props;
    return (
      <>
        <p className="smx-CleanUp-place">{place}</p>
        <UseSignal signal={model.changed}>{() => <Content {...this._props} />}</UseSignal>
      </>
    );
  }
}

function Content({ model, trans, locale }: IProps): JSX.Element {
  const { state } = model;
  switch (state.is) {
    case 'planning':
      return (
        <>
          <p role="status">{trans.__('Reading what would be deleted…')}</p>
          <LoadingRows rows={3} trans={trans} />
        </>
      );
    case 'planned':
      return <Plan model={model} plan={state.plan} error={state.error} trans={trans} />;
    case 'failed':
      return (
        <>
          <Choices model={model} trans={trans} />
          <ErrorState
            error={state.error}
            actions={[{ label: trans.__('Retry now'), onClick: () => void model.plan() }]}
            trans={trans}
          />
        </>
      );
    case 'cleaning':
      return (
        <CleanUpProgress
          operation={state.operation}
          error={state.error}
          trans={trans}
          locale={locale}
        />
      );
  }
}

/** The buttons beside **Close**, for what can be done now. */
class Buttons extends ReactWidget {
  constructor(private readonly _props: IProps) {
    super();
    this.addClass('smx-CleanUp-buttons');
  }

  protected render(): JSX.Element {
    const { model } = this._props;
    return <UseSignal signal={model.changed}>{() => this._draw()}</UseSignal>;
  }

  private _draw(): JSX.Element | null {
    const { model, trans } = this._props;
    const { state } = model;
    if (state.is === 'planned') {
      return (
        <FooterButton
          key="begin"
          className="jp-mod-warn"
          label={trans.__('Clean up')}
          whyNot={whyNotBegin(model, trans)}
          onClick={() => void model.begin()}
        />
      );
    }
    if (state.is !== 'cleaning') {
      return null;
    }
    const { operation } = state;
    if (operation.state === 'running') {
      return <FooterButton key="stop" label={trans.__('Stop')} onClick={() => void model.stop()} />;
    }
    return operation.can_retry ? (
      <FooterButton
        key="retry"
        className="jp-mod-accept"
        label={retryWord(operation, trans)}
        onClick={() => void model.retry()}
      />
    ) : null;
  }
}

function whyNotBegin(model: CleanUpModel, trans: TranslationBundle): string | null {
  const { state } = model;
  if (model.canBegin || state.is !== 'planned') {
    return null;
  }
  if (model.isBusy) {
    return trans.__('Reading what would be deleted…');
  }
  return state.plan.counts.to_delete === 0
    ? trans.__('There is nothing to delete')
    : trans.__('Type the name first');
}

function retryWord({ outcome, state }: IOperation, trans: TranslationBundle): string {
  if (outcome?.failed_count) {
    return trans.__('Retry failed');
  }
  return state === 'failed' ? trans.__('Retry') : trans.__('Go on');
}

function FooterButton(props: {
  label: string;
  className?: string;
  whyNot?: string | null;
  onClick: () => void;
}): JSX.Element {
  const { label, className = 'jp-mod-reject', whyNot = null, onClick } = props;
  return (
    <button
      type="button"
      className={`jp-Dialog-button jp-mod-styled ${className}`}
      aria-disabled={whyNot !== null}
      title={whyNot ?? undefined}
      onClick={() => whyNot === null && onClick()}
    >
      <span className="jp-Dialog-buttonLabel">{label}</span>
    </button>
  );
}

/** Adds our buttons after **Close**. */
class Renderer extends Dialog.Renderer {
  constructor(private readonly _buttons: Buttons) {
    super();
  }

  createFooter(buttons: readonly HTMLElement[], checkbox: HTMLElement | null): Widget {
    const footer = new Panel();
    footer.addClass('jp-Dialog-footer');
    footer.addClass('smx-CleanUp-footer');
    const close = super.createFooter(buttons, checkbox);
    close.removeClass('jp-Dialog-footer');
    footer.addWidget(close);
    footer.addWidget(this._buttons);
    return footer;
  }
}

class CleanUpDialog extends Dialog<void> {
  constructor(private readonly _props: IProps) {
    const { model, trans } = _props;
    const { state } = model;
    const title = state.is === 'cleaning' ? state.operation.title : titleOf(model.args, trans);
    super({
      title,
      body: new Body(_props),
      renderer: new Renderer(new Buttons(_props)),
      buttons: [Dialog.cancelButton({ label: trans.__('Close') })]
    });
    this.addClass('smx-CleanUpDialog');
    this.node.setAttribute('aria-label', title);
    model.changed.connect(this._keepFocus, this);
  }

  dispose(): void {
    this._props.model.changed.disconnect(this._keepFocus, this);
    super.dispose();
  }

  handleEvent(event: Event): void {
    if (event.type === 'focus' && this._holdFocus(event)) {
      return;
    }
    if (!(event instanceof KeyboardEvent) || event.type !== 'keydown') {
      super.handleEvent(event);
    } else if (event.key === 'Escape') {
      super.handleEvent(event);
    } else if (event.key === 'Tab') {
      trapTab(this.node, event);
    } else if (event.key === 'Enter' && isText(event.target)) {
      // Enter in the box for the name starts the clean-up; elsewhere the browser handles it.
      event.preventDefault();
      void this._props.model.begin();
    }
  }

  /**
   * Give the focus back to the dialog if a document that is still loading has taken it; return
   * whether the dialog has it.
   */
  private _holdFocus({ target }: Event): boolean {
    if (this.node.contains(target as Node)) {
      this._focused = target as HTMLElement;
      return true;
    }
    this._focused?.focus();
    return this.node.contains(document.activeElement);
  }

  /** Keep the focus in the dialog when the pressed button has disappeared. */
  private _keepFocus(): void {
    requestAnimationFrame(() => {
      if (this.isAttached && !this.node.contains(document.activeElement)) {
        this.node.querySelector<HTMLElement>('.jp-Dialog-footerButtons button')?.focus();
      }
    });
  }

  private _focused: HTMLElement | null = null;
}

function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === 'text';
}

/** Open the dialog; resolves when it is closed. A running clean-up goes on. */
export async function showCleanUp(props: IProps): Promise<void> {
  await new CleanUpDialog(props).launch();
  props.model.dispose();
}
