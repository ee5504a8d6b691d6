/** A widget that is told when it becomes visible or hidden. */
import { ReactWidget } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';

export abstract class VisibilityWidget extends ReactWidget {
  /** The widget has become visible or hidden. */
  protected abstract onVisibilityChange(isVisible: boolean): void;

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    // The first document in an empty main area is never hidden, and so gets no event that shows it.
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
