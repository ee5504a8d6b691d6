/** Whether a selected training job has a model, which is read from its details. */
import { Debouncer } from '@lumino/polling';

import type { SmxClient } from '../../api/client';
import type { IConnections } from '../../tokens';
import type { ExperimentsModel } from '../model';
import type { IBrowserRow } from '../rows/rows';

/** The output artifact that SageMaker gives a training job's model. */
const MODEL_ARTIFACT = 'SageMaker.ModelArtifact';
/** The details are read after a selection has rested this long, in milliseconds. Our choice. */
const PAUSE_MS = 150;

/** Reads the details of a single selected, completed training job, and keeps the result. */
export class ModelDataCache {
  constructor(
    private readonly _client: Pick<SmxClient, 'describeTrialComponent'>,
    private readonly _connections: IConnections,
    private readonly _model: ExperimentsModel
  ) {
    _model.selection.changed.connect(this._onSelection, this);
  }

  /** The URI of the model; null if there is none, undefined while it is not known. */
  find(rows: readonly IBrowserRow[]): string | null | undefined {
    return rows.length === 1 ? this._known.get(this._id(rows[0])) : undefined;
  }

  private _onSelection(): void {
    void this._reading.invoke();
  }

  private async _read(): Promise<void> {
    const [row, ...others] = this._model.selectedRows;
    const isCandidate =
      row?.component?.type === 'Training job' && row.component.status === 'Completed';
    if (!isCandidate || others.length || this._known.has(this._id(row))) {
      return;
    }
    const id = this._id(row);
    const found = await this._client
      .describeTrialComponent(this._connections.current!.id, row.name)
      .then(
        component => component.output_artifacts[MODEL_ARTIFACT]?.value ?? null,
        // It stays unknown; the Deploy model page will show the error.
        () => undefined
      );
    if (found !== undefined) {
      this._known.set(id, found);
    }
  }

  private _id(row: IBrowserRow): string {
    return `${this._connections.current?.id}\n${row.arn}\n${row.modifiedTime}`;
  }

  private _known = new Map<string, string | null>();
  private readonly _reading = new Debouncer(() => this._read(), PAUSE_MS);
}
