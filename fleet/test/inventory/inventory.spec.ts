import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareWithLastRun, knownOrg } from '../../src/inventory/compareWithLastRun.js';
import { InventoryError, type Fault } from '../../src/inventory/fault.js';
import type { InventoryFormat } from '../../src/inventory/parseRows.js';
import { parseInventory, readInventory, type Inventory } from '../../src/inventory/readInventory.js';

const head = 'name,stage,wave,credential,address,shard,configuration.gateway';
const line = (name: string, changes: Readonly<Record<string, string>> = {}): string => {
  const cells: Readonly<Record<string, string>> = {
    name,
    stage: 'prod',
    wave: '',
    credential: `vault/${name}`,
    address: `https://${name.toLowerCase()}.my.salesforce.com`,
    shard: '',
    'configuration.gateway': '',
    ...changes,
  };
  return head
    .split(',')
    .map((column) => cells[column] ?? '')
    .join(',');
};
const csv = (...lines: string[]): string => [head, ...lines, ''].join('\n');

/** The faults of an inventory that must have some. */
function faultsOf(text: string, format: InventoryFormat = 'csv'): readonly Fault[] {
  try {
    parseInventory(text, format);
  } catch (thrown) {
    assert.ok(thrown instanceof InventoryError, String(thrown));
    return thrown.faults;
  }
  return assert.fail('no fault was found');
}
const messagesOf = (text: string, format: InventoryFormat = 'csv'): string[] =>
  faultsOf(text, format).map(({ where, message }) => `${where}: ${message}`);

const acme = {
  name: 'acme',
  stage: 'prod',
  credential: 'vault/acme',
  address: 'https://acme.my.salesforce.com',
  configuration: { gateway: '007' },
};
const oneOrg: Inventory = { orgs: [acme], stacks: [{ stack: 'acme', stage: 'prod', orgs: [acme] }] };

