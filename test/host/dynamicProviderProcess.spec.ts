import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { DynamicProviderProcess } from '../support/dynamicProviderProcess.js';
import { ProviderCallError } from '../support/providerCallError.js';

const providerText = `
let config;
const fail = (message, fields) => { throw Object.assign(new Error(message), fields); };
const log = (message, urn) => new Promise((resolve, reject) => {
  const { EngineClient } = require('@pulumi/pulumi/proto/engine_grpc_pb');
  const { LogRequest, LogSeverity } = require('@pulumi/pulumi/proto/engine_pb');
  const { credentials } = require('@grpc/grpc-js');
  new EngineClient(process.argv[2], credentials.createInsecure()).log(
    new LogRequest().setSeverity(LogSeverity.WARNING).setMessage(message).setUrn(urn).setEphemeral(true),
    (error) => (error ? reject(error) : resolve()),
  );
});
exports.handler = () => ({
  configure: (request) => { config = request.config; },
  check: async (olds, news) => ({
    inputs: { ...news, checked: true },
    failures: news.size > 9 ? [{ property: 'size', reason: 'is more than 9' }] : [],
  }),
  diff: async (id, olds, news) => ({ changes: olds.size !== news.size, replaces: ['size'], deleteBeforeReplace: true }),
  create: async (inputs) => {
    if (inputs.size === 1) fail('size 1 is refused');
    if (inputs.size === 2) fail('half done', {
      id: 'two', reasons: ['the org said no', 'twice'], properties: { size: 2, __provider: inputs.__provider },
    });
    if (inputs.size === 3) return new Promise(() => undefined);
    if (inputs.size === 4) await log('four it is', 'urn:of:four');
    if (inputs.size === 5) await log('five it is', 'urn:of:five');
    console.log('creating');
    return { id: 'new', outs: {
      ...inputs, folder: process.cwd(), user: config.get('salesforce:username'), own: config.get('own'),
    } };
  },
  read: async (id, props) => (id === 'gone' ? {} : { id, props: { ...props, live: true }, inputs: { size: 8 } }),
  update: async (id, olds, news) => ({ outs: { ...news, before: olds.size } }),
  delete: async (id) => { if (id === 'kept') fail('is kept'); },
});
`;

describe('the harness for the dynamic provider process', function () {
  this.timeout(60_000);
  let host: DynamicProviderProcess;

  before(async () => {
    host = await DynamicProviderProcess.start({ providerText, deadlineMs: 20_000 });
    await host.configure({ 'salesforce:username': 'dev@example.com', 'project-under-test:own': 'mine' });
  });
  after(() => host.dispose());

  it('creates in the project folder with the configuration of the stack', async () => {
    assert.deepEqual(await host.create({ size: 7, list: ['a', { b: null }] }), {
      id: 'new',
      outs: {
        size: 7,
        list: ['a', { b: null }],
        folder: await realpath(host.folder),
        user: 'dev@example.com',
        own: 'mine',
      },
    });
    assert.match(host.output, /^\d+\ncreating\n$/);
  });

  it('returns checked inputs and failures', async () => {
    assert.deepEqual(await host.check({}, { size: 10 }), {
      inputs: { size: 10, checked: true },
      failures: [{ property: 'size', reason: 'is more than 9' }],
    });
  });

  it('returns the difference', async () => {
    const difference = { replaces: ['size'], deleteBeforeReplace: true };
    assert.deepEqual(await host.diff('x', { size: 1 }, { size: 2 }), { changes: true, ...difference });
    assert.deepEqual(await host.diff('x', { size: 1 }, { size: 1 }), { changes: false, ...difference });
  });

  it('returns live properties and inputs', async () => {
    assert.deepEqual(await host.read('x', { size: 1 }), {
      id: 'x',
      props: { size: 1, live: true },
      inputs: { size: 8 },
    });
  });

  it('returns an empty id for a resource that is gone', async () => {
    assert.deepEqual(await host.read('gone', { size: 1 }), { id: '', props: {}, inputs: undefined });
  });

  it('updates with old outputs and new inputs', async () => {
    assert.deepEqual(await host.update('x', { size: 1 }, { size: 2 }), { outs: { size: 2, before: 1 } });
  });

  it('rejects a refused call with only the message', async () => {
    await assert.rejects(host.create({ size: 1 }), new ProviderCallError('size 1 is refused', undefined));
    await host.delete('x', {});
    await assert.rejects(host.delete('kept', {}), new ProviderCallError('is kept', undefined));
  });

  it('rejects a partly failed create with what the engine stores of it', async () => {
    await assert.rejects(
      host.create({ size: 2 }),
      new ProviderCallError('half done', {
        id: 'two',
        reasons: ['the org said no', 'twice'],
        properties: { size: 2, __provider: providerText },
      }),
    );
  });

  it('rejects a call without a response by its deadline, with the output of the process', async () => {
    const impatient = await DynamicProviderProcess.start({ providerText, deadlineMs: 500 });
    try {
      await assert.rejects(
        impatient.create({ size: 3 }),
        /gave no answer: 4 DEADLINE_EXCEEDED[^]*Its output:\n\d+\n/,
      );
    } finally {
      await impatient.dispose();
    }
  });

  it('records messages to the log service of the engine', async () => {
    await host.create({ size: 4 });
    const entry = { severity: 'warning', message: 'four it is', urn: 'urn:of:four', ephemeral: true };
    assert.deepEqual(host.logs, [entry]);
    assert.deepEqual(await host.waitForLog('four'), entry);
  });

  it('waits for messages to the log service of the engine', async () => {
    const [entry] = await Promise.all([host.waitForLog('five'), host.create({ size: 5 })]);
    assert.equal(entry.message, 'five it is');
  });

  it('has no engine after it is closed', async () => {
    host.closeEngine();
    await assert.rejects(host.create({ size: 4 }), /UNAVAILABLE/);
  });

  it('ends the process and removes its folder when it is disposed of', async () => {
    await host.dispose();
    assert.equal((await host.ended).signal, 'SIGKILL');
    assert.ok(!existsSync(host.folder));
  });
});
