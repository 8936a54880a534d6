import type { Scene } from './scene.js';

/** The two ways to ask the service. */
export const transports = ['rest', 'grpc'] as const;

export type Transport = (typeof transports)[number];

/** The transports as people spell them. */
export const transportNames: Readonly<Record<Transport, string>> = { rest: 'REST', grpc: 'gRPC' };

/**
 * What the service is assumed to do, in the words of a probe; several texts where any of them would do. An HTTP status
 * before a status code, as in `400 11102`, is asked of REST alone.
 */
export type Assumed = string | readonly string[] | Readonly<Record<Transport, string>>;

/** Something that a client relies on, and that nobody has seen the service do. */
export interface Assumption {
  /** Short, and the same for ever. */
  readonly name: string;
  /** The section of the contract that says it. */
  readonly source: string;
  readonly assumed: Assumed;
  /** Left out: both. */
  readonly over?: Transport;
  /** What the service did, worded as the assumption is. */
  readonly probe: (scene: Scene) => Promise<string>;
}

/** An assumption that no probe can settle without harm or cost. */
export interface Untried {
  readonly name: string;
  readonly source: string;
  readonly assumed: string;
  readonly reason: string;
}

/** Thrown by a probe that came to nothing; its message is the reason. */
export class UntoldError extends Error {}

/** Thrown by a probe that must not be tried here; its message is the reason. */
export class NotTriedError extends Error {}

/** What became of an assumption over one transport. */
export type Finding =
  | { readonly result: 'same' | 'differs'; readonly observed: string }
  | { readonly result: 'could not be told' | 'not tried'; readonly reason: string };

/** One row of the table. */
export interface Row {
  readonly name: string;
  readonly source: string;
  readonly assumed: string;
  readonly findings: Readonly<Partial<Record<Transport, Finding>>>;
}

/** The assumption in one line. */
export function describeAssumed(assumed: Assumed): string {
  if (typeof assumed === 'string') return assumed;
  return 'rest' in assumed ? `${assumed.rest} over REST, ${assumed.grpc} over gRPC` : assumed.join(' or ');
}

/** Whether what was observed is what was assumed. */
export function isAsAssumed(assumed: Assumed, observed: string, transport: Transport): boolean {
  return textsOf(assumed, transport).includes(observed);
}

function textsOf(assumed: Assumed, transport: Transport): readonly string[] {
  if (typeof assumed === 'object' && 'rest' in assumed) return [assumed[transport]];
  const texts = typeof assumed === 'string' ? [assumed] : assumed;
  return transport === 'rest' ? texts : texts.map((text) => text.replaceAll(/\b[2-5]\d\d (?=\d{5}\b)/g, ''));
}
