import { under } from './key-value.js';
import type { App, StoredInput } from './records.js';
import { hashOf } from './ids.js';
import { isFailure } from './lifecycle.js';

// Fixed widths, so that numbers sort as text: ms until the year 5138, and 10^12 inputs
const msDigits = 14;
const seqDigits = 12;
const codeDigits = 6;
// LMDB's keys hold 1978 bytes at most
const maxNameLength = 400;

/** How the tables' keys are spelled. Each starts with its app, whose parts are escaped, so that '/' only separates. */
export const keys = {
  app: ({ user, app }: App): string => `${encodeURIComponent(user)}/${encodeURIComponent(app)}`,
  input: (app: App, id: string): string => `${keys.app(app)}/${id}`,
  order: (app: App, seq: number): string => `${keys.app(app)}/${digits(seq, seqDigits)}`,
  inProgress: ({ app, inProgressMs, seq }: StoredInput): string =>
    `${keys.at(keys.app(app), inProgressMs)}/${digits(seq, seqDigits)}`,
  code: (app: App, code: number): string => `${keys.app(app)}/${digits(code, codeDigits)}`,
  end: ({ app, doneMs, seq, end }: StoredInput): string =>
    `${keys.at(keys.code(app, end.code), doneMs)}/${digits(seq, seqDigits)}`,
  url: (app: App, url: string): string => `${keys.app(app)}/${hashOf(url)}`,
  medium: (hash: string, app: App): string => `${hash}/${keys.app(app)}`,
  concept: (app: App, id: string): string => `${keys.app(app)}/${escapeName(id)}`,
  addJob: (app: App, id: string): string => `${keys.app(app)}/${escapeName(id)}`,
  addJobOrder: (app: App, seq: number): string => keys.order(app, seq),
  addJobPending: ({ app, inProgressMs, seq }: StoredInput, id: string): string =>
    `${keys.at(keys.addJob(app, id), inProgressMs)}/${digits(seq, seqDigits)}`,
  addJobResult: (app: App, id: string, result: 'failed' | 'succeeded'): string => `${keys.addJob(app, id)}/${result}`,
  addJobEnd: (input: StoredInput, id: string): string => {
    const { app, doneMs, seq, end } = input;
    const result = keys.addJobResult(app, id, isFailure(end.code) ? 'failed' : 'succeeded');
    return `${keys.at(result, doneMs)}/${digits(seq, seqDigits)}`;
  },
  extractionOfAddJob: (app: App, addJobId: string, seq: number): string =>
    `${keys.addJob(app, addJobId)}/${digits(seq, seqDigits)}`,
  dataset: (app: App, id: string): string => `${keys.app(app)}/${escapeName(id)}`,
  datasetInput: (app: App, dataset: string, id: string): string => `${keys.dataset(app, dataset)}/${id}`,
  time: (ms: number): string => digits(ms, msDigits),
  /** The first key below `prefix` whose time is `ms` or later. */
  at: (prefix: string, ms: number): string => `${prefix}/${keys.time(ms)}`,
};

/** Range of the keys below `prefix`, ordered by time, up to and including `now`. */
export function until(prefix: string, now: number): { readonly from: string; readonly to: string } {
  return { from: under(prefix).from, to: keys.at(prefix, now + 1) };
}

/** Range of the keys below `prefix`, ordered by time, after `now`. */
export function after(prefix: string, now: number): { readonly from: string; readonly to: string } {
  return { from: keys.at(prefix, now + 1), to: under(prefix).to };
}

/** The number of adding that ends a key of the indexes by order and by time. */
export function seqOf(key: string): number {
  return Number(key.slice(-seqDigits));
}

/** The code in a key of the index by end. */
export function codeOf(key: string, app: App): number {
  return Number(key.slice(keys.app(app).length + 1).slice(0, codeDigits));
}

/** Any text as characters that sort and separate nothing. */
function escapeName(name: string): string {
  const escaped = Buffer.from(name).toString('hex');
  return escaped.length > maxNameLength ? hashOf(name) : escaped;
}

function digits(value: number, width: number): string {
  return String(Math.ceil(value)).padStart(width, '0');
}
