// The parts of undici that `agent.ts` loads alone. undici 7 has no exports map, so they can be named; its types know only
// the whole.

declare module 'undici/lib/dispatcher/agent.js' {
  export { Agent as default } from 'undici';
}

declare module 'undici/lib/api/api-request.js' {
  import type { Dispatcher } from 'undici';
  const request: Dispatcher['request'];
  export { request as default };
}
