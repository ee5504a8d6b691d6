/** The routes of the contract as types, so that a wrong path or member does not compile. */
import type { paths } from './contract';

type Method = 'GET' | 'POST' | 'DELETE';

/** A method and a path; {@link Sent} has the values for `{name}` in the path. */
export type Route = {
  [P in keyof paths]: {
    [M in Method]: paths[P] extends Record<Lowercase<M>, object> ? `${M} ${P}` : never;
  }[Method];
}[keyof paths];

type Operation<R extends Route> =
  R extends `${infer M extends Method} ${infer P extends keyof paths}`
    ? paths[P][Lowercase<M>]
    : never;

/** The parts of a request: the names in its path, its query arguments and its body. */
export type Sent<R extends Route> = Arguments<Operation<R>> & Body<Operation<R>>;

type Arguments<O> = O extends { parameters: infer Parameters }
  ? Pick<Parameters, keyof Parameters & ('path' | 'query')>
  : never;

type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } }
  ? { body: B }
  : { body?: never };

/** The JSON that a route answers with; never, for a route that answers with a file. */
export type Answer<R extends Route> =
  Content<Operation<R>> extends infer C
    ? keyof C extends 'application/json'
      ? C[keyof C]
      : never
    : never;

type Content<O> = O extends { responses: infer Responses }
  ? Extract<Responses[keyof Responses & (200 | 202)], { content: unknown }>['content']
  : never;

/** The routes that answer with a file. */
export type FileRoute = { [R in Route]: [Answer<R>] extends [never] ? R : never }[Route];
