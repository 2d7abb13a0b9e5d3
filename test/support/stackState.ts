/** A resource in the state of a stack, as `pulumi stack export` gives it. */
export interface StackResource {
  urn: string;
  type: string;
  /** Absent for components and the stack itself. */
  id: string | undefined;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  /** Reasons of a create or update that was only half done; the next `up` updates such a resource. */
  initErrors: readonly string[];
}

/** The state of a stack. */
export interface StackState {
  /** The checkpoint itself, for tests that search all of it. */
  text: string;
  /** Every resource, also the stack and the provider. */
  resources: readonly StackResource[];
  /** Kinds of the operations that were never finished, such as `creating`. */
  pendingOperations: readonly string[];
}

/** Parses what `pulumi stack export` prints. */
export function parseStackState(text: string): StackState {
  const deployment = object(object(JSON.parse(text), 'export')['deployment'], 'deployment');
  return {
    text,
    resources: array(deployment['resources'], 'resources').map((value) => {
      const resource = object(value, 'resource');
      const id = resource['id'];
      return {
        urn: string(resource['urn'], 'urn'),
        type: string(resource['type'], 'type'),
        id: id === undefined ? undefined : string(id, 'id'),
        inputs: object(resource['inputs'] ?? {}, 'inputs'),
        outputs: object(resource['outputs'] ?? {}, 'outputs'),
        initErrors: array(resource['initErrors'], 'initErrors').map((reason) => string(reason, 'initErrors')),
      };
    }),
    pendingOperations: array(deployment['pending_operations'], 'pending_operations').map((value) =>
      string(object(value, 'pending operation')['type'], 'pending operation type'),
    ),
  };
}

function object(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unexpected(name, 'an object', value);
  return Object.fromEntries(Object.entries(value));
}

/** Empty lists are left out of the export. */
function array(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unexpected(name, 'a list', value);
  return Array.from<unknown>(value);
}

function string(value: unknown, name: string): string {
  if (typeof value !== 'string') throw unexpected(name, 'a string', value);
  return value;
}

function unexpected(name: string, wanted: string, found: unknown): Error {
  return new Error(`stack export: ${name} should be ${wanted} and is ${JSON.stringify(found)}`);
}
