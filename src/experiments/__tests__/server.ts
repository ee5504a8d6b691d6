/** A REST API in memory, behind the real client: experiments by pages, with etags. */
import { ServerConnection } from '@jupyterlab/services';

import { SmxClient } from '../../api/client';

export const PAGE = 100;
const EPOCH = Date.parse('2026-11-23T10:00:00Z');

interface IRecord {
  name: string;
  modified: number;
}

/** Answers lists newest change first; counts what it is asked. */
export class Server {
  experiments: IRecord[] = [];
  trials = new Map<string, IRecord[]>();
  components = new Map<string, IRecord[]>();
  unassigned: IRecord[] = [];
  /** What is answered in place of everything, e.g. `[503, 'service_unavailable']`. */
  failure: [number, string] | null = null;
  /** Paths and queries asked, and whether the answer was 304. */
  asked: { path: string; query: Record<string, string>; unchanged: boolean }[] = [];
  /** Answers wait for this before they are made. */
  gate: Promise<void> = Promise.resolve();
  /** The next answer, once made, waits for this before it arrives. */
  held: Promise<void> | null = null;

  readonly client = new SmxClient(
    ServerConnection.makeSettings({
      fetch: async (input, init) => {
        const { held } = this;
        this.held = null;
        const answer = await this._answer(new Request(input, init));
        await held;
        return answer;
      }
    })
  );

  /** A new experiment, changed later than all others. */
  add(...names: string[]): void {
    names.forEach(name => this.experiments.push({ name, modified: ++this._clock }));
  }

  addTrial(experiment: string, ...names: string[]): void {
    const trials = this.trials.get(experiment) ?? [];
    names.forEach(name => trials.push({ name, modified: ++this._clock }));
    this.trials.set(experiment, trials);
  }

  addUnassigned(name: string): void {
    this.unassigned.push({ name, modified: ++this._clock });
  }

  touch(name: string): void {
    this.experiments.find(record => record.name === name)!.modified = ++this._clock;
  }

  private async _answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const path = url.pathname.split('/smx-lab/api/')[1];
    const query = Object.fromEntries(url.searchParams);
    await this.gate;
    if (this.failure) {
      const [status, code] = this.failure;
      this.asked.push({ path, query, unchanged: false });
      return new Response(JSON.stringify({ code, message: `It is ${code}.` }), { status });
    }
    const body = this._body(path.split('/').slice(1).map(decodeURIComponent), query);
    const text = JSON.stringify(body ?? { code: 'not_found', message: 'It is gone.' });
    const etag = `"${text.length}-${text}"`.replace(/[^\x20-\x7e]/g, '');
    const unchanged = request.headers.get('If-None-Match') === etag;
    this.asked.push({ path, query, unchanged });
    return unchanged
      ? new Response(null, { status: 304, headers: { ETag: etag } })
      : new Response(text, { status: body ? 200 : 404, headers: { ETag: etag } });
  }

  private _body(path: string[], query: Record<string, string>): object | null {
    if (path[0] === 'tag-keys') {
      return { keys: ['Owner', 'Other'].filter(key => key.startsWith(query.prefix)) };
    }
    if (path.length === 1) {
      const newest = this.unassigned.at(-1);
      return {
        ...this._page('experiments', 'experiment', this.experiments, query),
        unassigned: newest && !query.next_token ? times(newest) : null
      };
    }
    const list =
      path[0] === 'experiments'
        ? this.experiments.some(({ name }) => name === path[1]) && (this.trials.get(path[1]) ?? [])
        : path[1] === 'unassigned'
          ? this.unassigned
          : this.components.get(path[1]);
    const kind = path[0] === 'experiments' ? 'trial' : 'trial_component';
    return list ? this._page(`${kind}s`, kind, list, query) : null;
  }

  private _page(
    member: string,
    kind: string,
    records: readonly IRecord[],
    query: Record<string, string>
  ): object {
    const sign = query.sort_order === 'Ascending' ? 1 : -1;
    const order = (one: IRecord, other: IRecord): number =>
      query.sort_by === 'Name' ? one.name.localeCompare(other.name) : one.modified - other.modified;
    // Of filters, it knows what a name contains.
    const filters = JSON.parse(query.filters ?? '[]') as { values: string[] }[];
    const wanted = records
      .filter(({ name }) => name.includes(query.name_contains ?? ''))
      .filter(({ name }) => filters.every(({ values }) => name.includes(values[0])))
      .sort((one, other) => sign * order(one, other));
    // By the last row seen, not by number: a page stays right while rows come in before it.
    const last = query.next_token ? wanted.findIndex(({ name }) => name === query.next_token) : -1;
    const page = wanted.slice(last + 1, last + 1 + PAGE);
    return {
      [member]: page.map(record => ({
        [`${kind}_name`]: record.name,
        [`${kind}_arn`]: `arn:aws:sagemaker:eu-west-1:111122223333:${kind}/${record.name}`,
        display_name: record.name,
        type: 'Undefined',
        status: null,
        source_arn: null,
        ...times(record)
      })),
      next_token: last + 1 + PAGE < wanted.length ? page.at(-1)!.name : null
    };
  }

  private _clock = 0;
}

function times(record: IRecord): { creation_time: string; last_modified_time: string } {
  const instant = new Date(EPOCH + record.modified * 1000).toISOString();
  return { creation_time: instant, last_modified_time: instant };
}
