import type { AppInput } from '../../api/answers.js';
import { valueAt, type Json } from '../../wire/json.js';
import { UsageError } from '../../errors.js';
import { mediaKinds } from '../../wire/messages.js';
import { phaseOf } from '../model/status-catalog.js';
import { parseConceptFlag } from '../model/payload.js';
import { jsonText } from '../model/json-text.js';

/** One filter: what it asks of an input, and what the service can ask itself. */
export interface Selector {
  readonly matches: (input: AppInput) => boolean;
  /** For `status.code=` of `GET /inputs`. */
  readonly statusCode?: number;
  /** The dataset that inputs have to be in: which these are takes requests, and `matches` lets none through until then. */
  readonly dataset?: string;
}

const keyHelp = 'keys: status, concept, dataset, meta.KEY, type, since, until, untagged';

/**
 * Reads `KEY=VALUE`.
 *
 * @param nowMs - what `2h` and `3d` are counted back from
 * @throws UsageError for a key or value that it does not know
 */
export function parseWhere(text: string, nowMs: number): Selector {
  const at = text.indexOf('=');
  const key = at < 0 ? text : text.slice(0, at);
  const value = text.slice(at + 1);
  if (at < 1 || value === '') throw new UsageError(`'${text}' is not KEY=VALUE`, { hint: keyHelp });
  if (key.startsWith('meta.') && key.length > 'meta.'.length) return metaSelector(key.slice('meta.'.length), value);
  const parse = Object.hasOwn(parsers, key) ? parsers[key] : undefined;
  if (parse === undefined) throw new UsageError(`no key '${key}'`, { hint: keyHelp });
  return parse(value, nowMs);
}

const parsers: Readonly<Record<string, (value: string, nowMs: number) => Selector>> = {
  status: statusSelector,
  concept: conceptSelector,
  // nothing, until it is known which inputs the dataset has
  dataset: (dataset) => ({ dataset, matches: () => false }),
  type: typeSelector,
  since: (value, nowMs) => createdSelector(timeOf(value, nowMs), (created, limit) => created >= limit),
  until: (value, nowMs) => createdSelector(timeOf(value, nowMs), (created, limit) => created <= limit),
  untagged: untaggedSelector,
};

/** True if all hold. */
export function matchesAll(selectors: readonly Selector[], input: AppInput): boolean {
  return selectors.every(({ matches }) => matches(input));
}

/** The status code that the service can filter by, if a selector asks for one. */
export function serviceStatusCode(selectors: readonly Selector[]): number | undefined {
  return selectors.find(({ statusCode }) => statusCode !== undefined)?.statusCode;
}

const phases: Readonly<Record<string, ReturnType<typeof phaseOf>>> = { ok: 'ok', pending: 'waiting', failed: 'failed' };

function statusSelector(value: string): Selector {
  if (/^\d{5}$/.test(value)) {
    const code = Number(value);
    return { matches: ({ status }) => status.code === code, statusCode: code };
  }
  const phase = Object.hasOwn(phases, value) ? phases[value] : undefined;
  if (phase === undefined) throw new UsageError(`status is ok, pending, failed or a code, not '${value}'`);
  return { matches: ({ status }) => phaseOf(status.code) === phase };
}

function conceptSelector(value: string): Selector {
  const wanted = parseConceptFlag(value);
  return {
    matches: ({ concepts }) =>
      concepts.some((concept) => concept.id === wanted.id && (concept.value === 0 ? 0 : 1) === wanted.value),
  };
}

function metaSelector(key: string, value: string): Selector {
  return {
    matches: ({ metadata }) => {
      const found = valueAt(metadata, [key]);
      return found !== undefined && textOf(found) === value;
    },
  };
}

function typeSelector(value: string): Selector {
  if (!mediaKinds.some((kind) => kind === value)) {
    throw new UsageError(`type is one of ${mediaKinds.join(', ')}, not '${value}'`);
  }
  return { matches: ({ media }) => media.some(({ kind }) => kind === value) };
}

function untaggedSelector(value: string): Selector {
  if (value !== 'true' && value !== 'false') throw new UsageError(`untagged is true or false, not '${value}'`);
  return { matches: ({ concepts }) => (concepts.length === 0) === (value === 'true') };
}

function createdSelector(limitMs: number, holds: (created: number, limit: number) => boolean): Selector {
  return {
    matches: ({ createdMs }) => createdMs !== undefined && holds(createdMs, limitMs),
  };
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** ISO 8601 (a date alone is UTC midnight), or a span back from now: `90s`, `30m`, `2h`, `3d`, `1w`. */
function timeOf(value: string, nowMs: number): number {
  const span = /^(\d{1,9})([smhdw])$/.exec(value);
  const unit = unitMs[span?.[2] ?? ''];
  if (span?.[1] !== undefined && unit !== undefined) return nowMs - Number(span[1]) * unit;
  const isIso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(value);
  const atMs = isIso && isRealDate(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(atMs)) {
    throw new UsageError(`'${value}' is not a time`, {
      hint: 'for example 2026-01-31, 2026-01-31T12:00:00Z, 2h or 3d',
    });
  }
  return atMs;
}

/** False for 31 February, which JavaScript takes for 3 March. */
function isRealDate(iso: string): boolean {
  const date = iso.slice(0, 10);
  const atMs = Date.parse(date);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(date);
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : jsonText(value);
}
