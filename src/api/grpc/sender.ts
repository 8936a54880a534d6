import type { Clock } from '../../context.js';
import { FileChangedError, hideSecrets, NoHttp2Error, redactSecrets } from '../errors.js';
import type { SentAnswer, Sender } from '../inputs-client.js';
import { unansweredBy, type SendState } from '../network/send-state.js';
import { assertTrusted, type Destination } from '../network/trust.js';
import type { Delivery } from '../policy/delivery.js';
import type { Outcome } from '../policy/try.js';
import { callUnary, type GrpcWire } from './call.js';
import { judge, type GrpcAnswer } from './outcome.js';
import type { GrpcCall } from './requests.js';

/** The way to the service. */
export interface GrpcConnection extends GrpcWire, Destination {
  readonly clock: Clock;
}

/** Sends requests of the gRPC API by the policy that holds for all transports. */
export class GrpcSender implements Sender<GrpcCall> {
  readonly #delivery: Delivery;
  readonly #connection: GrpcConnection;
  /** What a request brought, the answer to any later one may repeat. */
  readonly #secrets = new Set<string>();

  constructor(delivery: Delivery, connection: GrpcConnection) {
    this.#delivery = delivery;
    this.#connection = connection;
  }

  /** Throws NoHttp2Error, and what `Delivery.send` throws. */
  async send(call: GrpcCall): Promise<SentAnswer> {
    const { method, background, optional, repeatable, divisible } = call;
    for (const secret of call.secrets ?? []) this.#secrets.add(secret);
    const secrets = [...this.#secrets];
    const { answer, repeated } = await this.#delivery.send({
      name: method,
      logName: method,
      background,
      optional,
      repeatable,
      divisible,
      try: () => tryOnce({ ...call, secrets }, this.#connection),
    });
    return { ...answer, repeated };
  }

  close(): void {
    this.#delivery.close();
    this.#connection.pool.close();
  }
}

/** Sends a request once. Throws what no further try can change. */
async function tryOnce(call: GrpcCall, connection: GrpcConnection): Promise<Outcome<GrpcAnswer>> {
  const state: SendState = { sent: 'none' };
  try {
    const outcome = judge(call, await callUnary(call, connection, state), connection.clock.now());
    return redactOutcome(outcome, [connection.key, ...(call.secrets ?? [])]);
  } catch (error) {
    if (error instanceof FileChangedError || error instanceof NoHttp2Error) throw error;
    connection.leaving.throwIfAborted();
    assertTrusted(error, connection);
    return unansweredBy(error, state);
  }
}

function redactOutcome(outcome: Outcome<GrpcAnswer>, secrets: readonly string[]): Outcome<GrpcAnswer> {
  if ('response' in outcome) return { ...outcome, response: redactSecrets(outcome.response, secrets) };
  return 'reason' in outcome ? { ...outcome, reason: hideSecrets(outcome.reason, secrets) } : outcome;
}
