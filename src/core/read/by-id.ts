import type { InputsService } from '../../api/service.js';
import type { AppInput } from '../../api/answers.js';
import { chunksOf, type IdList } from '../ids/id-list.js';
import { maxInputsPerRequest } from '../../wire/messages.js';

/** The inputs that the app has of some ids, in their order. */
export interface FoundInputs {
  readonly inputs: readonly AppInput[];
  readonly missing: readonly string[];
}

/** Asks for inputs by id, up to 128 a request; one alone by its own path. */
export async function* getInputsById(service: InputsService, ids: IdList): AsyncGenerator<FoundInputs> {
  const [only] = ids;
  if (ids.size === 1 && only !== undefined) {
    const input = await service.getInput(only);
    yield input === undefined ? { inputs: [], missing: [only] } : { inputs: [input], missing: [] };
    return;
  }
  for (const asked of chunksOf(ids, maxInputsPerRequest)) {
    const found = new Map((await service.getInputs(asked)).map((input) => [input.id, input]));
    yield {
      inputs: asked.flatMap((id) => found.get(id) ?? []),
      missing: asked.filter((id) => !found.has(id)),
    };
  }
}
