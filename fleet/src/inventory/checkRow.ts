import type { FleetOrg } from '../contract/stacks.js';
import { isReference } from '../credentials/askCommand.js';
import type { Fault } from './fault.js';
import { oneLine } from '../oneLine.js';
import { orgAddress } from '../orgAddress.js';
import { isRecord, type Row } from './parseRows.js';

/** What an entry may have. */
const columns = ['name', 'stage', 'wave', 'credential', 'address', 'configuration', 'shard'] as const;
type Column = (typeof columns)[number];

/** The settings of the provider that an inventory may contain: those that tell no org and no person. */
const providerSettings: readonly string[] = [
  'salesforce:apiVersion',
  'salesforce:timeoutMinutes',
  'salesforce:preview',
];

/**
 * Names of stacks that every state backend takes: PostgreSQL's fails for an underscore, and file systems that ignore case mix up
 * capital letters.
 */
const stackName = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/;
const stackNameRule =
  'must have 1 to 100 letters, digits and hyphens, and neither begin nor end with a hyphen';

const stageName = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** Text that is a credential and not a reference to one. */
const credentialText = /-----BEGIN|^force:\/\/|^00D\w{12,15}!|^eyJ[\w-]+\.eyJ/;

/** An entry of the inventory. */
export interface CheckedRow {
  readonly where: string;
  readonly org: FleetOrg;
}

/** Checks one entry by itself. */
export function checkRow({ where, values }: Row): { org?: FleetOrg; faults: readonly Fault[] } {
  const { name: given } = values;
  const isShown = typeof given === 'string' && given !== '' && !credentialText.test(given);
  const place = isShown ? `${where} (${oneLine(given)})` : where;
  const faults: Fault[] = [];
  const complain = (message: string): void => {
    faults.push({ where: place, message });
  };
  for (const key of Object.keys(values).filter((name) => !isColumn(name))) {
    complain(`"${oneLine(key)}" is not a column. There are: ${columns.join(', ')}`);
  }
  const text = (column: Column): string | undefined => {
    const value = values[column];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    complain(`${column} must be text`);
    return undefined;
  };
  const required = (column: Column): string => {
    const value = text(column);
    if (value === undefined && (values[column] ?? '') === '') complain(`${column} is missing`);
    return value ?? '';
  };
  const checked = (
    column: Column,
    value: string | undefined,
    test: (value: string) => boolean,
    rule: string,
  ): void => {
    if (value === undefined || value === '' || test(value)) return;
    complain(
      credentialText.test(value) ? `${column} is a credential` : `${column} "${oneLine(value)}" ${rule}`,
    );
  };
  const name = required('name');
  const stage = required('stage');
  const credential = required('credential');
  const givenAddress = required('address');
  const [wave, shard] = [text('wave'), text('shard')];
  const address = orgAddress(givenAddress);
  checked('name', name, (value) => stackName.test(value.toLowerCase()), stackNameRule);
  checked('shard', shard, (value) => stackName.test(value.toLowerCase()), stackNameRule);
  checked('stage', stage, (value) => stageName.test(value), 'must have 1 to 64 of a-z, 0-9 and hyphens');
  checked('wave', wave, (value) => /^\d{1,6}$/.test(value), 'must be a number from 0 on');
  checked(
    'credential',
    credential,
    (value) => isReference(value) && !credentialText.test(value),
    'must have letters, digits and _ . / : @ -, and not begin with a hyphen',
  );
  checked(
    'address',
    givenAddress,
    () => address !== undefined,
    'must be the address of an org, such as https://acme.my.salesforce.com',
  );
  const configuration = checkConfiguration(values['configuration'], complain);
  if (faults.length > 0) return { faults };
  return {
    faults,
    org: {
      name,
      stage,
      ...(wave === undefined ? {} : { wave: Number(wave) }),
      credential,
      address: address ?? '',
      configuration,
      ...(shard === undefined ? {} : { shard }),
    },
  };
}

function checkConfiguration(value: unknown, complain: (message: string) => void): Record<string, string> {
  if (value === undefined || value === null || value === '') return {};
  if (!isRecord(value)) {
    complain('configuration must be an object');
    return {};
  }
  const entries = Object.entries(value).map(([key, setting]) => {
    const isText = typeof setting === 'string' || typeof setting === 'number' || typeof setting === 'boolean';
    if (!/^[A-Za-z][\w-]{0,99}$/.test(key) && !providerSettings.includes(key)) {
      complain(
        `configuration.${oneLine(key)} is not allowed: a key has letters, digits, _ and -, or is ${providerSettings.join(', ')}`,
      );
    } else if (!isText) {
      complain(`configuration.${key} must be text, a number or true or false`);
    } else if (credentialText.test(String(setting))) {
      complain(`configuration.${key} is a credential. The inventory has references only`);
    }
    return [key, isText ? String(setting) : ''] as const;
  });
  return Object.fromEntries(entries);
}

const isColumn = (name: string): name is Column => columns.some((column) => column === name);
