/** The tokens by which features use each other, and their interfaces. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { SmxClient } from './api/client';
import type { SmxError } from './api/errors';
import type { IConnection, IOperation } from './api/types';

export const PLUGIN_PREFIX = 'smx-lab';

/** The client of the server extension. */
export type ISmxClient = SmxClient;
export const ISmxClient = new Token<ISmxClient>(
  `${PLUGIN_PREFIX}:ISmxClient`,
  'The typed client of the smx-lab REST API.'
);

/**
 * An action that an administrator can switch off. `copy` needs all actions that change something.
 */
export type Action = 'deploy' | 'delete' | 'stop' | 'invoke' | 'edit' | 'copy';

/**
 * The connections that the server allows, and the one that the panels show.
 *
 * #### Notes
 * A document (a table, a deployment, an endpoint) keeps the connection that it was opened with.
 * Only the panels follow `current`.
 */
export interface IConnections {
  readonly connections: readonly IConnection[];
  /** Null before the first answer. */
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
  /** The regions that can be chosen for a connection; the server is asked once. */
  listRegions(connectionId: string): Promise<readonly string[]>;
  /** Ask the server again. */
  refresh(): Promise<void>;
  /** Null if an action is allowed, else the reason as a sentence. */
  whyNot(action: Action): string | null;
  /** Null if the server can export tables in this format, else the reason as a sentence. */
  whyNoFormat(format: string): string | null;
}
export const IConnections = new Token<IConnections>(
  `${PLUGIN_PREFIX}:IConnections`,
  'The connections that the server allows, and the current one.'
);

/**
 * The operations of the server (such as deployments and deletions) that this window follows.
 *
 * #### Notes
 * Running operations are followed until they end, also when their tab is closed, and again after a
 * reload. Every method rejects with an SmxError.
 */
export interface IOperations {
  /** The state, a step or the log of an operation has changed. */
  readonly changed: ISignal<IOperations, IOperation>;
  /** A running operation has ended, successfully or not. */
  readonly ended: ISignal<IOperations, IOperation>;
  /** The server does not know the operation any more. */
  readonly lost: ISignal<IOperations, { id: string; error: SmxError }>;
  /** The operation as last read; no request is sent. */
  find(operationId: string): IOperation | undefined;
  /** Follow an operation from the answer to a request. */
  follow(operation: IOperation): void;
  /** Read an operation, and follow it. */
  read(operationId: string): Promise<IOperation>;
  cancel(operationId: string): Promise<IOperation>;
  retry(operationId: string): Promise<IOperation>;
  rollBack(operationId: string): Promise<IOperation>;
}
export const IOperations = new Token<IOperations>(
  `${PLUGIN_PREFIX}:IOperations`,
  'Long work of the server, followed until it ends.'
);
