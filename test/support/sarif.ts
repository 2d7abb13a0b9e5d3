import assert from 'node:assert/strict';
import type { Log } from 'sarif';

/** What the SARIF 2.1.0 schema (OASIS) requires and allows of the objects that a log of this project has, by kind of object. */
const objects: Readonly<Record<string, { required: readonly string[]; allowed: readonly string[] }>> = {
  log: { required: ['version', 'runs'], allowed: ['$schema'] },
  run: { required: ['tool'], allowed: ['automationDetails', 'invocations', 'results'] },
  invocation: { required: ['executionSuccessful'], allowed: ['toolExecutionNotifications'] },
  notification: { required: ['message'], allowed: ['level'] },
  tool: { required: ['driver'], allowed: [] },
  driver: { required: ['name'], allowed: ['version', 'rules'] },
  rule: { required: ['id'], allowed: ['shortDescription', 'help'] },
  text: { required: ['text'], allowed: ['markdown'] },
  automationDetails: { required: [], allowed: ['id'] },
  result: {
    required: ['message'],
    allowed: ['ruleId', 'ruleIndex', 'level', 'locations', 'partialFingerprints'],
  },
  location: { required: [], allowed: ['physicalLocation', 'logicalLocations'] },
  physicalLocation: { required: ['artifactLocation'], allowed: ['region'] },
  artifactLocation: { required: ['uri'], allowed: [] },
  region: { required: ['startLine'], allowed: [] },
  logicalLocation: { required: ['name'], allowed: ['fullyQualifiedName', 'kind'] },
};

/** Asserts that a value is a SARIF 2.1.0 log, by its structure: no maintained library has the published schema. */
export function assertSarif(value: unknown): asserts value is Log {
  const log = objectOf('log', value);
  assert.equal(log['version'], '2.1.0');
  for (const each of listOf(log['runs'])) {
    const run = objectOf('run', each);
    objectOf('automationDetails', run['automationDetails']);
    for (const one of listOf(run['invocations'])) {
      const invocation = objectOf('invocation', one);
      for (const note of listOf(invocation['toolExecutionNotifications'] ?? [])) {
        textOf(objectOf('notification', note)['message']);
      }
    }
    const driver = objectOf('driver', objectOf('tool', run['tool'])['driver']);
    const rules = listOf(driver['rules']).map((rule) => objectOf('rule', rule));
    for (const rule of rules) for (const key of ['shortDescription', 'help']) textOf(rule[key]);
    const ids = rules.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'every rule once');
    for (const result of listOf(run['results'])) assertResult(objectOf('result', result), ids);
  }
}

function assertResult(result: Record<string, unknown>, ruleIds: readonly unknown[]): void {
  textOf(result['message']);
  assert.equal(ruleIds[Number(result['ruleIndex'])], result['ruleId']);
  assert.ok(['none', 'note', 'warning', 'error'].includes(String(result['level'])));
  for (const each of listOf(result['locations'])) {
    const location = objectOf('location', each);
    listOf(location['logicalLocations']).forEach((logical) => objectOf('logicalLocation', logical));
    const physical = objectOf('physicalLocation', location['physicalLocation']);
    assert.ok(Number(objectOf('region', physical['region'])['startLine']) >= 1);
    const uri = objectOf('artifactLocation', physical['artifactLocation'])['uri'];
    assert.match(String(uri), /^[A-Za-z0-9._~%/-]+$/, 'a relative URI reference');
  }
  for (const print of Object.values(Object(result['partialFingerprints']) as object)) {
    assert.equal(typeof print, 'string');
  }
}

function objectOf(kind: string, value: unknown): Record<string, unknown> {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), `${kind} is an object`);
  const { required, allowed } = objects[kind] ?? assert.fail(kind);
  for (const key of required) assert.ok(key in value, `${kind} has ${key}`);
  for (const key of Object.keys(value)) assert.ok([...required, ...allowed].includes(key), `${kind}.${key}`);
  return { ...value };
}

function listOf(value: unknown): unknown[] {
  assert.ok(Array.isArray(value));
  return value;
}

const textOf = (value: unknown): void => {
  assert.ok(String(objectOf('text', value)['text']).length > 0);
};
