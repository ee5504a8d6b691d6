/** A widget that knows whether somebody looks at it. */
import { ReactWidget } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';

export abstract class VisibilityWidget extends ReactWidget {
  /** It has come onto the screen, or left it. */
  protected abstract onVisibilityChange(isVisible: boolean): void;

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    // The first document of an empty main area is never hidden, and so never shown.
    this.onVisibilityChange(this.isVisible);
  }

  protected onBeforeDetach(msg: Message): void {
    this.onVisibilityChange(false);
    super.onBeforeDetach(msg);
  }

  protected onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this.onVisibilityChange(true);
  }

  protected onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this.onVisibilityChange(false);
  }
}
