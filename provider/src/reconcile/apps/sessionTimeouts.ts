import { reasonOf } from '../../errors.js';
import type { SessionTimeouts } from '../../policy/tokenLifetime.js';
import { decodeComponent, elementText, parseComponent } from '../../components/componentXml.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { orgText } from '../../org/orgText.js';
import { locateElements } from '../../components/strictXml.js';
import { RetrieveMessages } from '../snapshot/retrieveMessages.js';

/**
 * The members to retrieve for the session timeouts: one component for each profile that has its own timeout (40.0 and later, by
 * wildcard), and the org's security settings (Metadata API Developer Guide).
 */
export const sessionSettingsMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ['ProfileSessionSetting', ['*']],
  ['Settings', ['Security']],
]);

const profileFile = /(?:^|\/)profileSessionSettings\/[^/]+\.profileSessionSetting$/;
const orgFile = /(?:^|\/)settings\/Security\.settings$/;

/** The values of `sessionSettings/sessionTimeout`, in minutes (Metadata API Developer Guide, SecuritySettings). */
const orgTimeouts: ReadonlyMap<string, number> = new Map([
  ['FifteenMinutes', 15],
  ['ThirtyMinutes', 30],
  ['SixtyMinutes', 60],
  ['NinetyMinutes', 90],
  ['TwoHours', 120],
  ['FourHours', 240],
  ['EightHours', 480],
  ['TwelveHours', 720],
  ['TwentyFourHours', 1440],
]);

/** The minutes that `sessionTimeout` 0 of a profile means (Metadata API Developer Guide, ProfileSessionSetting). */
const minutesOfZero = 120;

/** What a retrieve of {@link sessionSettingsMembers} returned. */
export interface RetrievedSessionSettings {
  files: ReadonlyMap<string, Uint8Array>;
  /** The org's messages, for example about a type that it does not support. */
  messages: readonly string[];
}

/**
 * Reads the session timeouts. Values that the org does not return are unknown, never a default, and cause no error: the user may lack the
 * permission. Only a list, which costs one request, proves that no profile has a timeout of its own.
 */
export async function readSessionTimeouts(
  retrieved: RetrievedSessionSettings,
  connection: Pick<OrgConnection, 'read'>,
): Promise<SessionTimeouts> {
  const reasons: string[] = [];
  const readOrExplain = async <T>(read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (thrown) {
      reasons.push(reasonOf(thrown));
      return undefined;
    }
  };
  const orgMinutes = await readOrExplain(() => readOrgMinutes(retrieved));
  const profileMinutes = await readOrExplain(() => readProfileMinutes(retrieved, connection));
  return {
    orgMinutes,
    profileMinutes,
    unknownReason: reasons.length === 0 ? undefined : reasons.join('; '),
  };
}

function readOrgMinutes({ files, messages }: RetrievedSessionSettings): number {
  const [bytes] = filesAt(files, orgFile);
  if (bytes === undefined) {
    throw new Error(notReturned('Settings', messages));
  }
  const xml = decodeComponent(bytes);
  const section = locateElements(xml).elements.find(({ name }) => name === 'sessionSettings');
  const value =
    section && elementText(parseComponent(xml.slice(section.start, section.end)), 'sessionTimeout')?.trim();
  const minutes = orgTimeouts.get(value ?? '');
  if (minutes === undefined) {
    throw new Error(
      value === undefined
        ? 'the Settings of the org contain no sessionTimeout'
        : `the sessionTimeout of the org is "${value}", which this release does not support`,
    );
  }
  return minutes;
}

async function readProfileMinutes(
  { files, messages }: RetrievedSessionSettings,
  connection: Pick<OrgConnection, 'read'>,
): Promise<Readonly<Record<string, number>>> {
  const returned = filesAt(files, profileFile);
  if (new RetrieveMessages(messages).about('ProfileSessionSetting') !== undefined) {
    throw new Error(notReturned('ProfileSessionSetting', messages));
  }
  if (returned.length === 0) {
    const listed = await connection.read((api) => api.listMetadata(['ProfileSessionSetting']));
    if (listed.length > 0) {
      throw new Error(notReturned('ProfileSessionSetting', messages));
    }
  }
  const minutesByProfile = new Map<string, number>();
  for (const bytes of returned) {
    const setting = parseComponent(decodeComponent(bytes));
    const profile = orgText(elementText(setting, 'profile')?.trim() ?? '');
    const timeout = elementText(setting, 'sessionTimeout')?.trim();
    if (timeout === undefined) {
      continue;
    }
    if (!/^\d+$/.test(timeout)) {
      throw new Error(
        `the sessionTimeout of the profile "${profile}" is "${timeout}", which is not a number`,
      );
    }
    // It is not documented which of two settings of one profile applies, so the longer one is reported.
    const minutes = Math.max(Number(timeout) || minutesOfZero, minutesByProfile.get(profile) ?? 0);
    minutesByProfile.set(profile, minutes);
  }
  return Object.fromEntries(minutesByProfile);
}

const filesAt = (files: RetrievedSessionSettings['files'], path: RegExp): Uint8Array[] =>
  [...files].filter(([name]) => path.test(name)).map(([, bytes]) => bytes);

function notReturned(type: string, messages: readonly string[]): string {
  const words = new RetrieveMessages(messages).about(type);
  return `the org did not return ${type}${words === undefined ? '' : ` (${words})`}`;
}
