import { shellWord } from '../render/text.js';
import type { Session } from './session.js';

/** Options that choose where a command goes; how it goes there is nothing that a later one must repeat. */
const placeNames = ['api-base', 'transport', 'user-id', 'app-id', 'ca-cert'] as const;

/** Another command on the same app as this one, to be printed in a hint. */
export function relatedCommand(words: readonly string[], { options }: Pick<Session, 'options'>): string {
  const { profile, sandbox, keyFile, given, insecureHttp } = options;
  const places = placeNames.flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  const all = [
    'clarifai-inputs',
    ...words,
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(sandbox ? ['--sandbox'] : []),
    ...(keyFile === undefined || keyFile === '-' ? [] : ['--api-key-file', keyFile]),
    ...places,
    ...(insecureHttp ? ['--insecure-http'] : []),
  ];
  return all.map(shellWord).join(' ');
}
