/** What the fleet needs of the engine's events of one operation. */
export interface EngineEvents {
  readonly errors: readonly { readonly urn?: string; readonly message: string }[];
  /** What happened to each resource that is in one of the orgs, or should be. */
  readonly resources: readonly ResourceEvent[];
  /** How many resources of any kind were changed. */
  readonly changes: number;
}

/** What happened to a resource. */
export interface ResourceEvent {
  readonly urn: string;
  readonly op: string;
  /** The name of its org in the inventory; none for the only org of a stack. */
  readonly org?: string;
}

type Properties = Readonly<Record<string, unknown>>;

const policyTypes: readonly string[] = [
  'pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy',
  'salesforce-eca:index:ExternalClientAppJwtPolicy',
];

/** Operations that change nothing in an org. */
const looking: readonly string[] = ['same', 'refresh', 'read'];

/** Whether an operation of the engine changes something. */
export const isChange = (op: string): boolean => !looking.includes(op);

/** Whether a resource is one whose settings this package manages. */
export const isPolicyType = (type: unknown): boolean =>
  typeof type === 'string' && policyTypes.includes(type);

/** Reads a log of events: one JSON object a line. A line that was cut off by a kill is left out. */
export function parseEvents(log: string): EngineEvents {
  const events = log.split('\n').flatMap((line): readonly Properties[] => {
    const event = parseObject(line);
    return event === undefined ? [] : [event];
  });
  return {
    errors: events.flatMap((event) => errorIn(event['diagnosticEvent'])),
    resources: events.flatMap((event) => [
      ...resourceIn(event['resOutputsEvent']),
      ...resourceIn(event['resOpFailedEvent']),
    ]),
    changes: events.reduce((sum, event) => sum + changesIn(event['summaryEvent']), 0),
  };
}

/** What an event says of the step that begins; `undefined` for any other event. */
export function stepIn(line: string): string | undefined {
  const metadata = objectIn(objectIn(parseObject(line)?.['resourcePreEvent'])?.['metadata']);
  const [op, urn] = [textIn(metadata, 'op'), textIn(metadata, 'urn')];
  return op === undefined || urn === undefined || op === 'same'
    ? undefined
    : `${op} ${urn.split('::').at(-1) ?? ''}`;
}

function errorIn(event: unknown): EngineEvents['errors'] {
  const diagnostic = objectIn(event);
  const message = textIn(diagnostic, 'message')?.trim() ?? '';
  // The engine adds these to every failure.
  if (
    textIn(diagnostic, 'severity') !== 'error' ||
    /^(?:update|preview|refresh|destroy) failed$/.test(message)
  )
    return [];
  const urn = textIn(diagnostic, 'urn');
  return [{ message, ...(urn === undefined || urn === '' ? {} : { urn }) }];
}

function resourceIn(event: unknown): readonly ResourceEvent[] {
  const metadata = objectIn(objectIn(event)?.['metadata']);
  const [urn, op] = [textIn(metadata, 'urn'), textIn(metadata, 'op')];
  if (urn === undefined || op === undefined || !isPolicyType(metadata?.['type'])) return [];
  const state = objectIn(metadata?.['new']) ?? objectIn(metadata?.['old']);
  const org = textIn(objectIn(state?.['inputs']), 'org');
  return [{ urn, op, ...(org === undefined ? {} : { org }) }];
}

function changesIn(event: unknown): number {
  const counts = objectIn(objectIn(event)?.['resourceChanges']) ?? {};
  return Object.entries(counts).reduce(
    (sum, [op, count]) => (isChange(op) && typeof count === 'number' ? sum + count : sum),
    0,
  );
}

function parseObject(line: string): Properties | undefined {
  try {
    return objectIn(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** The value if it is an object with keys. */
export const objectIn = (value: unknown): Properties | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;

/** The text of a key. */
export function textIn(properties: Properties | undefined, key: string): string | undefined {
  const value = properties?.[key];
  return typeof value === 'string' ? value : undefined;
}
