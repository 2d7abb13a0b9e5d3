import type { LocalOrg } from 'salesforce-local-org';

/** What an error is measured by. */
export interface ErrorContext {
  org: LocalOrg;
  /** The key of `salesforce:orgs` under which the org is configured. */
  alias: string;
  app: string;
  /** Whether the app's components are as they were when the command began. */
  isUnchanged: boolean;
  /** Whether it carries an id and properties; `undefined` for delete and read, where the engine keeps the resource anyway. */
  carriesState: boolean | undefined;
}

const saysUnchanged = 'The org was not changed';

/** The call waited for an earlier deploy and changed nothing itself, so it has no state to return. */
const saysNotChangedOtherwise = 'The app was not changed, unless by the deploy that was waited for';

/** One code, at the beginning: `[ECA1203]`. */
const beginsWithItsCode = /^\[ECA\d{4}\] (?![^]*\[ECA\d)/;

/** The settings as they were read after the deploy, or that they are not known. */
const saysWhatIsKnown = /unknown whether|not known|is [^;,]+, expected/;

const saysWhatToDo =
  /[Rr]un pulumi up|[Rr]epeat the command|[Rr]epeat this command|[Rr]un the command again|[Rr]un pulumi refresh/;

type Forbidden = readonly (readonly [RegExp, string])[];

const secrets: Forbidden = [
  [/00D\w{12,15}!/, 'an access token'],
  [/\beyJ[\w-]{8,}\.[\w-]+/, 'a JSON Web Token'],
  [/PRIVATE KEY/, 'a private key'],
  [/assertion=/, 'an assertion'],
];

/** What nobody should see in what the provider says or stores. */
const blemishes: Forbidden = [
  [/\n\s+at |\.js:\d+/, 'a stack trace'],
  [/\bundefined\b|\[object |\bnull\b|\bNaN\b/, 'a value that is no text'],
];

/** What is wrong with an error's message; empty when nothing is. */
export function judgeError(message: string, context: ErrorContext): string[] {
  const { org, alias, app, isUnchanged, carriesState } = context;
  const claimsUnchanged = message.includes(saysUnchanged);
  const claimsNoChange = claimsUnchanged || message.includes(saysNotChangedOtherwise);
  const faults = [
    beginsWithItsCode.test(message) ? undefined : 'it does not begin with one code',
    message.includes(`"${app}"`) ? undefined : 'it does not name the app',
    message.includes(`"${alias}"`) ? undefined : 'it does not name the org',
    claimsNoChange || saysWhatIsKnown.test(message)
      ? undefined
      : 'it does not say whether the org was changed',
    claimsUnchanged && !isUnchanged ? 'it says that the org is unchanged, which it is not' : undefined,
    claimsNoChange && carriesState === true
      ? 'it says that the org is unchanged, but carries a state'
      : undefined,
    !claimsNoChange && carriesState === false ? 'the org may be changed, but it carries no state' : undefined,
    saysWhatToDo.test(message) ? undefined : 'it does not say what to do',
    ...blemishesIn(message, org).map((blemish) => `it holds ${blemish}`),
  ];
  return faults.filter((fault) => fault !== undefined);
}

/** The kinds of secrets in a text: tokens, keys, assertions. */
export function secretsIn(text: string, org: LocalOrg): string[] {
  const known = org.users.some(({ accessToken }) => text.includes(accessToken))
    ? ['an access token of the org']
    : [];
  return [...known, ...namesOf(secrets, text)];
}

/** The kinds of secrets, stack traces and values that were no text in a text. */
export function blemishesIn(text: string, org: LocalOrg): string[] {
  return [...secretsIn(text, org), ...namesOf(blemishes, text)];
}

const namesOf = (forbidden: Forbidden, text: string): string[] =>
  forbidden.filter(([pattern]) => pattern.test(text)).map(([, name]) => name);
