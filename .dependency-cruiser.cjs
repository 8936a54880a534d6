/**
 * The house's floors and the one direction between them. Type imports and `await import` count as imports, so that a
 * circle can't hide behind either. The map is in src/README.md.
 */
const floors = ['main', 'cli', 'commands', 'session', 'render', 'core', 'api', 'wire'];

/** A path of a floor: a folder, or one file where the floor is `main`. */
const floor = (name) => (name === 'main' ? '^src/main\\.ts$' : `^src/${name}/`);

/** What lies above a floor may not be imported from it. */
const floorRules = floors.slice(1).map((name, index) => ({
  name: `${name}-imports-nothing-above`,
  comment: `arrows point one way: ${floors.join(' -> ')}`,
  severity: 'error',
  from: { path: floor(name) },
  to: { path: floors.slice(0, index + 1).map(floor) },
}));

/** The floors inside core, top first: what a command does, what these are made of, formats and keys, the nouns. */
const coreFloors = [
  ['add', 'tag', 'buckets'],
  ['changes', 'sources', 'read', 'wait'],
  ['rows', 'ids'],
  ['model', 'files', 'settings'],
];
const room = (names) => `^src/core/(${names.join('|')})/`;
const coreRules = coreFloors.slice(1).map((names, index) => ({
  name: `core-${names[0]}-imports-nothing-above`,
  comment: 'inside core: add, tag, buckets -> changes, sources, read, wait -> rows, ids -> model, files, settings',
  severity: 'error',
  from: { path: room(names) },
  to: { path: room(coreFloors.slice(0, index + 1).flat()) },
}));

/** What may know a transport: what opens it, and what prints the requests that it would send. */
const knowsTransport = [
  '^src/session/(open-client|service-url)\\.ts$',
  '^src/render/output/(curl|plan-writer)\\.ts$',
  '^src/commands/patch/plan\\.ts$',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...floorRules,
    ...coreRules,
    {
      name: 'commands-share-only-options-and-output',
      comment: "a command's folder imports no other command's",
      severity: 'error',
      from: { path: '^src/commands/([^/]+)/' },
      to: { path: '^src/commands/[^/]+/', pathNot: ['^src/commands/$1/', '^src/commands/(options|output)/'] },
    },
    {
      name: 'transport-behind-the-service',
      comment: 'everybody else knows the interface in api/service.ts',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/api/(rest|grpc)/', ...knowsTransport] },
      to: { path: '^src/api/(rest|grpc)/' },
    },
    {
      name: 'transports-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/api/(rest|grpc)/' },
      to: { path: '^src/api/(rest|grpc)/', pathNot: '^src/api/$1/' },
    },
    {
      name: 'policy-knows-no-transport',
      severity: 'error',
      from: { path: '^src/api/policy/' },
      to: { path: ['^src/api/(rest|grpc)/', '^node:https?$', '^node:http2$', 'node_modules/undici'] },
    },
    {
      name: 'contract-knows-no-policy',
      severity: 'error',
      from: { path: '^src/api/[^/]+\\.ts$' },
      to: { path: '^src/api/[^/]+/' },
    },
    {
      name: 'policy-stays-in-api',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/api/', '^src/session/open-client\\.ts$'] },
      to: { path: '^src/api/policy/' },
    },
    {
      name: 'sandbox-shares-nothing-but-wire',
      comment: 'two halves that share code would share its mistakes',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: ['^src/sandbox/', '^src/wire/'] },
    },
    {
      name: 'sandbox-is-started-by-few',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/sandbox/', '^src/commands/sandbox/', '^src/session/embedded-sandbox\\.ts$'],
      },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'completion-stands-alone',
      severity: 'error',
      from: { path: '^src/completion/' },
      to: { path: '^src/', pathNot: '^src/completion/' },
    },
    {
      name: 'core-and-api-know-no-terminal',
      severity: 'error',
      from: { path: '^src/(core|api|wire)/' },
      to: { path: 'node_modules/(commander|chalk|@inquirer|cli-progress)' },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/sandbox/page/browser/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
