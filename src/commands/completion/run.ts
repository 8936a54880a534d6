import { bashScript } from '../../completion/bash.js';
import { fishScript } from '../../completion/fish.js';
import { powershellScript } from '../../completion/powershell.js';
import { tableOf, type CommandRow, type KnownValues } from '../../completion/table.js';
import { zshScript } from '../../completion/zsh.js';
import { settingNames } from '../../core/settings/names.js';
import { exitCodes, type ExitCode } from '../../errors.js';
import type { CompletionRequest, Shell } from './command.js';
import type { Session } from '../../session/session.js';

const scripts: Readonly<Record<Shell, (program: CommandRow) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};

/** Completion values that commander does not know, by the name of the option or argument. */
const known: KnownValues = {
  profile: { kind: 'profiles' },
  concept: { kind: 'concepts' },
  'remove-concept': { kind: 'concepts' },
  source: { kind: 'files' },
  name: { kind: 'words', words: settingNames },
  where: {
    kind: 'words',
    words: [
      ...['ok', 'pending', 'failed'].map((phase) => `status=${phase}`),
      ...['image', 'video', 'audio', 'text'].map((kind) => `type=${kind}`),
      ...['concept=', 'meta.', 'since=', 'until=', 'untagged=true', 'untagged=false'],
    ],
  },
};

/** Prints a shell's script. */
export async function runCompletion({ shell, program }: CompletionRequest, session: Session): Promise<ExitCode> {
  await session.out.write(scripts[shell](tableOf(program, known)));
  return exitCodes.ok;
}
