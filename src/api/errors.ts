/** The one error that the REST API answers with, and that models keep in their state. */

/** A sentence for the user, a stable code, and facts that a screen may unfold. */
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

  /** Whatever was thrown, as an SmxError: views and models know no other. */
  static from(reason: unknown): SmxError {
    if (reason instanceof SmxError) {
      return reason;
    }
    return new SmxError(reason instanceof Error ? reason.message : String(reason), 'unknown', 0);
  }
}
