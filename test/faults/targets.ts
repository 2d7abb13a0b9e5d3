import type { RequestKind } from 'salesforce-local-org';

/** What the resources are asked to do while the fault is there. */
export type Operation = 'create' | 'update' | 'delete' | 'read' | 'preview';

/** How many requests in a row a fault meets. */
export const repetitions = { once: 1, twice: 2, 'for ever': Infinity } as const;

export type Repetition = keyof typeof repetitions;

/** A request of the walk that a fault can meet. */
export interface Target {
  name: string;
  /** The kind by which the org counts it. */
  on: RequestKind;
  /** How many requests of that kind come before it. */
  skip: number;
  /** What has to happen so that the request is sent at all. */
  prelude?:
    'deploy answer lost' | 'deploy not arrived' | 'retrieve in progress' | 'session expired' | 'two steps';
  /** The operations that send it; default those that deploy, and read too where it comes before a deploy. */
  operations?: readonly Operation[];
  /** Its requests go out together, so none can wait for what another one was told. */
  isSideBySide?: true;
  /** The request before it: once that is answered, the org can go offline. Without one the org is offline from the start. */
  after?: { on: RequestKind; nth: number; isDeployDone?: true };
}

/** Every kind of request, in the order of a walk. */
export const targets: readonly Target[] = [
  { name: 'token', on: 'token', skip: 0 },
  { name: 'versions', on: 'versions', skip: 0, after: { on: 'token', nth: 1 } },
  // A refresh or a preview of apps whose components the state names; what it does not confirm is retrieved.
  {
    name: 'read by record',
    on: 'readMetadata',
    skip: 0,
    operations: ['read', 'preview'],
    isSideBySide: true,
    after: { on: 'versions', nth: 1 },
  },
  { name: 'retrieve', on: 'retrieve', skip: 0, after: { on: 'versions', nth: 1 } },
  {
    name: 'token again',
    on: 'token',
    skip: 1,
    prelude: 'session expired',
    after: { on: 'retrieve', nth: 1 },
  },
  { name: 'retrieve status', on: 'checkRetrieveStatus', skip: 0, after: { on: 'retrieve', nth: 1 } },
  { name: 'running deploys', on: 'query', skip: 0, after: { on: 'checkRetrieveStatus', nth: 1 } },
  { name: 'list', on: 'listMetadata', skip: 0, after: { on: 'query', nth: 1 } },
  { name: 'deploy', on: 'deploy', skip: 0, after: { on: 'listMetadata', nth: 1 } },
  { name: 'deploy status', on: 'checkDeployStatus', skip: 0, after: { on: 'deploy', nth: 1 } },
  {
    name: 'user',
    on: 'userinfo',
    skip: 0,
    prelude: 'deploy answer lost',
    after: { on: 'deploy', nth: 1 },
  },
  {
    name: 'look-up',
    on: 'query',
    skip: 1,
    prelude: 'deploy answer lost',
    after: { on: 'userinfo', nth: 1 },
  },
  {
    name: 'vain look-up',
    on: 'query',
    skip: 1,
    prelude: 'deploy not arrived',
    after: { on: 'userinfo', nth: 1 },
  },
  // The org refuses both components in one deploy: it is followed by one for each.
  {
    name: 'deploy of step 2',
    on: 'deploy',
    skip: 2,
    prelude: 'two steps',
    operations: ['create'],
    after: { on: 'deploy', nth: 2 },
  },
  // Only where retrieves take time; what a delete removed is retrieved.
  {
    name: 'verify by record',
    on: 'readMetadata',
    skip: 0,
    prelude: 'retrieve in progress',
    operations: ['create', 'update'],
    isSideBySide: true,
    after: { on: 'checkDeployStatus', nth: 1, isDeployDone: true },
  },
  {
    name: 'verify',
    on: 'retrieve',
    skip: 1,
    after: { on: 'checkDeployStatus', nth: 1, isDeployDone: true },
  },
  { name: 'verify status', on: 'checkRetrieveStatus', skip: 1, after: { on: 'retrieve', nth: 2 } },
];
