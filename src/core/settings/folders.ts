import { isAbsolute, join } from 'node:path';
import type { Context } from '../../context.js';

/** The folder of the profiles' file. */
export function configFolder(context: Context): string {
  const { env, homeDir, platform } = context;
  const own = env['XDG_CONFIG_HOME'] ?? '';
  // the XDG specification says to ignore a relative one
  if (isAbsolute(own)) return join(own, 'clarifai-inputs');
  const appData = env['APPDATA'] ?? '';
  if (platform === 'win32' && appData !== '') return join(appData, 'clarifai-inputs');
  return join(homeDir, '.config', 'clarifai-inputs');
}

/** The folder of the sandbox's state. */
export function sandboxFolder(context: Context): string {
  const { env, homeDir, platform } = context;
  const own = env['XDG_DATA_HOME'] ?? '';
  if (isAbsolute(own)) return join(own, 'clarifai-inputs', 'sandbox');
  const appData = env['LOCALAPPDATA'] ?? '';
  if (platform === 'win32' && appData !== '') return join(appData, 'clarifai-inputs', 'sandbox');
  return join(homeDir, '.local', 'share', 'clarifai-inputs', 'sandbox');
}

/** The folder of what can be asked for again. */
export function cacheFolder(context: Context): string {
  const { env, homeDir, platform } = context;
  const own = env['XDG_CACHE_HOME'] ?? '';
  if (isAbsolute(own)) return join(own, 'clarifai-inputs');
  const appData = env['LOCALAPPDATA'] ?? '';
  if (platform === 'win32' && appData !== '') return join(appData, 'clarifai-inputs', 'cache');
  return join(homeDir, '.cache', 'clarifai-inputs');
}
