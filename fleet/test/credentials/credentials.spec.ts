import assert from 'node:assert/strict';
import type { FleetOrg } from '../../src/contract/stacks.js';
import {
  askCommand,
  CredentialsError,
  isReference,
  type CredentialsCommand,
} from '../../src/credentials/askCommand.js';
import { OtherAddressError } from '../../src/credentials/orgCredentials.js';
import { redact } from '../../src/credentials/redact.js';
import { ShardTooLargeError, stackEnvironment } from '../../src/credentials/stackEnvironment.js';

const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n';

/** A command that runs a script of Node.js. Its last argument or standard input is the reference. */
const script = (text: string, more: Partial<CredentialsCommand> = {}): CredentialsCommand => ({
  command: [process.execPath, '-e', text],
  passReferenceAs: 'argument',
  ...more,
});
const answers = (answer: unknown): CredentialsCommand =>
  script(`process.stdout.write(${JSON.stringify(JSON.stringify(answer))})`);

const org = (name: string, changes: Partial<FleetOrg> = {}): FleetOrg => ({
  name,
  stage: 'prod',
  credential: `vault/${name}`,
  address: `https://${name}.my.salesforce.com`,
  configuration: {},
  ...changes,
});
const stackOf = (...orgs: FleetOrg[]) => ({ stack: 'acme', stage: 'prod', orgs });

/** Answers for any reference `vault/<name>` with a key that is the name's. */
const vault = script(
  `const name = process.argv.at(-1).slice(6); process.stdout.write(JSON.stringify({ address: 'https://' + name + '.my.salesforce.com/', credentials: { clientId: 'id-' + name, username: 'u', privateKey: ${JSON.stringify(key)} } }))`,
);

describe('the command for credentials', () => {
  for (const passReferenceAs of ['argument', 'stdin'] as const) {
    it(`gets the reference as ${passReferenceAs}, without a shell`, async () => {
      const print = 'console.log(JSON.stringify({ got: [text, ...process.argv.slice(1)].join() }))';
      const text =
        passReferenceAs === 'argument'
          ? `const text = ''; ${print}`
          : `process.stdin.on('data', (line) => { const text = String(line).trim(); ${print} })`;
      const command = script(text, { passReferenceAs });
      const answer = await askCommand(command, 'a/b:c@d.e_f-g', process.env);
      const reference = 'a/b:c@d.e_f-g';
      assert.deepEqual(answer, { got: passReferenceAs === 'argument' ? `,${reference}` : reference });
    });
  }

  it('runs in the folder of the settings', async () => {
    const answer = await askCommand(
      script('console.log(JSON.stringify({ cwd: process.cwd() }))', { cwd: '/' }),
      'ref',
      process.env,
    );
    assert.deepEqual(answer, { cwd: '/' });
  });

  for (const reference of ['', '-x', '--help', 'a b', 'a;id', '$(id)', 'a\nb', 'ä', 'x'.repeat(513)]) {
    it(`is not asked for ${JSON.stringify(reference.slice(0, 20))}`, async () => {
      assert.equal(isReference(reference), false);
      const never = script('process.exit(0)');
      await assert.rejects(
        askCommand(never, reference, process.env),
        /cannot be a reference to credentials$/,
      );
    });
  }

  const failures: readonly [string, CredentialsCommand, RegExp][] = [
    [
      'ends with another code',
      script('console.error("no such secret"); process.exit(4)'),
      /: it ended with 4 \(no such secret\)$/,
    ],
    [
      'does not exist',
      { command: ['/nowhere/vault'], passReferenceAs: 'stdin' },
      /: it could not be started: .*ENOENT/,
    ],
    [
      'takes too long',
      script('setInterval(() => {}, 1000)', { timeoutMs: 300 }),
      /: it did not end within 0\.3 s$/,
    ],
    [
      'prints too much',
      script('setInterval(() => process.stdout.write("x".repeat(9999)), 1)', { mostOutput: 5000 }),
      /: it printed more than 5000 bytes$/,
    ],
    ['prints no JSON', script('console.log("secret-value")'), /: it did not print a JSON object$/],
    ['prints a list', answers(['secret-value']), /: it did not print a JSON object$/],
  ];
  for (const [what, command, message] of failures) {
    it(`fails if it ${what}, and the message has nothing of its output`, async () => {
      await assert.rejects(askCommand(command, 'ref', process.env), (error) => {
        assert.ok(error instanceof CredentialsError);
        assert.match(error.message, /^the command for credentials failed for ref: /);
        assert.match(error.message, message);
        assert.ok(!error.message.includes('secret-value'));
        return true;
      });
    });
  }

  it('may print an error that contains what it printed before: neither is shown, nor what looks like a credential', async () => {
    const command = script(
      `console.log('{"token":"hunter2-hunter2"}'); console.error('\\u001b[31mcannot use hunter2-hunter2 ${key.replaceAll('\n', '\\n')} 00D000000000062!AQ.x'); process.exit(1)`,
    );
    await assert.rejects(askCommand(command, 'ref', process.env), (error: Error) => {
      assert.match(error.message, /cannot use \[redacted\] \[redacted\] \[redacted\]\)$/);
      assert.ok(!error.message.includes('\u001b'));
      return true;
    });
  });

  it('is ended with its children', async () => {
    const parent = script(
      `const { spawn } = require('node:child_process'); spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000)`,
      { timeoutMs: 500 },
    );
    // The pipes close only when nobody holds them any more, so that the call would not return.
    await assert.rejects(askCommand(parent, 'ref', process.env), /did not end within/);
  });
});

