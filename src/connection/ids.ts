/** The parts of a connection's id, `aws:PROFILE@REGION`. The server reads it in the same way. */
import type { IConnection } from '../api/types';

const IN_REGION = /^(aws(?::.+?)?)@([a-z]{2,}(?:-[a-z]+)+-\d+)$/;

/** The id without its region, which then is the region of the profile. */
export function withoutRegion(connectionId: string): string {
  return IN_REGION.exec(connectionId)?.[1] ?? connectionId;
}

/** The id of the same profile in another region. */
export function inRegion(connectionId: string, region: string): string {
  return `${withoutRegion(connectionId)}@${region}`;
}

/** A connection in another region, made from the listed connection of the same profile. */
export function deriveConnection(
  connectionId: string,
  listed: readonly IConnection[]
): IConnection | undefined {
  const [, baseId, region] = IN_REGION.exec(connectionId) ?? [];
  const base = listed.find(({ id }) => id === baseId);
  return base && { ...base, id: connectionId, region, is_default: false };
}
