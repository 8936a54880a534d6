import { statusCodes } from '../../wire/status.js';
import { checkDelete, type DeleteRequest } from '../requests/input-requests.js';
import { notFound } from '../requests/refusals.js';
import { keys } from '../state/keys.js';
import { under } from '../state/key-value.js';
import type { Answer } from './answers.js';
import type { Scope, Service } from './service.js';

const accepted: Answer = { status: { code: statusCodes.ok } };

/** Deletes one input, once its time has come. */
export function deleteInput({ store, deleteMs }: Service, id: string, { app, now }: Scope): Answer {
  store.write(() => {
    const input = store.find(app, id);
    if (input === undefined) throw notFound();
    store.scheduleDelete(input, now + deleteMs);
  });
  return accepted;
}

/** Deletes several: ids that are not there are passed over. */
export function deleteInputs({ store, deleteMs }: Service, request: DeleteRequest, { app, now }: Scope): Answer {
  checkDelete(request);
  const goneMs = now + deleteMs;
  store.write(() => {
    const inputs = request.all
      ? store.inputs.range(under(keys.app(app))).map(({ value }) => value)
      : request.ids.flatMap((id) => store.find(app, id) ?? []);
    for (const input of inputs) store.scheduleDelete(input, goneMs);
  });
  return accepted;
}