describe('an inventory', () => {
  const texts: readonly [string, InventoryFormat, string][] = [
    ['CSV', 'csv', csv(line('acme', { 'configuration.gateway': '007' }))],
    [
      'CSV with CRLF and a byte order mark',
      'csv',
      `\uFEFF${csv(line('acme', { 'configuration.gateway': '007' })).replaceAll('\n', '\r\n')}`,
    ],
    [
      'CSV with semicolons',
      'csv',
      csv(line('acme', { 'configuration.gateway': '007' })).replaceAll(',', ';'),
    ],
    ['JSON', 'json', JSON.stringify([acme])],
    ['JSON with a byte order mark', 'json', `\uFEFF${JSON.stringify({ orgs: [acme] })}`],
    [
      'YAML, where 007 stays text',
      'yaml',
      'orgs:\n- name: acme\n  stage: prod\n  credential: vault/acme\n  address: https://acme.my.salesforce.com/\n  configuration:\n    gateway: 007\n',
    ],
  ];
  for (const [what, format, text] of texts) {
    it(`may be ${what}`, () => {
      assert.deepEqual(parseInventory(text, format), oneOrg);
    });
  }

  it('may have cells with commas, quotes and line breaks, and what a spreadsheet takes for a formula stays text', () => {
    const text = `${head}\nacme,prod,,vault/acme,https://acme.my.salesforce.com,,"=1+1, ""two""\nlines"\n`;
    assert.equal(parseInventory(text, 'csv').orgs[0]?.configuration['gateway'], '=1+1, "two"\nlines');
  });

  it('has one stack for each org, and one for each shard', () => {
    const { stacks } = parseInventory(
      csv(
        line('Acme', { stage: 'uat', wave: '2' }),
        line('b1', { shard: 'eu-1' }),
        line('b2', { shard: 'eu-1' }),
      ),
      'csv',
    );
    assert.deepEqual(
      stacks.map(({ stack, stage, wave, orgs }) => ({
        stack,
        stage,
        wave,
        orgs: orgs.map(({ name }) => name),
      })),
      [
        { stack: 'acme', stage: 'uat', wave: 2, orgs: ['Acme'] },
        { stack: 'eu-1', stage: 'prod', wave: undefined, orgs: ['b1', 'b2'] },
      ],
    );
  });

  it('of 10,000 lines is read, and all of its faults are reported at once', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => line(`org-${index}`));
    assert.equal(parseInventory(csv(...lines), 'csv').stacks.length, 10_000);
    const wrong = lines.map((each, index) => (index % 2 === 0 ? each.replace('https:', 'http:') : each));
    assert.equal(faultsOf(csv(...wrong)).length, 5000);
  });

  const faults: readonly [string, string, string[]][] = [
    [
      'every fault of an entry',
      csv(line('a_b', { stage: '', credential: '-x', address: 'acme.my.salesforce.com', wave: 'first' })),
      [
        'line 2 (a_b): stage is missing',
        'line 2 (a_b): name "a_b" must have 1 to 100 letters, digits and hyphens, and neither begin nor end with a hyphen',
        'line 2 (a_b): wave "first" must be a number from 0 on',
        'line 2 (a_b): credential "-x" must have letters, digits and _ . / : @ -, and not begin with a hyphen',
        'line 2 (a_b): address "acme.my.salesforce.com" must be the address of an org, such as https://acme.my.salesforce.com',
      ],
    ],
    [
      'the same org under two names',
      csv(line('acme'), line('acme2', { address: 'https://ACME.my.salesforce.com/' })),
      ['line 3 (acme2): https://acme.my.salesforce.com is the org of another name, see line 2 (acme)'],
    ],
    [
      'names that are equal after lower-casing',
      csv(line('acme'), line('ACME', { address: 'https://other.my.salesforce.com' })),
      ['line 3 (ACME): its stack "acme" is the stack of another entry too, see line 2 (acme)'],
    ],
    [
      'a name used twice',
      csv(line('acme'), line('acme', { address: 'https://b.my.salesforce.com', credential: 'b' })),
      ['line 3 (acme): the name is used twice, see line 2 (acme)'],
    ],
    [
      'one credential for two orgs',
      csv(line('acme', { credential: 'all' }), line('beta', { credential: 'all' })),
      ['line 3 (beta): the credential all is used for two addresses, see line 2 (acme)'],
    ],
    [
      'a shard with the name of an org',
      csv(line('acme'), line('b1', { shard: 'acme' })),
      ['line 3 (b1): its stack "acme" is the stack of another entry too, see line 2 (acme)'],
    ],
    [
      'a shard whose orgs are in two stages or waves',
      csv(
        line('a', { shard: 's', wave: '1' }),
        line('b', { shard: 's', stage: 'uat', wave: '1' }),
        line('c', { shard: 's', wave: '2' }),
      ),
      [
        'line 3 (b): the orgs of the shard "s" are in the stages prod and uat, see line 2 (a)',
        'line 4 (c): the orgs of the shard "s" are in the waves 1 and 2, see line 2 (a)',
      ],
    ],
    [
      'a stage in which only some orgs name a wave',
      csv(line('a', { wave: '1' }), line('b')),
      ['line 3 (b): names no wave, but others of the stage prod do, see line 2 (a)'],
    ],
    [
      'a shard that is too large',
      csv(...Array.from({ length: 51 }, (_, index) => line(`o${index}`, { shard: 's' }))),
      ['line 2 (o0): the shard "s" has 51 orgs, at most 50 are allowed'],
    ],
    [
      'a line of another length',
      `${csv(line('acme'))}short,line\n`,
      ['line 3: has 2 cells, and the first line has 7'],
    ],
    [
      'a column twice',
      csv(line('acme')).replace('wave', 'name'),
      ['line 1: the column "name" is there twice'],
    ],
    ['no orgs', `${head}\n`, ['the whole file: has no orgs']],
  ];
  for (const [what, text, messages] of faults) {
    it(`is refused for ${what}`, () => {
      assert.deepEqual(messagesOf(text), messages);
    });
  }

  it('is refused for a credential, which no message shows', () => {
    const secrets = [
      '-----BEGIN RSA PRIVATE KEY-----',
      'force://a:b:c@d.my.salesforce.com',
      '00D000000000062!AQ.secret',
    ];
    for (const secret of secrets) {
      const messages = messagesOf(
        JSON.stringify([{ ...acme, credential: secret, configuration: { gateway: secret } }]),
        'json',
      );
      assert.deepEqual(messages, [
        'entry 1 (acme): credential is a credential',
        'entry 1 (acme): configuration.gateway is a credential. The inventory has references only',
      ]);
    }
  });

  it('is refused for settings of the provider that tell an org, columns that do not exist, and values that are no text', () => {
    const entry = {
      ...acme,
      stage: ['prod'],
      colour: 'red',
      configuration: { 'salesforce:clientId': 'x', a: {} },
    };
    assert.deepEqual(messagesOf(JSON.stringify([entry]), 'json'), [
      'entry 1 (acme): "colour" is not a column. There are: name, stage, wave, credential, address, configuration, shard',
      'entry 1 (acme): stage must be text',
      'entry 1 (acme): configuration.salesforce:clientId is not allowed: a key has letters, digits, _ and -, or is salesforce:apiVersion, salesforce:timeoutMinutes, salesforce:preview',
      'entry 1 (acme): configuration.a must be text, a number or true or false',
    ]);
  });

  for (const [format, text] of [
    ['json', '{'],
    ['yaml', 'a: [1'],
    ['csv', 'name,stage\n"acme'],
  ] as const) {
    it(`that is not ${format} is refused`, () => {
      assert.match(
        messagesOf(text, format)[0] ?? '',
        new RegExp(`^the whole file: is not ${format.toUpperCase()}: `),
      );
    });
  }

  it('that is no list is refused', () => {
    assert.deepEqual(messagesOf('{"acme":{}}', 'json'), [
      'the whole file: must be a list of orgs, or an object with a list "orgs"',
    ]);
    assert.deepEqual(messagesOf('["acme"]', 'json'), [
      'entry 1: must be an object with keys such as name, stage and address',
    ]);
  });
});

