/** What features offer to each other: tokens, and the interfaces behind them. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { SmxClient } from './api/client';
import type { SmxError } from './api/errors';
import type { IConnection, IOperation } from './api/types';

export const PLUGIN_PREFIX = 'smx-lab';

/** Asks the server extension. */
export type ISmxClient = SmxClient;
export const ISmxClient = new Token<ISmxClient>(
  `${PLUGIN_PREFIX}:ISmxClient`,
  'The typed client of the smx-lab REST API.'
);

/** Something an administrator may switch off; `copy` goes with all that changes something. */
export type Action = 'deploy' | 'delete' | 'stop' | 'invoke' | 'edit' | 'copy';

/**
 * The connections that the server allows, and the one that panels look at.
 *
 * #### Notes
 * A document (a table, a deployment, an endpoint) keeps the id it was opened with; only the
 * panels follow `current`.
 */
export interface IConnections {
  readonly connections: readonly IConnection[];
  /** Null until the first answer has come. */
  readonly current: IConnection | null;
  /** The AWS regions that may be chosen instead of that of `current`; empty until known. */
  readonly regions: readonly string[];
  readonly error: SmxError | null;
  /** Any of the above has changed. */
  readonly changed: ISignal<IConnections, void>;
  /** Resolves once `connections` is known; rejects with an SmxError. */
  readonly ready: Promise<void>;
  find(connectionId: string): IConnection | undefined;
  select(connectionId: string): void;
  /** The regions that may be chosen for a connection; asks the server once. */
  listRegions(connectionId: string): Promise<readonly string[]>;
  /** Ask the server again. */
  refresh(): Promise<void>;
  /** Null if allowed, else the sentence that says why not. */
  whyNot(action: Action): string | null;
  /** Null if the server can export tables in this format, else the sentence that says why not. */
  whyNoFormat(format: string): string | null;
}
export const IConnections = new Token<IConnections>(
  `${PLUGIN_PREFIX}:IConnections`,
  'The connections that the server allows, and the current one.'
);

/**
 * The server's long work (deployments, deletions) that this window follows.
 *
 * #### Notes
 * Running ones are followed until they end, also when the tab that began them is closed, and
 * again after a reload. Every method rejects with an SmxError.
 */
export interface IOperations {
  /** One operation has another state, step or log line. */
  readonly changed: ISignal<IOperations, IOperation>;
  /** One that was running has ended, well or not. */
  readonly ended: ISignal<IOperations, IOperation>;
  /** The server no longer knows it. */
  readonly lost: ISignal<IOperations, { id: string; error: SmxError }>;
  /** As last seen, without asking. */
  find(operationId: string): IOperation | undefined;
  /** Follow one that a request has just answered with. */
  follow(operation: IOperation): void;
  /** Ask for one, and follow it. */
  read(operationId: string): Promise<IOperation>;
  cancel(operationId: string): Promise<IOperation>;
  retry(operationId: string): Promise<IOperation>;
  rollBack(operationId: string): Promise<IOperation>;
}
export const IOperations = new Token<IOperations>(
  `${PLUGIN_PREFIX}:IOperations`,
  'Long work of the server, followed until it ends.'
);
