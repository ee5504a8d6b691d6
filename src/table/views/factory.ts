/** Opens `.smxview` files from the file browser, as a table or as a message why it cannot. */
import { ABCWidgetFactory, DocumentRegistry, DocumentWidget } from '@jupyterlab/docregistry';
import { Panel } from '@lumino/widgets';

import { tableIcon } from '../../ui/pieces/icons';
import type { IViewFactoryOptions } from './options';

const FILE_TYPE = 'smxview';

/** Register the file type and what opens it. */
export function addViewFiles(options: IViewFactoryOptions): void {
  const { docRegistry } = options.app;
  const { trans } = options;
  docRegistry.addFileType({
    name: FILE_TYPE,
    displayName: trans.__('View of a trial component list'),
    extensions: ['.smxview'],
    mimeTypes: ['application/vnd.smx-lab.view+json'],
    contentType: 'file',
    fileFormat: 'text',
    icon: tableIcon
  });
  docRegistry.addWidgetFactory(
    new ViewFileFactory(
      {
        name: 'Trial Component List',
        label: trans.__('Trial Component List'),
        fileTypes: [FILE_TYPE],
        defaultFor: [FILE_TYPE],
        readOnly: true
      },
      options
    )
  );
}

type ViewDocument = DocumentWidget<Panel, DocumentRegistry.IModel>;

/**
 * A document that opens the table of a view and closes itself, unless there is an error to show.
 */
class ViewFileFactory extends ABCWidgetFactory<ViewDocument, DocumentRegistry.IModel> {
  constructor(
    own: DocumentRegistry.IWidgetFactoryOptions,
    private readonly _options: IViewFactoryOptions
  ) {
    super(own);
  }

  protected createNewWidget(context: DocumentRegistry.Context): ViewDocument {
    const document = new DocumentWidget({ content: new Panel(), context });
    document.title.icon = tableIcon;
    document.toolbar.hide();
    void context.ready.then(async () => {
      const { openViewFile } = await import('./fault');
      await openViewFile(document, this._options);
    });
    return document;
  }
}
