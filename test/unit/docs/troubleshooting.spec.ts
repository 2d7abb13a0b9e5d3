import assert from 'node:assert/strict';
import { join } from 'node:path';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { isListItem, leadingCode, parsePage, readPage, type Page } from '../../support/pages.js';
import { collectMessages, messagesIn, textOf, type SourceMessage } from './sourceMessages.js';

/** Texts of the source that are no message of the provider, and why. Each must be there still. */
const noMessages: readonly { file: RegExp; text?: RegExp; why: string }[] = [
  {
    file: /./,
    text: /^SELECT |^WHERE CheckOnly|^(?:Status IN|CompletedDate|CreatedById) /,
    why: 'a query, or a part of one',
  },
  { file: /^reconcile\/snapshot\.ts$/, text: /^not asked yet/, why: 'caught where plans are made' },
  { file: /^components\/packageZip\.ts$/, text: /^<\?xml|^<Package/, why: 'the package.xml that is sent' },
  { file: /^org\/errors\.ts$/, text: /^\[/, why: 'stands in place of a secret' },
  {
    file: /^signIn\/signInWays\.ts$/,
    text: /^(?:JWT bearer|client credentials|access token|SFDX auth URL|Salesforce CLI)$/,
    why: 'the name of a way to sign in',
  },
  { file: /^signIn\/signInWays\.ts$/, text: /^pulumi config set/, why: 'a command within a message' },
  { file: /^run\/plainSecrets\.ts$/, text: /^pulumi config set/, why: 'a command within a message' },
  { file: /^org\/httpTransport\.ts$/, text: /^too large$/, why: 'caught where it is thrown' },
  {
    file: /^org\/metadata(?:Api|Answers)\.ts$/,
    text: /^(?:tooling query|an entry)$/,
    why: 'a name within a message',
  },
  { file: /^policy\/validation\.ts$/, text: /^the text "<…>"$/, why: 'how a value is shown' },
  { file: /^lifecycle\/checkInputs\.ts$/, text: /^in org "/, why: 'a name within a message' },
  { file: /^lifecycle\/checkInputs\.ts$/, text: /^org is$/, why: 'the beginning of a message, looked for' },
  {
    file: /^commandLine\/commands\/export\.ts$/,
    text: /^(?:Org |Not declared|Apps without|Next, in|pulumi |or, without)/,
    why: 'what export says when it has done its work',
  },
  { file: /^commandLine\/exitCodes\.ts$/, why: 'help of the commands' },
  {
    file: /^commandLine\/commands\//,
    text: /^(?:Runs the program|Signs in with|<…> Changes nothing|The app is told)/,
    why: 'help of the commands',
  },
  { file: /^reports\/drift\/format\w+\.ts$/, why: 'the form of the report' },
  {
    file: /^reports\/drift\/describeDrift\.ts$/,
    text: /^not (?:applied yet|known)$|was last modified/,
    why: 'the form of the report',
  },
  { file: /^reports\/drift\/lastModified\.ts$/, text: /^the org$/, why: 'a name within a message' },
  {
    file: /^reports\/audit\/(?:format|describe)\w+\.ts$/,
    text: /^(?!unknown, so that)/,
    why: 'the form of the report',
  },
  {
    file: /^reports\/audit\/findings\.ts$/,
    text: /^(?:(?:named|guest) users|the org does not show it)$/,
    why: 'a name within a message',
  },
  {
    file: /^commandLine\/environmentConfiguration\.ts$/,
    text: /^Signs in with/,
    why: 'help of the commands',
  },
  { file: /^reports\/doctor\//, why: 'what the report says of an app: docs/doctor.md' },
  { file: /^reports\/format\//, why: 'the form of the reports' },
  {
    file: /^policy\/tokenLifetime\.ts$/,
    text: /^(?:if the app issues|session timeout of the)/,
    why: 'where a lifetime comes from, in a report',
  },
  {
    file: /^reports\/token\/compareToken\.ts$/,
    text: /^token format$|^the token is <…>; |as isNamedUserJwtEnabled says|, as the settings say|^the org does not show/,
    why: 'what the report says of a token that is as it should be',
  },
  {
    file: /^reports\/token\/credentials\.ts$/,
    text: /^the token of the app$/,
    why: 'a name within a message',
  },
  { file: /^reports\/token\/(?:formatText|verifySignature)\.ts$/, why: 'the form of the report' },
  { file: /^reports\/export\/exportFiles\.ts$/, why: 'the program that export writes' },
];

const everyMessage = collectMessages(join(repositoryFolder, 'provider/src'));
const messages = everyMessage.filter((message) => !noMessages.some((entry) => fits(entry, message)));

function fits({ file, text }: (typeof noMessages)[number], message: SourceMessage): boolean {
  return file.test(message.file) && (text?.test(textOf(message).trim()) ?? true);
}

/** The messages that a page lists: the list items that begin with code. */
const listedOn = (page: Page): string[] =>
  page.tokens.filter(isListItem).flatMap((item) => leadingCode(item) ?? []);

/** Whether a listed message holds the fixed words of one of the source, in order. */
function holds(listed: string, { parts }: SourceMessage): boolean {
  let position = 0;
  return parts.every((part) => {
    const words = part.replace(/\s+/g, ' ').trim();
    const found = listed.indexOf(words, position);
    position = found + words.length;
    return found >= 0;
  });
}

const where = (message: SourceMessage): string =>
  `provider/src/${message.file}:${message.line} ${textOf(message)}`;

describe('docs/troubleshooting.md', () => {
  const listed = listedOn(readPage('docs/troubleshooting.md'));

  it('lists every message of the provider, with its words', () => {
    const missing = messages.filter((message) => !listed.some((text) => holds(text, message)));
    assert.deepEqual(missing.map(where), []);
  });

  it('lists no message that the provider does not have', () => {
    assert.deepEqual(
      listed.filter((text) => !messages.some((message) => holds(text, message))),
      [],
    );
  });

  it('leaves out what is no message, and nothing that is not there any more', () => {
    const stale = noMessages.filter((entry) => !everyMessage.some((message) => fits(entry, message)));
    assert.deepEqual(stale, []);
  });
});

describe('a message on a page', () => {
  const message: SourceMessage = {
    file: 'a.ts',
    line: 1,
    parts: ['deploy ', ' was not done after ', ' minutes'],
  };
  const listed = (text: string): string[] => listedOn(parsePage('page.md', text));

  it('is the code that a list item begins with, and holds the words of the source in their order', () => {
    const [text = ''] = listed(
      '- `deploy <id> was not done after <number> minutes`: too long a queue\n- see `x`\n',
    );
    assert.equal(text, 'deploy <id> was not done after <number> minutes');
    assert.equal(holds(text, message), true);
    assert.equal(holds('deploy <id> minutes was not done after <number>', message), false);
    assert.equal(holds('deploy <id> was not ready after <number> minutes', message), false);
  });
});

describe('the messages of a source file', () => {
  const textsIn = (text: string): string[] => messagesIn('a.ts', text).map(textOf);

  it('are whole where they are put together, and each where one of two is chosen', () => {
    const source =
      "throw new Error(`the app ${name} is ` + (isOff ? 'turned off here' : `not in ${org} yet`) + ': look ' + 'again');";
    assert.deepEqual(textsIn(source), [
      'the app <…> is <…>: look again',
      'turned off here',
      'not in <…> yet',
    ]);
  });

  it('do not hold what is no sentence, nor the help of commands', () => {
    const source = [
      "import { a } from 'not a message';",
      "new Command('drift').description('compares the org').option('--out <x>', 'a folder', (text) => fail('no such folder'));",
      "const word = 'word' + `${1}:`;",
    ].join('\n');
    assert.deepEqual(textsIn(source), ['no such folder']);
  });
});
