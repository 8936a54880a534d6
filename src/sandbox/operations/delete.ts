import { statusCodes } from '../../wire/status.js';
import type { Answer } from './answers.js';
import { deleteBody } from '../requests/bodies.js';
import { keys } from '../state/keys.js';
import { under } from '../state/key-value.js';
import { notFound } from '../requests/refusals.js';
import type { Call, Service } from './service.js';

const accepted: Answer = { code: statusCodes.ok, fields: {} };

/** DELETE /inputs/{id} */
export function deleteInput(service: Service, call: Call): Answer {
  service.store.write(() => {
    const input = service.store.find(call.app, call.id);
    if (input === undefined) throw notFound();
    service.store.doom(input, call.now + service.deleteMs);
  });
  return accepted;
}

/** DELETE /inputs: ids that are not there are passed over. */
export function deleteInputs(service: Service, call: Call): Answer {
  const { ids, all } = deleteBody(call.body, service.deleteAll);
  const { store } = service;
  const goneMs = call.now + service.deleteMs;
  store.write(() => {
    const doomed = all
      ? store.inputs.range(under(keys.app(call.app))).map(({ value }) => value)
      : ids.flatMap((id) => store.find(call.app, id) ?? []);
    for (const input of doomed) store.doom(input, goneMs);
  });
  return accepted;
}
