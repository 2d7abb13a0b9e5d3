/**
 * The command for credentials of the demo: `node credentials.mjs org|stack`, with a reference on standard input. It knows the local orgs
 * that are running; yours asks your secret manager.
 */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

const folder = new URL('.eca-fleet/', import.meta.url);
const reference = (await text(process.stdin)).trim();

if (process.argv[2] === 'stack') {
  const passphrase = (await readFile(new URL('passphrase', folder), 'utf8')).trim();
  console.log(JSON.stringify({ passphrase }));
} else {
  const orgs = JSON.parse(await readFile(new URL('local-orgs.json', folder), 'utf8'));
  const org = orgs.find(({ name }) => name === reference);
  if (org === undefined) {
    // One line: the status of the roll-out quotes it.
    console.error('no org of that name is running');
    process.exitCode = 1;
  } else {
    const { address, clientId, username, privateKey } = org;
    console.log(JSON.stringify({ address, credentials: { clientId, username, privateKey } }));
  }
}
