/** Reads one page of the list of a place. */
import type { SmxClient } from '../../api/client';
import type { IListQuery } from '../../api/types';
import type { IPage } from './pages';
import { componentRow, experimentRow, IBrowserRow, IPlace, trialRow, unassignedRow } from './rows';

export type IListClient = Pick<
  SmxClient,
  | 'listExperiments'
  | 'listTrials'
  | 'listTrialComponents'
  | 'listUnassignedTrialComponents'
  | 'listTagKeys'
>;

/**
 * Return the page, or null if it has not changed since the answer with `etag`.
 *
 * @throws SmxError; of code `not_found` if the place is gone.
 */
export async function askPage(
  client: IListClient,
  connectionId: string,
  place: IPlace,
  query: IListQuery,
  etag?: string
): Promise<IPage | null> {
  const { experimentName, trialName, unassigned } = place;
  const listed = (
    answered: string | undefined,
    nextToken: string | null,
    rows: IBrowserRow[],
    entry: IBrowserRow | null = null
  ): IPage => ({ token: query.next_token, etag: answered, rows, nextToken, unassigned: entry });
  if (unassigned || trialName !== undefined) {
    const { data, etag: answered } = await (trialName === undefined
      ? client.listUnassignedTrialComponents(connectionId, query, etag)
      : client.listTrialComponents(connectionId, trialName, query, etag));
    return data && listed(answered, data.next_token, data.trial_components.map(componentRow));
  }
  if (experimentName !== undefined) {
    const { data, etag: answered } = await client.listTrials(
      connectionId,
      experimentName,
      query,
      etag
    );
    return data && listed(answered, data.next_token, data.trials.map(trialRow));
  }
  const { data, etag: answered } = await client.listExperiments(connectionId, query, etag);
  const entry = data?.unassigned ? unassignedRow(data.unassigned) : null;
  return data && listed(answered, data.next_token, data.experiments.map(experimentRow), entry);
}
