import type { AppInput } from '../../api/answers.js';
import type { InputsService } from '../../api/service.js';

/** Inputs to compare changes with: those of a walk that goes on, each once, and any other as the service has it. */
export class SelectedInputs {
  readonly #service: InputsService;
  readonly #selected = new Map<string, AppInput>();

  constructor(service: InputsService) {
    this.#service = service;
  }

  /** Takes a page of a walk. */
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
