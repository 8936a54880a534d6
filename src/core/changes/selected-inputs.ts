import type { AppInput } from '../../api/answers.js';
import type { InputsService } from '../../api/service.js';

/** Looks up the inputs that changes are compared with: from the pages of the current selection, or else from the service. */
export class SelectedInputs {
  readonly #service: InputsService;
  readonly #selected = new Map<string, AppInput>();

  constructor(service: InputsService) {
    this.#service = service;
  }

  /** Keeps a page of the selection until its inputs are looked up. */
  add(page: readonly AppInput[]): void {
    for (const input of page) this.#selected.set(input.id, input);
  }

  /** Looks up at most 128 ids. */
  async find(ids: readonly string[]): Promise<readonly AppInput[]> {
    const read = ids.flatMap((id) => this.#selected.get(id) ?? []);
    for (const { id } of read) this.#selected.delete(id);
    const isRead = new Set(read.map(({ id }) => id));
    const others = ids.filter((id) => !isRead.has(id));
    return others.length === 0 ? read : [...read, ...(await this.#service.getInputs(others))];
  }
}
