import type { Delivery } from '../policy/delivery.js';
import type { SentAnswer, Sender } from '../inputs-client.js';
import { pathOf, tryOnce, type RestCall } from './attempt.js';
import type { RestConnection } from './exchange.js';

/** Sends requests of the REST API by the policy that holds for all transports. */
export class RestSender implements Sender<RestCall> {
  readonly #delivery: Delivery;
  readonly #connection: RestConnection;
  /** What a request brought, the answer to any later one may repeat. */
  readonly #secrets = new Set<string>();

  constructor(delivery: Delivery, connection: RestConnection) {
    this.#delivery = delivery;
    this.#connection = connection;
  }

  /** Throws what `Delivery.send` throws. */
  async send(call: RestCall): Promise<SentAnswer> {
    const { background, optional, repeatable, divisible } = call;
    for (const secret of call.secrets ?? []) this.#secrets.add(secret);
    const secrets = [...this.#secrets];
    const { answer, repeated } = await this.#delivery.send({
      name: `${call.method} ${pathOf(call)}`,
      logName: `${call.method} ${call.path}`,
      background,
      optional,
      repeatable,
      divisible,
      try: () => tryOnce({ ...call, secrets }, this.#connection),
    });
    return { ...answer, repeated };
  }

  async close(): Promise<void> {
    this.#delivery.close();
    await this.#connection.dispatcher.destroy();
  }
}
