/** A panel of a sidebar whose contents are loaded when it is first shown. */
import type { Message } from '@lumino/messaging';
import { Panel, type Widget } from '@lumino/widgets';

export class LazyPanel extends Panel {
  /** `load` adds the one widget to this panel. */
  constructor(
    options: { id: string; caption: string; icon: Widget['title']['icon'] },
    private readonly _load: () => Promise<unknown>
  ) {
    super();
    this.id = options.id;
    this.title.caption = options.caption;
    this.title.icon = options.icon;
    this.addClass('smx-LatePanel');
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    if (this.isVisible) {
      void this._load();
    }
  }

  protected onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    void this._load();
  }

  protected onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    void this._load().then(() => this.widgets.forEach(widget => widget.activate()));
  }
}
