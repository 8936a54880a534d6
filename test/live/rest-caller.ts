import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'undici';
import { baseUrl } from '../../src/api/network/base-url.js';
import { isList, isObject, type Json, type JsonObject } from '../../src/wire/json.js';
import { operations, type Answer, type Caller, type CallOptions, type Gate, type Target } from './operations.js';
import { text } from './wording.js';

/** A request as HTTP has it. */
export interface RawRequest extends CallOptions {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** After the app, with its query. */
  readonly path: string;
  readonly body?: string;
}

/** The service over REST, with nothing between the probes and what it says. */
export class RestCaller implements Caller {
  readonly #target: Target;
  readonly #base: string;
  readonly #gate: Gate;
  readonly #agent = new Agent();

  constructor(target: Target, gate: Gate) {
    this.#target = target;
    this.#base = baseUrl({ ...target, insecureHttp: false }).href;
    this.#gate = gate;
  }

  async call(name: keyof typeof operations, fields: JsonObject, options: CallOptions = {}): Promise<Answer> {
    const { verb, path } = operations[name];
    const rest = new Map(Object.entries(fields));
    const whole = path.replace(/\{(\w+)\}/, (_, field: string) => {
      const value = rest.get(field);
      rest.delete(field);
      return encodeURIComponent(typeof value === 'string' ? value : '');
    });
    const left = Object.fromEntries(rest);
    if (verb !== 'GET') {
      const body = JSON.stringify(left);
      return await this.send({ verb, path: whole, ...options, ...(name !== 'delete' && { body }) });
    }
    const query = new URLSearchParams(queryOf(left)).toString();
    return await this.send({ verb, path: query === '' ? whole : `${whole}?${query}`, ...options });
  }

  /** Sends what the probe wrote, as it stands. */
  async send({ verb, path, body, authorization = `Key ${this.#target.key}` }: RawRequest): Promise<Answer> {
    const signal = await this.#gate.pass();
    const response = await request(this.#base + path, {
      method: verb,
      headers: {
        accept: 'application/json',
        ...(authorization !== '' && { authorization }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      dispatcher: this.#agent,
      signal,
      body: body ?? null,
    });
    const json = parse(await response.body.text());
    return { http: response.statusCode, grpc: undefined, body: json, headers: textsOf(response.headers), trailers: {} };
  }

  /** Fetches hosted media. */
  async fetchMedia(url: URL, withKey: boolean): Promise<{ readonly http: number; readonly bytes: Buffer }> {
    const signal = await this.#gate.pass();
    const headers = withKey && this.#mayCarryKey(url) ? { authorization: `Key ${this.#target.key}` } : {};
    const response = await request(url, { headers, dispatcher: this.#agent, signal });
    return { http: response.statusCode, bytes: Buffer.from(await response.body.arrayBuffer()) };
  }

  inApp(appId: string): RestCaller {
    return new RestCaller({ ...this.#target, appId }, this.#gate);
  }

  close(): void {
    void this.#agent.destroy();
  }

  /** The key goes to the API's own host, and from there to the vendor's other hosts over https. */
  #mayCarryKey(url: URL): boolean {
    const base = new URL(this.#base);
    const isVendor = ({ protocol, hostname }: URL): boolean =>
      protocol === 'https:' && hostname.endsWith('.clarifai.com');
    return url.origin === base.origin || (isVendor(base) && isVendor(url));
  }
}

/** `status.code` for a field of a field, and a name once for each item of a list. */
function queryOf(fields: JsonObject, prefix = ''): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    if (isObject(value)) return queryOf(value, `${prefix}${name}.`);
    const items: readonly Json[] = isList(value) ? value : [value];
    return items.map((item): [string, string] => [prefix + name, text(item)]);
  });
}

function textsOf(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function parse(body: string): JsonObject {
  try {
    const json: unknown = JSON.parse(body);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}
