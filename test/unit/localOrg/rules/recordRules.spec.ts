import assert from 'node:assert/strict';
import type { LocalOrg } from '../../../../local-org/src/index.js';
import type { recordRules } from '../../../../local-org/src/rules/recordRules.js';
import { connect, globalType, policiesType, retrieveOne, soapCall, withOrg } from '../support/client.js';
import { checkRules } from './checkRules.js';

const pluginType = 'ExtlClntAppConfigurablePolicies';

/** A name of each type that has files here; a retrieve returns all of them. */
function eachType(org: LocalOrg): [type: string, fullName: string][] {
  const types = [
    'ExternalClientApplication',
    globalType,
    'ExtlClntAppOauthSettings',
    policiesType,
    pluginType,
  ];
  return types.map((type) => [type, org.componentNames(type)[0]!]);
}

async function read(org: LocalOrg, type: string, ...fullNames: string[]): Promise<string> {
  const names = fullNames.map((name) => `<met:fullNames>${name}</met:fullNames>`).join('');
  const content = `<met:type>${type}</met:type>${names}`;
  return (await soapCall(org, org.accessToken, 'readMetadata', content)).text();
}

/** The answer at an API version that has no plugin policies yet. */
function readAt59(org: LocalOrg): Promise<unknown> {
  return connect(org, '59.0').metadata.read(pluginType as never, org.componentNames(pluginType)[0]!);
}

function elements(xml: string): string[] {
  return [...xml.matchAll(/^ {4}<(\w+)/gm)].map(([, name]) => name!).sort();
}

function fieldsOf(record: object): string[] {
  return Object.keys(record)
    .filter((name) => !['$', 'fullName'].includes(name))
    .sort();
}

checkRules<keyof typeof recordRules>('rules of the local org on readMetadata', {
  recordLimit: async (org) => {
    const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `app_${index}`);
    const records = await connect(org).metadata.read(policiesType as never, names(10));
    assert.equal((records as unknown[]).length, 10);
    const message = 'record limit reached. cannot submit more than 10 records in this operation';
    const refused = { name: 'sf:EXCEEDED_ID_LIMIT', message: `EXCEEDED_ID_LIMIT: ${message}` };
    const { metadata } = connect(org);
    await assert.rejects(metadata.read(policiesType as never, names(11)), refused);
    const many = names(11).map((fullName) => ({ fullName })) as never[];
    await assert.rejects(metadata.update(policiesType as never, many), refused);
    await assert.rejects(metadata.upsert(policiesType as never, many), refused);
  },
  typesRead: async (org) => {
    for (const [type, fullName] of eachType(org)) {
      assert.match(
        await read(org, type, fullName),
        new RegExp(`<records xsi:type="${type}"><fullName>${fullName}<`),
      );
    }
    org.faults.change({ refuseReadMetadata: [policiesType, pluginType] });
    for (const [type, fullName] of eachType(org)) {
      const isRefused = (await read(org, type, fullName)).includes('<faultcode>sf:INVALID_TYPE<');
      assert.equal(isRefused, [policiesType, pluginType].includes(type), type);
      assert.ok(await retrieveOne(connect(org), type, fullName));
    }
  },
  unreadableType: async (org) => {
    const message = 'INVALID_TYPE: This type of metadata is not available for this organization';
    await assert.rejects(readAt59(org), { name: 'sf:INVALID_TYPE', message });
    await assert.rejects(connect(org).metadata.read('ApexClass', 'any'), { message });
  },
  unknownTypeRead: {
    on: async (org) => {
      const message = `UNKNOWN_EXCEPTION: ${pluginType} is not a valid metadata type for reading`;
      await assert.rejects(readAt59(org), { name: 'sf:UNKNOWN_EXCEPTION', message });
    },
    off: async (org) => {
      await assert.rejects(readAt59(org), { name: 'sf:INVALID_TYPE' });
    },
  },
  unloadableRecord: {
    on: async (org) => {
      org.faults.hideComponent('portal', 'loadFails');
      const answer = await read(org, policiesType, 'Partner_API', 'portal_defaultPolicy');
      assert.match(answer, /<faultcode>sf:UNKNOWN_EXCEPTION</);
      assert.match(await read(org, policiesType, 'Partner_API'), /<fullName>Partner_API</);
    },
    off: async (org) => {
      org.faults.hideComponent('portal', 'loadFails');
      const answer = await read(org, policiesType, 'Partner_API', 'portal_defaultPolicy');
      assert.match(answer, /<fullName>Partner_API<.*<records xsi:nil="true">/);
    },
  },
  wholeRecords: async (org) => {
    for (const [type, fullName] of eachType(org)) {
      const record = await connect(org).metadata.read(type as never, fullName);
      assert.deepEqual(fieldsOf(record), elements(await retrieveOne(connect(org), type, fullName)), type);
    }
    org.faults.change({ omitFromReadMetadata: ['callbackUrl', 'isNamedUserJwtEnabled'] });
    const [fullName] = org.componentNames(globalType);
    const retrieved = elements(await retrieveOne(connect(org), globalType, fullName!));
    assert.ok(['callbackUrl', 'isNamedUserJwtEnabled'].every((name) => retrieved.includes(name)));
    const record = await connect(org).metadata.read(globalType as never, fullName!);
    assert.deepEqual(
      fieldsOf(record),
      retrieved.filter((name) => !['callbackUrl', 'isNamedUserJwtEnabled'].includes(name)),
    );
  },
  recordsOfSchema: {
    on: async (org) => {
      assert.deepEqual(await readBesideUnknown(org), { inFile: true, inRecord: false, label: 'Ours' });
    },
    off: async (org) => {
      assert.deepEqual(await readBesideUnknown(org), { inFile: true, inRecord: true, label: 'Ours' });
    },
  },
});

describe('readMetadata of the local org', () => {
  it('takes as long as other requests', () =>
    withOrg(
      async (org) => {
        const start = performance.now();
        await read(org, policiesType, 'Partner_API');
        // A timer may end a millisecond early.
        assert.ok(performance.now() - start >= 99);
      },
      { latencyMs: 100 },
    ));
});

/** Whether an element that the WSDL does not have is in a file and in a record, with the value of one that it has. */
async function readBesideUnknown(
  org: LocalOrg,
): Promise<{ inFile: boolean; inRecord: boolean; label: unknown }> {
  const fullName = org.componentNames(policiesType)[0]!;
  const added = '    <isZebra>true</isZebra>\n    <label>Ours</label>\n</Extl';
  const xml = org
    .component(policiesType, fullName)!
    .replace(/ *<label>.*\n/, '')
    .replace('</Extl', added.trimStart());
  org.putComponent(policiesType, fullName, xml);
  const record = await connect(org).metadata.read(policiesType as never, fullName);
  return {
    inFile: (await retrieveOne(connect(org), policiesType, fullName)).includes('<isZebra>'),
    inRecord: 'isZebra' in record,
    label: (record as { label?: unknown }).label,
  };
}