describe('readInventory', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inventory-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('reads a file by its extension', async () => {
    const file = join(folder, 'orgs.yml');
    await writeFile(file, `- ${JSON.stringify(acme)}`);
    assert.deepEqual(await readInventory({ file }), oneOrg);
  });

  it('refuses a file in another encoding, another extension, and one that is not there', async () => {
    const latin = join(folder, 'orgs.csv');
    await writeFile(latin, Buffer.from([0x6e, 0xe4, 0x6d, 0x65]));
    await assert.rejects(readInventory({ file: latin }), /cannot be read: it is not UTF-8/);
    await assert.rejects(readInventory({ file: join(folder, 'orgs.xlsx') }), /ENOENT/);
    await writeFile(join(folder, 'orgs.xlsx'), 'x');
    await assert.rejects(
      readInventory({ file: join(folder, 'orgs.xlsx') }),
      /must end with \.csv, \.json, \.yaml or \.yml/,
    );
  });

  it('runs a command without a shell, and reads the JSON that it prints', async () => {
    const script = `console.log(${JSON.stringify(JSON.stringify([acme]))}); if (process.argv[1] !== '$(id);') process.exit(9)`;
    assert.deepEqual(await readInventory({ command: [process.execPath, '-e', script, '$(id);'] }), oneOrg);
  });

  it('reports a command that fails with its error on one line', async () => {
    const command = [
      process.execPath,
      '-e',
      'console.error("no\\u001b[2J access\\n::error::x"); process.exit(3)',
    ];
    await assert.rejects(
      readInventory({ command }),
      /the inventory command: it ended with 3: no \[2J access ::error::x$/,
    );
  });
});

describe('compareWithLastRun', () => {
  const orgsOf = (...lines: string[]) => parseInventory(csv(...lines), 'csv').orgs;
  const last = orgsOf(line('acme'), line('beta'), line('gamma', { shard: 'eu' })).map(knownOrg);

  it('lists orgs that came and that left', () => {
    const { added, left, faults } = compareWithLastRun(
      last,
      orgsOf(line('acme'), line('gamma', { shard: 'eu' }), line('new')),
    );
    assert.deepEqual(
      { added, left, faults },
      {
        added: ['new'],
        left: [{ name: 'beta', stack: 'beta', address: 'https://beta.my.salesforce.com' }],
        faults: [],
      },
    );
  });

  it('refuses a name that changed, a name that became another org, and another shard', () => {
    const { faults, left } = compareWithLastRun(
      last,
      orgsOf(
        line('acme-new', { address: 'https://acme.my.salesforce.com' }),
        line('beta', { address: 'https://beta2.my.salesforce.com' }),
        line('gamma', { shard: 'us' }),
      ),
    );
    assert.deepEqual(left, []);
    assert.deepEqual(
      faults.map(({ where, message }) => `${where}: ${message}`),
      [
        'acme-new: https://acme.my.salesforce.com was in the stack acme as acme and would now be in acme-new, so two stacks would manage it. Destroy acme first, or keep the name',
        'beta: was https://beta.my.salesforce.com and is now https://beta2.my.salesforce.com, but its stack beta holds the settings of the other org. Destroy beta first, or give the new org a new name',
        'gamma: https://gamma.my.salesforce.com was in the stack eu and would now be in us, so two stacks would manage it. Destroy eu first, or keep the name',
      ],
    );
  });

  it('accepts a name in a shard that changed while the stack stays', () => {
    const orgs = orgsOf(line('gamma2', { shard: 'eu', address: 'https://gamma.my.salesforce.com' }));
    assert.deepEqual(compareWithLastRun(last, orgs).faults, []);
  });
});
