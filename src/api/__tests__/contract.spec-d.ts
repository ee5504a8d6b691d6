/**
 * What must not compile: `tsc -p tsconfig.test.json` fails if one of these lines does.
 *
 * Nothing here ever runs.
 */
import type { ServerConnection } from '@jupyterlab/services';

import { request, requestFile, requestIfChanged } from '../request';
import type { IConnectionList, ITagList } from '../types';

const path = { connection_id: 'local' };
const table = { ...path, table_id: 'x' };

export async function refused(settings: ServerConnection.ISettings): Promise<void> {
  // @ts-expect-error A path that no route has.
  await request(settings, 'GET /conections', {});
  // @ts-expect-error A method that the path does not take.
  await request(settings, 'DELETE /connections', {});
  // @ts-expect-error A name in the path is missing.
  await request(settings, 'GET /{connection_id}/trials/{trial_name}', { path });
  await request(settings, 'GET /connections/{connection_id}', {
    // @ts-expect-error A name in the path is misspelt.
    path: { connectionId: 'local' }
  });
  await requestIfChanged(settings, 'GET /{connection_id}/experiments', {
    path,
    // @ts-expect-error A query argument is misspelt.
    query: { max_result: 10 }
  });
  await requestIfChanged(settings, 'GET /{connection_id}/experiments', {
    path,
    // @ts-expect-error A query argument is of the wrong type.
    query: { max_results: 'ten' }
  });
  await requestIfChanged(settings, 'GET /{connection_id}/experiments', {
    path,
    // @ts-expect-error A choice that there is not.
    query: { sort_order: 'Up' }
  });
  // @ts-expect-error A query argument that the route needs is missing.
  await request(settings, 'GET /{connection_id}/tags', { path });
  await request(settings, 'POST /{connection_id}/copies', {
    path,
    // @ts-expect-error A member of the body is misspelt.
    body: { source: 'aws', experimentName: 'digits' }
  });
  await request(settings, 'POST /{connection_id}/tables/{table_id}/points', {
    path: table,
    // @ts-expect-error A member of the body is of the wrong type.
    body: { view: {}, limit: '10' }
  });
  // @ts-expect-error The body is missing.
  await request(settings, 'POST /{connection_id}/copies', { path });
  // @ts-expect-error A body where the route takes none.
  await request(settings, 'GET /example', { body: {} });
  // @ts-expect-error An answer that is another route's.
  const answered: ITagList = await request(settings, 'GET /connections', {});
  // @ts-expect-error A file where the route answers with JSON.
  await requestFile(settings, 'GET /connections', {});
  // @ts-expect-error Only a request that may be answered by "not modified" has an etag.
  await request(settings, 'GET /connections', { etag: 'x' });
  void answered;
}

export async function accepted(settings: ServerConnection.ISettings): Promise<IConnectionList> {
  await requestFile(settings, 'POST /{connection_id}/tables/{table_id}/export', {
    path: table,
    body: { view: {}, format: 'csv' }
  });
  return request(settings, 'GET /connections', {});
}