describe('the environment of a stack', () => {
  it('of one org has its credentials in the variables of the provider, and in the one for several orgs', async () => {
    const { variables, secrets } = await stackEnvironment(
      { credentials: vault },
      stackOf(org('acme')),
      process.env,
    );
    const { SALESFORCE_ORGS, ...others } = variables;
    assert.deepEqual(others, {
      SALESFORCE_INSTANCE_URL: 'https://acme.my.salesforce.com',
      SALESFORCE_CLIENT_ID: 'id-acme',
      SALESFORCE_USERNAME: 'u',
      SALESFORCE_PRIVATE_KEY: key,
    });
    assert.deepEqual(JSON.parse(SALESFORCE_ORGS ?? ''), {
      acme: {
        clientId: 'id-acme',
        username: 'u',
        privateKey: key,
        instanceUrl: 'https://acme.my.salesforce.com',
      },
    });
    assert.ok(secrets.includes(key));
  });

  it('of a shard has the credentials of all orgs in one variable, with the settings of each', async () => {
    const orgs = [
      org('a', { shard: 's', configuration: { 'salesforce:apiVersion': '66.0', gateway: 'G' } }),
      org('b', { shard: 's' }),
    ];
    const { variables } = await stackEnvironment({ credentials: vault }, stackOf(...orgs), process.env);
    assert.deepEqual(Object.keys(variables), ['SALESFORCE_ORGS']);
    const entries = JSON.parse(variables['SALESFORCE_ORGS'] ?? '') as Record<string, Record<string, string>>;
    assert.deepEqual(entries['a'], {
      apiVersion: '66.0',
      clientId: 'id-a',
      username: 'u',
      privateKey: key,
      instanceUrl: 'https://a.my.salesforce.com',
    });
    assert.equal(entries['b']?.['clientId'], 'id-b');
  });

  it('is refused if the credentials are for another address than the inventory says', async () => {
    const stack = stackOf(org('acme', { address: 'https://other.my.salesforce.com' }));
    await assert.rejects(stackEnvironment({ credentials: vault }, stack, process.env), (error) => {
      assert.ok(error instanceof OtherAddressError);
      assert.equal(
        error.message,
        'the credentials of vault/acme are for https://acme.my.salesforce.com, but the inventory says that acme is https://other.my.salesforce.com',
      );
      return true;
    });
  });

  const address = 'https://acme.my.salesforce.com';
  for (const [what, answer, message] of [
    ['no address', { credentials: { accessToken: 'secret-value' } }, /has no address of an org$/],
    [
      'a damaged address',
      { address: 'acme', credentials: { accessToken: 'secret-value' } },
      /has no address of an org$/,
    ],
    ['no credentials', { address }, /has no object "credentials"$/],
    ['empty credentials', { address, credentials: {} }, /has no credentials$/],
    [
      'an unknown key',
      { address, credentials: { 'secret-value': 'x' } },
      /has credentials with an unknown key\. There are: clientId, /,
    ],
    [
      'an address among the credentials',
      { address, credentials: { instanceUrl: 'https://evil.example' } },
      /unknown key/,
    ],
    [
      'a value that is no text',
      { address, credentials: { accessToken: ['secret-value'] } },
      /whose accessToken is not text$/,
    ],
  ] as const) {
    it(`is refused for an answer with ${what}, without showing a value`, async () => {
      await assert.rejects(
        stackEnvironment({ credentials: answers(answer) }, stackOf(org('acme')), process.env),
        (error) => {
          assert.ok(error instanceof CredentialsError, String(error));
          assert.match(error.message, message);
          assert.ok(!error.message.includes('secret-value'));
          return true;
        },
      );
    });
  }

  it('of a shard whose credentials do not fit into a variable is refused', async () => {
    const large = script(
      `console.log(JSON.stringify({ address: ${JSON.stringify(address)}, credentials: { privateKey: 'x'.repeat(140000) } }))`,
    );
    await assert.rejects(
      stackEnvironment({ credentials: large }, stackOf(org('acme')), process.env),
      ShardTooLargeError,
    );
  });

  it('has the passphrase, or the secrets provider, that a second command answers for the stack', async () => {
    const byName = script(
      'console.log(JSON.stringify({ passphrase: "of " + process.argv.at(-1) + ", long" }))',
    );
    const { variables, secrets } = await stackEnvironment(
      { credentials: vault, stackSecrets: byName },
      stackOf(org('acme')),
      process.env,
    );
    assert.equal(variables['PULUMI_CONFIG_PASSPHRASE'], 'of acme, long');
    assert.ok(secrets.includes('of acme, long'));
    const kms = answers({ secretsProvider: 'awskms://alias/fleet?region=eu-central-1' });
    const environment = await stackEnvironment(
      { credentials: vault, stackSecrets: kms },
      stackOf(org('acme')),
      process.env,
    );
    assert.equal(environment.secretsProvider, 'awskms://alias/fleet?region=eu-central-1');
    assert.equal(environment.variables['PULUMI_CONFIG_PASSPHRASE'], undefined);
    for (const wrong of [{}, { passphrase: 7 }, { secretsProvider: '--force' }]) {
      await assert.rejects(
        stackEnvironment(
          { credentials: vault, stackSecrets: answers(wrong) },
          stackOf(org('acme')),
          process.env,
        ),
        CredentialsError,
      );
    }
  });
});

describe('redact', () => {
  it('takes out a secret, each of its lines, and its form in JSON', () => {
    const secret = 'first-line\nsecond-line';
    assert.equal(
      redact(`a ${secret} b second-line c ${JSON.stringify(secret)}`, [secret]),
      'a [redacted] b [redacted] c "[redacted]"',
    );
  });

  it('leaves words alone that a short secret is part of', () => {
    assert.equal(redact('the stack', ['st']), 'the stack');
  });

  it('takes out what looks like a credential', () => {
    assert.equal(
      redact(`${key} eyJhbGciOi.eyJpc3MiOi.sig 00D000000000062!AQ.x force://a:b:c@d x`, []),
      '[redacted]\n [redacted] [redacted] [redacted] x',
    );
  });
});
