/** The error that the REST API answers with. */

/** A sentence for the user, a stable code, and details that a screen can show on demand. */
export class SmxError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly status: number,
    readonly details: Readonly<Record<string, string>> = {}
  ) {
    super(message);
    this.name = 'SmxError';
  }

  /** Return `reason` as an SmxError, whatever was thrown. */
  static from(reason: unknown): SmxError {
    if (reason instanceof SmxError) {
      return reason;
    }
    return new SmxError(reason instanceof Error ? reason.message : String(reason), 'unknown', 0);
  }
}
