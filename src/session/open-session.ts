import type { InputsService } from '../api/service.js';
import { embeddedFailure, sandboxKey, startEmbedded } from './embedded-sandbox.js';
import type { GlobalOptions } from './global-options.js';
import { Messages } from './messages.js';
import type { ServiceOptions, Session } from './session.js';
import { Stdin } from './stdin.js';
import { keyText } from './option-files.js';
import type { Context } from '../context.js';
import type { SettingValues } from '../core/settings/names.js';
import { resolveSettings, type Settings } from '../core/settings/settings.js';
import { findVendorContext } from '../core/settings/vendor-context.js';
import { DataOutput } from '../render/output/data-output.js';
import { sanitizeForTerminal, shellWord } from '../render/text.js';

export interface OpenSession {
  readonly session: Session;
  close(): Promise<void>;
}

/** Reads the key file and, for `--sandbox`, starts the embedded server; the rest waits until it is asked for. */
export async function openSession(
  options: GlobalOptions,
  context: Context,
  argv: readonly string[],
): Promise<OpenSession> {
  const stdin = new Stdin(context);
  const given = await givenSettings(options, { context, stdin });
  const sandbox = options.sandbox ? await startEmbedded(context) : undefined;
  const vendor = options.sandbox ? undefined : await findVendorContext(given, options.profile, context);
  let settings: Settings | undefined;
  let opened: Promise<InputsService> | undefined;
  const session: Session = {
    context,
    options: { ...options, given },
    stdin,
    out: new DataOutput(context.stdout, options.csvBom ? byteOrderMark : ''),
    commandLine: ['clarifai-inputs', ...argv].map((word) => shellWord(sanitizeForTerminal(word))).join(' '),
    messages: new Messages(context.stderr, options),
    settings: () => {
      if (settings !== undefined) return settings;
      for (const problem of vendor?.problems ?? []) session.messages.info(`warning: ${sanitizeForTerminal(problem)}`);
      const others = { sandbox: settingsOf(sandbox), vendor: vendor?.current };
      return (settings = nameOptions(resolveSettings(given, options.profile, context, others)));
    },
    service: (how) => (opened ??= openServiceLazily(session, how)),
  };
  const close = async (): Promise<void> => {
    await opened?.then((service) => service.close()).catch(() => undefined);
    await sandbox?.close();
    if (sandbox?.failure() !== undefined) throw embeddedFailure(sandbox.failure(), context);
  };
  return { session, close };
}

/** The settings, each that an option gives with the name of that option. */
function nameOptions(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => {
      const option = name === 'api-key' ? '--api-key-file' : `--${name}`;
      return [name, setting.origin === 'option' ? { ...setting, from: option } : setting];
    }),
  );
}

/** Tells spreadsheets that a table is in UTF-8. */
const byteOrderMark = '\ufeff';

async function openServiceLazily(session: Session, options: ServiceOptions | undefined): Promise<InputsService> {
  const { openService } = await import('./open-client.js');
  return await openService(session, options);
}

function settingsOf(sandbox: { readonly url: string } | undefined): SettingValues | undefined {
  return sandbox && { 'api-base': sandbox.url, 'api-key': sandboxKey };
}

async function givenSettings(
  { given, keyFile }: GlobalOptions,
  places: { readonly context: Context; readonly stdin: Stdin },
): Promise<SettingValues> {
  if (keyFile === undefined) return given;
  return { ...given, 'api-key': await keyText(keyFile, '--api-key-file', places) };
}
