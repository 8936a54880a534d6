const localHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

/** Whether a Host or an :authority names this machine; another one comes from a web page that wants to get in. */
export function isLocalHost(host: string | undefined): boolean {
  return localHost.test(host ?? '');
}
